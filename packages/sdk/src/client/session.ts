// A conversation with one agent: always the same session, and its memory when one is named.
import { randomUUID } from 'node:crypto'
import type { WebSocket } from 'ws'
import type { AgentInput, AgentItem, AgentOutput, AnyHandler } from '#testing/handler-types.js'
import type { Answer } from './answer.js'
import { InvalidCall } from './invalid-call.js'
import type { InvokeCall } from './runtime-client.js'
import type { SessionMemory, Turn } from './session-memory.js'
import { turnsOf } from './spoken.js'
import { checkTarget, type Target } from './target.js'

export interface SessionOptions {
  agentRuntimeArn: string
  /** In whose name the agent acts, and whose memory it is. */
  userId: string
  /** 33 to 256 characters: goes on with that session. A new one when absent. */
  sessionId?: string
  qualifier?: string
  /** Id of an AgentCore memory. Each payload then carries the latest turns as `history`, and each answer is written to it. */
  memory?: string
  /** How many of the latest messages an agent gets; 10 when absent. */
  contextWindow?: number
}

/** What a call of the session may have beside its payload. */
export interface SessionCall {
  headers?: Readonly<Record<string, string>>
  signal?: AbortSignal
}

/** `Handler` is the type of the agent's own entrypoint, where caller and agent share it. */
export interface RuntimeSession<Handler extends AnyHandler = AnyHandler> extends AsyncDisposable {
  readonly sessionId: string
  /** Asks, and waits for the whole answer. */
  invoke(payload: AgentInput<Handler>, call?: SessionCall): Promise<AgentOutput<Handler>>
  /** Asks, and yields each piece as it comes. What is left unread is not remembered. */
  stream(payload: AgentInput<Handler>, call?: SessionCall): AsyncGenerator<StreamItem<Handler>, void, undefined>
  webSocket(call?: SessionCall): Promise<WebSocket>
  /** Ends the session and what runs in it; the next call starts afresh. One that has ended already is fine. */
  stop(): Promise<void>
}

export type StreamItem<Handler extends AnyHandler> = [AgentItem<Handler>] extends [never] ? Awaited<ReturnType<Handler>> : AgentItem<Handler>

export interface SessionParts {
  invoke(call: InvokeCall): Promise<Answer>
  webSocket(target: Target & { signal?: AbortSignal }): Promise<WebSocket>
  stop(session: { agentRuntimeArn: string; runtimeSessionId: string; qualifier?: string }): Promise<void>
  memory(names: { memoryId: string; actorId: string; sessionId: string; contextWindow: number }): SessionMemory
}

export function openSession<Handler extends AnyHandler>(parts: SessionParts, options: SessionOptions): RuntimeSession<Handler> {
  const { agentRuntimeArn, userId, qualifier, sessionId = randomUUID() } = options
  const target = { agentRuntimeArn, qualifier, runtimeSessionId: sessionId, runtimeUserId: userId }
  checkTarget(target)
  const memory = memoryOf(parts, options, sessionId)

  async function* stream(payload: unknown, call: SessionCall = {}): AsyncGenerator<unknown, void, undefined> {
    const asked = memory ? withHistory(payload, await memory.turns()) : payload
    const answer = await parts.invoke({ ...target, ...call, payload: asked })
    const pieces: unknown[] = []
    for await (const piece of answer) {
      if (memory) pieces.push(piece)
      yield piece
    }
    await memory?.remember(turnsOf(payload, pieces))
  }

  return {
    sessionId,
    async invoke(payload, call) {
      if (!memory) return (await parts.invoke({ ...target, ...call, payload })).value() as Promise<AgentOutput<Handler>>
      const answer = await parts.invoke({ ...target, ...call, payload: withHistory(payload, await memory.turns()) })
      const value = await answer.value()
      await memory.remember(turnsOf(payload, Array.isArray(value) ? value : [value]))
      return value as AgentOutput<Handler>
    },
    stream: stream as RuntimeSession<Handler>['stream'],
    webSocket: (call) => parts.webSocket({ ...target, ...call }),
    stop: () => parts.stop({ agentRuntimeArn, runtimeSessionId: sessionId, qualifier }),
    [Symbol.asyncDispose]: () => parts.stop({ agentRuntimeArn, runtimeSessionId: sessionId, qualifier }),
  }
}

function memoryOf(parts: SessionParts, options: SessionOptions, sessionId: string): SessionMemory | undefined {
  const { memory: memoryId, userId: actorId, contextWindow = 10 } = options
  if (memoryId === undefined) {
    if (options.contextWindow !== undefined)
      throw new InvalidCall('contextWindow', 'given without memory, from which it would be taken', 'Name a memory')
    return undefined
  }
  if (!/^[a-zA-Z][a-zA-Z0-9_-]{0,99}-[a-zA-Z0-9]{10}$/.test(memoryId))
    throw new InvalidCall('memory', `${JSON.stringify(memoryId)} is no id of a memory`, 'It looks like my_memory-a1b2c3d4e5')
  if (!Number.isInteger(contextWindow) || contextWindow < 1 || contextWindow > 1_000)
    throw new InvalidCall('contextWindow', `${contextWindow} is no number of messages`, 'It is a whole number from 1 to 1000')
  return parts.memory({ memoryId, actorId, sessionId, contextWindow })
}

/** Beside what the caller says: an agent that knows no `history` is not disturbed by it. */
function withHistory(payload: unknown, history: Turn[]): unknown {
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload) || payload instanceof Uint8Array)
    throw new InvalidCall('payload', 'has no place for the history of its memory', 'With a memory, make it an object')
  if ('history' in payload) throw new InvalidCall('payload.history', 'is where the turns of the memory go', 'Rename it, or leave memory out')
  return { ...payload, history }
}
