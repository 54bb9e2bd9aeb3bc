// One POST /invocations: the handler's value, promise or generator becomes JSON, server-sent events or a Response passed on.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { jsonOf, parserFor, readBody } from './body.js'
import type { BodyParser } from './content-types.js'
import { type RequestContext, requestContext, runInContext, sessionFromPayload } from './context.js'
import { HttpError } from './http-error.js'
import { toJson } from './json.js'
import type { AppLog } from './log.js'
import { since } from './log.js'
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
  log: AppLog
}

/**
 * Answers one request and calls `done` when nothing goes on for it any more. A value that is there at once is answered at once: each
 * promise on the way of a short answer costs as much as the parsing of its request.
 */
export function invoke({ entrypoint, parsers, log }: Invoking, request: IncomingMessage, response: ServerResponse, done: () => void): void {
  const startedAt = performance.now()
  const leaving = new Leaving(response)
  const context = requestContext(request.headers, leaving)
  const parser = parserFor(request, parsers)
  readBody(request, (fault, body) => {
    if (fault) fail(fault)
    else if (parser) Promise.resolve(parser(body)).then(handle, fail)
    else
      try {
        handle(jsonOf(body))
      } catch (error) {
        fail(error)
      }
  })

  function handle(payload: unknown): void {
    try {
      sessionFromPayload(context, payload)
      const result = runInContext(context, entrypoint, payload)
      if (isThenable(result)) result.then(answer, fail)
      else answer(result)
    } catch (error) {
      fail(error)
    }
  }

  function answer(result: unknown): void {
    if (isIterable(result)) runInContext(context, () => writeItems(result, response, leaving.promise(), log)).then(end, fail)
    else if (isWebResponse(result)) passOn(result, response).then(end, fail)
    else {
      respond(response, 200, toJson(result))
      end()
    }
  }

  function end(): void {
    log.completed(leaving.hasHappened ? 'invocation ended: the client went away' : 'invocation completed', context, startedAt)
    done()
  }

  function fail(error: unknown): void {
    runInContext(context, () => log.error('invocation failed', { durationMs: since(startedAt), error }))
    refuse(error, response)
    done()
  }
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

export function isIterable(value: unknown): value is AsyncIterable<unknown> | Iterator<unknown> {
  if (typeof value !== 'object' || value === null) return false
  return Symbol.asyncIterator in value || ('next' in value && typeof value.next === 'function' && Symbol.iterator in value)
}

/** By shape: touching the global `Response` would load all of fetch into an app that may never use it. */
export function isWebResponse(value: unknown): value is Response {
  return typeof value === 'object' && value !== null && 'status' in value && 'headers' in value && 'arrayBuffer' in value && 'bodyUsed' in value
}

/** Whether the client went away before its answer was complete. A signal and a promise of it are made for whoever asks only. */
class Leaving {
  hasHappened = false
  #controller: AbortController | undefined
  #tell: (() => void) | undefined

  constructor(response: ServerResponse) {
    response.on('close', () => {
      if (!response.writableFinished) this.#happen()
    })
  }

  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.hasHappened) this.#controller.abort(clientGone())
    }
    return this.#controller.signal
  }

  promise(): Promise<void> {
    return new Promise((resolve) => {
      if (this.hasHappened) resolve()
      else this.#tell = resolve
    })
  }

  #happen() {
    this.hasHappened = true
    this.#controller?.abort(clientGone())
    this.#tell?.()
  }
}

const clientGone = () => new DOMException('The client went away.', 'AbortError')

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
