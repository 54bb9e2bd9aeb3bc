// The front door: the few unsigned routes, then the pipeline for everything else.
import { randomUUID } from 'node:crypto'
import type { Entrance, Exchange, WireRequest } from './exchange.js'
import type { PipelinePorts } from './pipeline.js'
import { runPipeline } from './run-pipeline.js'
import type { Answer, AnyRequest, AnyResponse } from './server.js'

/** A route outside AWS's API: health, admin, credentials of a session. It checks its own callers. */
export interface UnsignedRoute {
  matches(path: string, entrance: Entrance): boolean
  answer(request: AnyRequest, response: AnyResponse, entrance: Entrance): void | Promise<void>
}

export function frontDoor(ports: PipelinePorts, unsigned: readonly UnsignedRoute[], draining: AbortSignal): Answer {
  return (request, response, entrance) => {
    const target = request.url ?? '/'
    const mark = target.indexOf('?')
    const rawPath = mark < 0 ? target : target.slice(0, mark)
    const route = unsigned.find((candidate) => candidate.matches(rawPath, entrance))
    if (route) {
      answerUnsigned(route, request, response, entrance, ports)
      return
    }
    const exchange = openExchange(request, response, { rawPath, rawQuery: mark < 0 ? '' : target.slice(mark + 1), entrance }, ports, draining)
    void runPipeline(exchange, ports)
  }
}

function openExchange(
  request: AnyRequest,
  response: AnyResponse,
  place: Pick<WireRequest, 'rawPath' | 'rawQuery' | 'entrance'>,
  { clock }: PipelinePorts,
  draining: AbortSignal,
): Exchange {
  const { headers } = request
  // HTTP/2 has :authority where HTTP/1.1 has Host; clients sign it under the old name.
  headers.host ??= headers[':authority'] as string | undefined
  let signal: AbortSignal | undefined
  return {
    request: {
      method: request.method ?? 'GET',
      ...place,
      headers,
      rawHeaders: request.rawHeaders,
      body: request,
      httpVersionMajor: request.httpVersionMajor,
    },
    response,
    requestId: randomUUID(),
    receivedAt: clock.now(),
    // Most operations never ask, and listening for what nearly never comes is not free.
    get signal() {
      signal ??= goneOrDraining(response, draining)
      return signal
    },
  }
}

function goneOrDraining(response: AnyResponse, draining: AbortSignal): AbortSignal {
  const gone = new AbortController()
  const end = () => gone.abort(draining.reason)
  const leave = () => {
    draining.removeEventListener('abort', end)
    if (!response.writableFinished) gone.abort(new Error('the client went away'))
  }
  draining.addEventListener('abort', end, { once: true })
  if (draining.aborted) end()
  if (response.closed) leave()
  else response.once('close', leave)
  return gone.signal
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
