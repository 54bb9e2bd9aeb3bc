// One POST /invocations: the handler's value, promise or generator becomes JSON, server-sent events or a Response passed on.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readPayload } from './body.js'
import type { BodyParser } from './content-types.js'
import { type RequestContext, requestContext, runInContext, sessionFromPayload } from './context.js'
import { HttpError } from './http-error.js'
import { toJson } from './json.js'
import type { Logger } from './log.js'
import { writable, writeItems } from './server-sent-events.js'

/**
 * Answers one invocation. `payload` is the parsed JSON body, unchecked. May return:
 * - a value or a promise: 200 `application/json`; a string is quoted, `undefined` is `null`;
 * - a generator, sync or async, or any async iterable: 200 `text/event-stream`, one `data: {json}` event an item;
 * - a web `Response`: passed on with its status, headers and body.
 */
export type Entrypoint<Payload = unknown, Result = unknown> = (payload: Payload, context: RequestContext) => Result

export interface Invoking {
  entrypoint: Entrypoint
  parsers: ReadonlyMap<string, BodyParser>
  log: Logger
}

export async function invoke({ entrypoint, parsers, log }: Invoking, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const leaving = clientGone(response)
  const context = requestContext(request.headers, leaving.signal)
  return runInContext(context, async () => {
    const startedAt = performance.now()
    try {
      const payload = await readPayload(request, parsers)
      sessionFromPayload(context, payload)
      const result = await entrypoint(payload, context)
      await answer(result, response, leaving.promise, log)
      if (leaving.happened()) log.info('invocation ended: the client went away', { durationMs: since(startedAt) })
      else log.info('invocation completed', { durationMs: since(startedAt) })
    } catch (error) {
      log.error('invocation failed', { durationMs: since(startedAt), error })
      refuse(error, response)
    }
  })
}

async function answer(result: unknown, response: ServerResponse, gone: () => Promise<void>, log: Logger): Promise<void> {
  if (isIterable(result)) return writeItems(result, response, gone, log)
  if (isWebResponse(result)) return passOn(result, response)
  respond(response, 200, toJson(result))
}

/** Writes `{"error": …}`; when the head is already out, all that is left is to cut the connection so that nobody takes half for whole. */
export function refuse(error: unknown, response: ServerResponse): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  const status = error instanceof HttpError ? error.status : 500
  const members = error instanceof HttpError ? error.members : {}
  // What is left of a body that was not read would be taken for the next request.
  if (status === 413) response.setHeader('connection', 'close')
  respond(response, status, toJson({ error: error instanceof Error ? error.message : String(error), ...members }))
}

export function respond(response: ServerResponse, status: number, json: string): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }).end(json)
}

/** Writes a web Response, no faster than it is read. */
export async function passOn(result: Response, response: ServerResponse): Promise<void> {
  response.writeHead(result.status, Object.fromEntries(result.headers))
  for await (const chunk of result.body ?? []) {
    if (!response.write(chunk)) await writable(response)
    if (response.destroyed) return
  }
  response.end()
}

function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterator<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || ('next' in value && typeof value.next === 'function' && Symbol.iterator in value)
}

/** By shape: touching the global `Response` would load all of fetch into an app that may never use it. */
function isWebResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value && 'arrayBuffer' in value && 'bodyUsed' in value
}

function clientGone(response: ServerResponse) {
  let controller: AbortController | undefined
  let tell: (() => void) | undefined
  let gone = false
  response.once('close', () => {
    gone = !response.writableFinished
    if (!gone) return
    controller?.abort(new DOMException('The client went away.', 'AbortError'))
    tell?.()
  })
  return {
    happened: () => gone,
    promise: () =>
      new Promise<void>((resolve) => {
        if (gone) resolve()
        else tell = resolve
      }),
    signal() {
      controller ??= new AbortController()
      if (gone) controller.abort(new DOMException('The client went away.', 'AbortError'))
      return controller.signal
    },
  }
}

function since(startedAt: number): number {
  return Math.round((performance.now() - startedAt) * 100) / 100
}
