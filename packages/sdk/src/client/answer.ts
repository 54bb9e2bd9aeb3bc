// What an agent answered, to be read once: as a value, as bytes, or piece by piece as it comes.
import type { InvokeAgentRuntimeCommandOutput } from '@aws-sdk/client-bedrock-agentcore'
import { type ServerSentEvent, serverSentEvents } from './server-sent-events.js'

/**
 * An agent's answer. Read it once, in one of its ways, or `cancel()` it: until then its connection is held.
 * `for await (const piece of answer)` yields the data of each server-sent event, parsed where it is JSON; the value itself when the
 * agent did not stream. Leaving the loop cancels the rest.
 */
export interface Answer<Output = unknown, Item = unknown> extends AsyncIterable<Item> {
  readonly runtimeSessionId: string
  readonly statusCode: number
  readonly contentType: string
  /** Of MCP agents. */
  readonly mcpSessionId: string | undefined
  /** The JSON value, or the text when it is none; all pieces of a stream. */
  value(): Promise<Output>
  text(): Promise<string>
  bytes(): Promise<Uint8Array>
  /** Server-sent events with their names and ids. */
  events(): AsyncGenerator<ServerSentEvent, void, undefined>
  /** The body as it comes. */
  chunks(): AsyncIterable<Uint8Array>
  /** Lets the rest go; the agent sees that its caller has left. */
  cancel(): void
}

/** The agent ended its stream with an error. */
export class AgentFailed extends Error {
  override readonly name = 'AgentFailed'
  /** What the agent said, parsed. */
  readonly body: unknown

  constructor(body: unknown) {
    const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : body
    super(`the agent failed: ${typeof said === 'string' ? said : JSON.stringify(said)}`)
    this.body = body
  }
}

export function answerOf<Output, Item>(output: InvokeAgentRuntimeCommandOutput): Answer<Output, Item> {
  const contentType = output.contentType ?? 'application/octet-stream'
  const isStream = /^text\/event-stream\b/i.test(contentType)
  const body = output.response as (AsyncIterable<Uint8Array> & { destroy(): void }) | undefined
  let isTaken = false

  const chunks = (): AsyncIterable<Uint8Array> => {
    if (isTaken) throw new TypeError('this answer has been read already: keep what the first reading gave')
    isTaken = true
    return body ?? nothing()
  }
  const text = async () => new TextDecoder().decode(await whole(chunks()))
  const value = async () => (isStream ? listed(items(chunks())) : parsed(await text())) as Promise<Output>
  return {
    runtimeSessionId: output.runtimeSessionId ?? '',
    statusCode: output.statusCode ?? 200,
    contentType,
    mcpSessionId: output.mcpSessionId,
    value,
    text,
    bytes: () => whole(chunks()),
    events: () => serverSentEvents(chunks()),
    chunks,
    cancel: () => body?.destroy(),
    async *[Symbol.asyncIterator]() {
      if (isStream) yield* items(chunks()) as AsyncIterable<Item>
      else yield (await value()) as unknown as Item
    },
  }
}

async function* items(body: AsyncIterable<Uint8Array>): AsyncGenerator<unknown, void, undefined> {
  for await (const { event, data } of serverSentEvents(body)) {
    const item = parsed(data)
    if (event === 'error' || isPythonError(item)) throw new AgentFailed(item)
    yield item
  }
}

/** The official Python SDK ends a stream that failed with a plain item. */
function isPythonError(item: unknown): boolean {
  return typeof item === 'object' && item !== null && 'error' in item && 'error_type' in item
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

async function whole(body: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

async function listed(pieces: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const piece of pieces) all.push(piece)
  return all
}
