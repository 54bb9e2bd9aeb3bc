// One running container as the sandbox port sees it.
import { constants } from 'node:os'
import { setTimeout as delay } from 'node:timers/promises'
import type { AgentSocket } from '#adapters/sandbox/agent-socket.js'
import { endExactly, type ProcessIdentity } from '#adapters/sandbox/process-identity.js'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Instance, InstanceExit } from '#ports/sandbox.js'
import { executeInContainer } from './container-execution.js'
import type { ContainerNetwork } from './container-network.js'
import { type Engine, EngineRefusal } from './engine.js'

export interface ContainerFacts {
  State: { Running: boolean; Pid: number; ExitCode: number; OOMKilled: boolean; Error: string }
  HostConfig: { Memory: number }
}

export interface ContainerParts {
  engine: Engine
  id: string
  pid: number
  /** Its first process on this host; `undefined` when that had ended at the first look. */
  process: ProcessIdentity | undefined
  stopSignal: string
  /** From `containerEnd`. */
  ended: Promise<InstanceExit>
  /** Resolves when the last line of output has been told. */
  outputEnded: Promise<void>
  network: ContainerNetwork
  socket: AgentSocket
  clock: Clock
  removePlace(): Promise<void>
}

/** What is still in the engine's pipes when the agent has ended gets this long to arrive. */
const lastWordsMs = 1_000

export function containerInstance(parts: ContainerParts): Instance {
  const { engine, id, process, clock, socket, network } = parts
  const gone = new AbortController()
  let isEnding = false
  const { promise: forced, resolve: force } = Promise.withResolvers<InstanceExit>()
  const agentEnded = Promise.race([parts.ended, forced]).then(async (exit) => {
    await Promise.race([parts.outputEnded, delay(lastWordsMs, undefined, { ref: false })])
    gone.abort(new PortError('sandbox', 'exited', `the agent ended before it listened on its port: ${exitText(exit)}`))
    return exit
  })
  const exited = agentEnded.then(async (exit) => {
    isEnding = true
    socket.close()
    // What resists must not hide that the agent has ended; `endOrphans` comes by again.
    await removeContainer(engine, id).catch(() => {})
    await network.ended()
    await parts.removePlace().catch(() => {})
    return exit
  })
  // A forwarder that died would leave an agent that nobody reaches.
  const { forwarder } = network
  const withoutForwarder = () => void (isEnding || kill(engine, id, 'SIGKILL'))
  if (forwarder.exitCode === null && forwarder.signalCode === null) forwarder.once('exit', withoutForwarder)
  else withoutForwarder()

  /** An engine that does not tell the end must not keep a session from ending: with its first process all of the container ends. */
  const end = async () => {
    await Promise.race([kill(engine, id, 'SIGKILL'), delay(1_000, undefined, { ref: false })])
    if (process) await endExactly(process)
    clock.after(2_000, () => force({ code: null, signal: 'SIGKILL' }))
  }

  return {
    isolation: 'container',
    pid: parts.pid,
    get reach() {
      return network.reach()
    },
    exited,
    async listening(signal) {
      return { socketPath: await socket.accepting(AbortSignal.any([signal, gone.signal])) }
    },
    execute: (spec) => executeInContainer({ engine, containerId: id, spec, ended: gone.signal }),
    async stop(graceMs) {
      const cancel = clock.after(graceMs, () => void end())
      await kill(engine, id, parts.stopSignal)
      await agentEnded
      cancel()
      await exited
    },
  }
}

/** Waits for the end, over an engine that is started anew as well. Never rejects. */
export async function containerEnd(engine: Engine, id: string): Promise<InstanceExit> {
  for (let failures = 0; failures < 10; failures++) {
    try {
      await engine.call({ method: 'POST', path: `/containers/${id}/wait`, waits: true })
      return exitOf(await inspect(engine, id))
    } catch (fault) {
      if (fault instanceof EngineRefusal && fault.status === 404) return { code: null, signal: 'SIGKILL' }
      await delay(500, undefined, { ref: false })
      const facts = await inspect(engine, id).catch(() => undefined)
      if (facts && !facts.State.Running) return exitOf(facts)
    }
  }
  return { code: null, signal: null }
}

export function inspect(engine: Engine, id: string): Promise<ContainerFacts> {
  return engine.call({ method: 'GET', path: `/containers/${id}/json` })
}

/** With what it wrote to volumes of its image. Safe when it is gone. */
export async function removeContainer(engine: Engine, id: string): Promise<void> {
  await engine.call({ method: 'DELETE', path: `/containers/${id}`, query: { force: 'true', v: 'true' } }).catch((fault: unknown) => {
    if (!(fault instanceof EngineRefusal && fault.status === 404)) throw fault
  })
}

function exitOf({ State: { ExitCode, OOMKilled }, HostConfig: { Memory } }: ContainerFacts): InstanceExit {
  return { ...exitOfCode(ExitCode), ...(OOMKilled && { limit: `out of memory: limit ${Math.round(Memory / 2 ** 20)} MiB` }) }
}

/** The engine tells the end by a signal as 128 and its number, as a shell does. */
export function exitOfCode(exitCode: number): InstanceExit {
  const signal = Object.entries(constants.signals).find(([, number]) => number === exitCode - 128)?.[0]
  return { code: signal ? null : exitCode, signal: signal ?? null }
}

async function kill(engine: Engine, id: string, signal: string): Promise<void> {
  // 404 and 409: it has ended by itself. Whatever else: the wait for its end tells.
  await engine.call({ method: 'POST', path: `/containers/${id}/kill`, query: { signal } }).catch(() => {})
}

function exitText({ code, signal, limit }: InstanceExit): string {
  if (limit) return limit
  return signal ? `signal ${signal}` : `exit code ${code}`
}
