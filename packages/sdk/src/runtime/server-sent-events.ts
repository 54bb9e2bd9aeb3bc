// Writes the items of a generator as server-sent events, each as soon as it is there and no faster than the client reads.
import type { ServerResponse } from 'node:http'
import { toJson } from './json.js'
import type { Logger } from './log.js'

/** What `serverSentEvent` made: the only items that are more than their JSON. */
class ServerSentEvent {
  readonly text: string

  constructor({ data, event, id, retry }: EventFields) {
    const fields = [
      event !== undefined && `event: ${oneLine(event)}`,
      id !== undefined && `id: ${oneLine(id)}`,
      retry !== undefined && `retry: ${retry}`,
    ]
    this.text = [...fields.filter(Boolean), `data: ${toJson(data)}`, '', ''].join('\n')
  }
}

interface EventFields {
  data: unknown
  event?: string
  id?: string
  /** Milliseconds that the client waits before it connects again. */
  retry?: number
}

/** An item with a name, an id or a retry time of its own: `yield serverSentEvent({ event: 'step', data: { n: 1 } })`. */
export function serverSentEvent(fields: EventFields): unknown {
  return new ServerSentEvent(fields)
}

/** A line break would end the field and begin another. */
const oneLine = (text: string) => text.replace(/[\r\n]/g, ' ')

/** A comment, so that proxies between here and the client do not take a long silence for a dead connection. */
const heartbeatMs = 30_000

type Items = AsyncIterable<unknown> | Iterator<unknown>

/** Always an event stream, whatever the caller accepts. A failure in the middle is one `error` event, then the end. */
export async function writeItems(items: Items, response: ServerResponse, gone: Promise<void>, log: Logger): Promise<void> {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache', 'x-accel-buffering': 'no' })
  response.flushHeaders()
  const source: Iterator<unknown> | AsyncIterator<unknown> = Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items
  const left = gone.then(() => undefined)
  const heartbeat = setInterval(() => response.write(': still here\n\n'), heartbeatMs)
  response.once('close', () => clearInterval(heartbeat))
  try {
    for (;;) {
      const pull = Promise.resolve(source.next())
      const item = await Promise.race([pull, left])
      if (item === undefined) return await abandon(source, pull)
      if (item.done) break
      const text = item.value instanceof ServerSentEvent ? item.value.text : `data: ${toJson(item.value)}\n\n`
      if (!response.write(text)) await writable(response)
    }
  } catch (error) {
    log.error('invocation failed while streaming', { error })
    response.write(`event: error\ndata: ${toJson(streamError(error))}\n\n`)
  }
  clearInterval(heartbeat)
  response.end()
}

/** Nobody listens any more: lets the generator run its `finally`. It cannot be stopped inside an await, only asked to. */
async function abandon(source: Iterator<unknown> | AsyncIterator<unknown>, pull: Promise<unknown>): Promise<void> {
  pull.catch(() => {})
  await source.return?.()
}

/** Resolves when there is room again, or nobody left to read. */
export function writable(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve()
    const go = () => {
      response.off('drain', go).off('close', go)
      resolve()
    }
    response.once('drain', go).once('close', go)
  })
}

function streamError(error: unknown): Record<string, unknown> {
  const message = error instanceof Error ? error.message : String(error)
  return { error: message, error_type: error instanceof Error ? error.name : typeof error, message: 'An error occurred during streaming' }
}
