// Turns that the app keeps by itself in an AgentCore memory, and the session of it that a handler may ask.
import { createHash, randomUUID } from 'node:crypto'
import type { MemoryClient } from '#memory/memory-client.js'
import type { MemorySession } from '#memory/memory-session.js'
import type { RequestContext } from './context.js'
import { type Entrypoint, isIterable, isWebResponse } from './invocation.js'
import type { Logger } from './log.js'

export interface AppMemory {
  /** BEDROCK_AGENTCORE_MEMORY_ID when absent, which `deploy --memory` sets. */
  memoryId?: string
  /**
   * Whose talk it is. When absent: the payload's `actorId`, else its `userId`, else the session's own id, so that nobody is told what
   * another one said.
   */
  actorId?: (payload: unknown, context: RequestContext) => string | undefined
  /** Whether strategies may learn from this turn; they do when absent. It is kept in either case. */
  isLearnedFrom?: (payload: unknown, context: RequestContext) => boolean
  /** Where and as whom; as the AWS SDK finds it when absent. */
  client?: MemoryClient
}

interface Parts {
  env: Readonly<Record<string, string | undefined>>
  log: Logger
}

/** Throws when it is not said which memory. */
export function keepingTurns(memory: AppMemory, { env, log }: Parts): (entrypoint: Entrypoint) => Entrypoint {
  const memoryId = memory.memoryId ?? env.BEDROCK_AGENTCORE_MEMORY_ID
  if (!memoryId) throw new Error('memory: BEDROCK_AGENTCORE_MEMORY_ID is not set. Deploy with --memory NAME, or give memory: { memoryId }.')
  const ownSession = randomUUID()
  let client = memory.client ? Promise.resolve(memory.client) : undefined

  async function sessionOf(payload: unknown, context: RequestContext): Promise<MemorySession> {
    // The AWS clients are loaded by those who use them: an app without a memory starts in a fraction of the time.
    client ??= import('#memory/memory-client.js').then(({ memoryClient }) => memoryClient())
    const session = context.sessionId ?? ownSession
    const actorId = memory.actorId?.(payload, context) ?? named(payload, 'actorId') ?? named(payload, 'userId') ?? session
    return (await client).session({
      memoryId: memoryId as string,
      actorId,
      sessionId: /^[a-zA-Z0-9][\w-]{0,99}$/.test(session) ? session : hashOf(session),
    })
  }

  async function keep(session: MemorySession, payload: unknown, context: RequestContext, pieces: readonly unknown[]): Promise<void> {
    const { turnsOf } = await import('#client/spoken.js')
    const said = turnsOf(payload, pieces).map(({ role, content }) => ({ role, text: content }))
    // The answer is there and is given: it is worth more than its trace.
    const options = memory.isLearnedFrom?.(payload, context) === false ? { extractionMode: 'SKIP' as const } : {}
    if (said.length > 0) await session.addTurns(said, options).catch((error: unknown) => log.error('the turn was not kept', { error }))
  }

  async function* keptStream(session: MemorySession, payload: unknown, context: RequestContext, items: AsyncIterable<unknown>) {
    const pieces: unknown[] = []
    for await (const item of items) {
      pieces.push(item)
      yield item
    }
    await keep(session, payload, context, pieces)
  }

  return (entrypoint) => async (payload, context) => {
    const session = await sessionOf(payload, context)
    ;(context as { memory: MemorySession | undefined }).memory = session
    const result = await entrypoint(payload, context)
    if (isIterable(result)) return keptStream(session, payload, context, result as AsyncIterable<unknown>)
    if (!isWebResponse(result)) await keep(session, payload, context, [result])
    return result
  }
}

function named(payload: unknown, name: string): string | undefined {
  const found: unknown = typeof payload === 'object' && payload !== null ? Reflect.get(payload, name) : undefined
  return typeof found === 'string' && found !== '' ? found : undefined
}

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex')
