// The front door: the few unsigned routes, then the pipeline for everything else.
import { randomUUID } from 'node:crypto'
import { ClientGone, type Entrance, type Exchange, type WireRequest } from './exchange.js'
import type { PipelinePorts } from './pipeline.js'
import { runPipeline } from './run-pipeline.js'
import type { Answer, AnyRequest, AnyResponse } from './server.js'

/** A route outside AWS's API: health, admin, credentials of a session. It checks its own callers. */
export interface UnsignedRoute {
  matches(path: string, entrance: Entrance): boolean
  answer(request: AnyRequest, response: AnyResponse, entrance: Entrance): void | Promise<void>
}

export function frontDoor(ports: PipelinePorts, unsigned: readonly UnsignedRoute[], draining: AbortSignal): Answer {
  const signalFor = requestSignals(draining)
  return (request, response, entrance) => {
    const target = request.url ?? '/'
    const mark = target.indexOf('?')
    const rawPath = mark < 0 ? target : target.slice(0, mark)
    const route = unsigned.find((candidate) => candidate.matches(rawPath, entrance))
    if (route) {
      answerUnsigned(route, request, response, entrance, ports)
      return
    }
    const place = { rawPath, rawQuery: mark < 0 ? '' : target.slice(mark + 1), entrance }
    void runPipeline(openExchange(request, response, place, { receivedAt: ports.clock.now(), signal: signalFor(response) }), ports)
  }
}

function openExchange(
  request: AnyRequest,
  response: AnyResponse,
  place: Pick<WireRequest, 'rawPath' | 'rawQuery' | 'entrance'>,
  { receivedAt, signal }: Pick<Exchange, 'receivedAt' | 'signal'>,
): Exchange {
  const { headers } = request
  // HTTP/2 has :authority where HTTP/1.1 has Host; clients sign it under the old name.
  headers.host ??= headers[':authority'] as string | undefined
  return {
    request: {
      method: request.method ?? 'GET',
      ...place,
      headers,
      rawHeaders: request.rawHeaders,
      body: request,
      httpVersionMajor: request.httpVersionMajor,
      scheme: 'encrypted' in request.socket ? 'https' : 'http',
    },
    response,
    requestId: randomUUID(),
    receivedAt,
    signal,
  }
}

/** The signal of each request, with one listener on `draining` for all of them. */
function requestSignals(draining: AbortSignal): (response: AnyResponse) => AbortSignal {
  const open = new Set<AbortController>()
  draining.addEventListener('abort', () => {
    for (const one of open) one.abort(draining.reason)
  })
  return (response) => {
    const gone = new AbortController()
    open.add(gone)
    if (draining.aborted) gone.abort(draining.reason)
    response.once('close', () => {
      open.delete(gone)
      // Not writableFinished: HTTP/2's response says that it is, once the client has left.
      if (!response.writableEnded) gone.abort(new ClientGone('the client went away'))
    })
    return gone.signal
  }
}

async function answerUnsigned(route: UnsignedRoute, request: AnyRequest, response: AnyResponse, entrance: Entrance, { log }: PipelinePorts) {
  try {
    await route.answer(request, response, entrance)
  } catch (fault) {
    log.error('unsigned route failed', { error: fault instanceof Error ? fault.message : String(fault) })
    if (!response.headersSent) response.writeHead(500)
    response.end()
  }
}
