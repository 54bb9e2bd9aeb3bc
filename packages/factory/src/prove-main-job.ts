// The main job, proved on a running platform: words to the builder, agents from it, answers from their own sessions.

import { findRuntime } from '@agentworks/sdk/agent-runtimes'
import { isNamed, memoryClient } from '@agentworks/sdk/memory'
import { type PlatformAccess, type PlatformClients, platformClients } from '#platform/clients.js'
import { answerText, invokeRuntime, stopSession } from '#platform/invocation.js'

/** A step of the proof that did not hold. */
export class ProofFailed extends Error {
  override readonly name = 'ProofFailed'
}

export interface ProofOptions extends PlatformAccess {
  newSessionId(label: string): string
  signal?: AbortSignal
}

export interface MainJobOptions extends ProofOptions {
  /** Also that one agent recalls what another was told. The platform's own model learns, so only where nothing is spent by it. */
  withMemory?: boolean
}

/**
 * Yields the transcript line by line; throws ProofFailed at the first step that does not hold. Always rehearses on the
 * offline model: a key that happens to be there is never spent. Leaves the two agents deployed.
 */
export async function* proveMainJob({ newSessionId, signal, withMemory = false, ...access }: MainJobOptions): AsyncGenerator<string> {
  const clients = platformClients(access)
  const ask = asking(clients, { newSessionId, signal })
  try {
    yield* ask('builder', 'Create an agent called GreeterBot that welcomes users', async () => {
      if (!(await isReady(clients, 'GreeterBot'))) throw new ProofFailed('the builder answered, but there is no READY runtime GreeterBot')
    })
    yield* ask('GreeterBot', 'Hello! My name is Ada.', (answer) => {
      if (answer.trim() === '') throw new ProofFailed('GreeterBot answered nothing')
    })
    yield* ask('builder', 'Create an agent called MathBot that does arithmetic with the calculator tool', async () => {
      if (!(await isReady(clients, 'MathBot'))) throw new ProofFailed('the builder answered, but there is no READY runtime MathBot')
    })
    yield* ask('MathBot', 'what is 42 * 137?', (answer) => {
      if (!/\b5,?754\b/.test(answer)) throw new ProofFailed(`MathBot should have said 5754, and said: ${answer}`)
    })
    if (withMemory) yield* sharedMemory(access, ask)
  } finally {
    clients.destroy()
  }
}

const ada = { actorId: 'ada', rehearse: false }

async function* sharedMemory(access: PlatformAccess, ask: ReturnType<typeof asking>): AsyncGenerator<string> {
  using memories = memoryClient(access)
  const memory = (await memories.listMemories()).find((one) => isNamed(one, 'agentworks_factory'))
  if (!memory?.id) throw new ProofFailed('the factory has no memory')
  yield* ask('GreeterBot', 'I like sushi with tuna.', () => undefined, ada)
  await memories.sessionManager(memory.id).waitForMemories({ namespace: '/preferences/ada/' }, { timeoutMs: 30_000 })
  yield* ask(
    'MathBot',
    'Recall what I like.',
    (answer) => {
      if (!/sushi/i.test(answer)) throw new ProofFailed(`MathBot should have recalled what GreeterBot was told, and said: ${answer}`)
    },
    ada,
  )
}

type Check = (answer: string) => void | Promise<void>

function asking(clients: PlatformClients, { newSessionId, signal }: Pick<ProofOptions, 'newSessionId' | 'signal'>) {
  return async function* ask(name: string, prompt: string, check: Check, more: object = {}): AsyncGenerator<string> {
    const runtime = await findRuntime(clients.control, name)
    if (!runtime) throw new ProofFailed(`there is no runtime named ${name}`)
    yield `you -> ${name}: ${prompt}`
    const startedAt = performance.now()
    const session = { agentRuntimeArn: runtime.agentRuntimeArn, runtimeSessionId: newSessionId('proof') }
    try {
      const text = await answerText(await invokeRuntime(clients.data, { ...session, payload: { prompt, rehearse: true, ...more }, signal }))
      await check(text)
      yield `${name} -> you: ${text.trim()}`
      yield `  (session ${session.runtimeSessionId}, ${Math.round(performance.now() - startedAt)} ms)`
    } finally {
      await stopSession(clients.data, session)
    }
  }
}

async function isReady({ control }: PlatformClients, name: string): Promise<boolean> {
  return (await findRuntime(control, name))?.status === 'READY'
}
