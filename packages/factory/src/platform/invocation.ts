// Invoking a runtime and reading its answer: JSON, text, or server-sent events, piece by piece as they come.
import {
  type BedrockAgentCoreClient,
  InvokeAgentRuntimeCommand,
  ResourceNotFoundException,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import { jsonOrText } from './json-or-text.js'
import { sseData } from './server-sent-events.js'

export interface Invocation {
  agentRuntimeArn: string
  payload: unknown
  runtimeSessionId?: string
  qualifier?: string
  accept?: string
  /** Headers of the agent's own protocol that the operation has no member for. */
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface Answer {
  runtimeSessionId: string
  statusCode: number
  contentType: string
  /** One piece for a plain answer, one for each event of a stream: parsed where it is JSON, else text. */
  pieces: AsyncIterable<unknown>
}

/** What the agent said when it could not answer: the text of an in-stream `error`. */
export class AgentFailed extends Error {
  override readonly name = 'AgentFailed'
}

export async function invokeRuntime(data: BedrockAgentCoreClient, invocation: Invocation): Promise<Answer> {
  const { payload, signal, headers = {}, ...target } = invocation
  const command = new InvokeAgentRuntimeCommand({ ...target, contentType: 'application/json', payload: JSON.stringify(payload) })
  command.middlewareStack.add(
    (next) => (call) => {
      Object.assign((call.request as { headers: Record<string, string> }).headers, headers)
      return next(call)
    },
    { step: 'build', name: 'ownHeaders' },
  )
  const output = await data.send(command, { abortSignal: signal })
  const contentType = output.contentType ?? 'application/octet-stream'
  const body = output.response && Symbol.asyncIterator in output.response ? output.response : empty()
  return {
    runtimeSessionId: output.runtimeSessionId ?? invocation.runtimeSessionId ?? '',
    statusCode: output.statusCode ?? 200,
    contentType,
    pieces: contentType.startsWith('text/event-stream') ? sseData(body) : whole(body, contentType),
  }
}

/** Ends a session that nobody comes back to, rather than let it wait for its idle timeout. One that has ended already is fine. */
export async function stopSession(data: BedrockAgentCoreClient, session: { agentRuntimeArn: string; runtimeSessionId: string }): Promise<void> {
  try {
    await data.send(new StopRuntimeSessionCommand(session))
  } catch (error) {
    if (!(error instanceof ResourceNotFoundException)) throw error
  }
}

/** What a person wants to read of one piece. Throws AgentFailed for the piece that says why the rest is missing. */
export function textOf(piece: unknown): string {
  if (typeof piece === 'string') return piece
  if (typeof piece !== 'object' || piece === null) return JSON.stringify(piece ?? null)
  if ('error' in piece && piece.error) throw new AgentFailed(typeof piece.error === 'string' ? piece.error : JSON.stringify(piece.error))
  for (const key of ['text', 'response', 'result']) {
    const value: unknown = Reflect.get(piece, key)
    if (typeof value === 'string') return value
  }
  return JSON.stringify(piece)
}

/** The name of the tool that starts, when the piece only tells that. */
export function toolOf(piece: unknown): string | undefined {
  return typeof piece === 'object' && piece !== null && 'tool' in piece && typeof piece.tool === 'string' && Object.keys(piece).length === 1
    ? piece.tool
    : undefined
}

/** Our agents end a stream with the whole answer once more; a reader who has shown the pieces skips it. */
export function repeatsWhole(piece: unknown): boolean {
  return typeof piece === 'object' && piece !== null && 'response' in piece && !('text' in piece)
}

/** The whole answer as text. */
export async function answerText(answer: Answer): Promise<string> {
  let text = ''
  for await (const piece of answer.pieces) {
    if (toolOf(piece) === undefined) text = repeatsWhole(piece) ? textOf(piece) : text + textOf(piece)
  }
  return text
}

async function* whole(body: AsyncIterable<Uint8Array>, contentType: string): AsyncGenerator<unknown> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString('utf8')
  yield contentType.startsWith('application/json') ? jsonOrText(text) : text
}

async function* empty(): AsyncGenerator<Uint8Array> {}
