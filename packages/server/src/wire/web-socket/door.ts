// Upgrades to a WebSocket: through the same pipeline as every request, then the connection is its route's.
import { randomUUID } from 'node:crypto'
import { type IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import { ServiceError } from '#kernel/errors.js'
import type { WebSocketConnection, WebSocketRoute } from '#ports/web-socket.js'
import { ClientGone, type Entrance, type WireRequest } from '#wire/exchange.js'
import type { PipelinePorts } from '#wire/pipeline.js'
import { runPipeline } from '#wire/run-pipeline.js'
import { webSocketAcceptor } from './accept.js'
import { type WebSocketLimits, webSocketLimits } from './limits.js'
import { bearerName, type Offered, readOffered } from './offered.js'
import { webSocketProtocol } from './protocol.js'

export interface UpgradeDoor {
  /** False: it is answered as any other request. */
  takes(request: IncomingMessage): boolean
  open(request: IncomingMessage, socket: Socket, head: Buffer, entrance: Entrance): void
  /** Closes every connection with 1001 and takes no more. */
  drain(): void
}

interface Upgrade {
  readonly gone: AbortController
  connection?: WebSocketConnection
}

/** What a client may send before it is answered; a well-behaved one sends nothing. */
const earlyBytes = 64 * 1024

export function webSocketDoor(ports: PipelinePorts, routes: readonly WebSocketRoute[], limits: WebSocketLimits = webSocketLimits): UpgradeDoor {
  const accept = webSocketAcceptor(limits, ports.clock)
  const open = new Set<Upgrade>()
  let isStopping = false

  async function serve(request: IncomingMessage, socket: Socket, head: Buffer, entrance: Entrance) {
    const upgrade: Upgrade = { gone: new AbortController() }
    open.add(upgrade)
    socket.once('close', () => {
      open.delete(upgrade)
      upgrade.gone.abort(new ClientGone('the client went away'))
    })
    const early = holdEarly(socket, head)
    const response = new ServerResponse(request)
    const requestId = randomUUID()
    const offered = readOffered(request.headers['sec-websocket-protocol'])
    const column = webSocketProtocol(ports.protocols.fallback, routes, {
      offered,
      accept({ subprotocol, headers }) {
        upgrade.gone.signal.throwIfAborted()
        // A browser that offered some and gets none fails the connection.
        const chosen = subprotocol ?? (offered.bearer === undefined ? undefined : bearerName)
        const answer = { ...(chosen !== undefined && { subprotocol: chosen }), headers: { ...headers, 'x-amzn-requestid': requestId } }
        upgrade.connection = accept({ request, socket, head: early() }, answer)
        return upgrade.connection
      },
      async handOver(start) {
        if (isStopping) throw stops()
        try {
          await start()
          if (!upgrade.connection) throw new Error('the handler of a WebSocket neither accepted nor refused it')
        } catch (fault) {
          upgrade.connection?.close(1011, 'the platform failed; its log has it')
          throw isStopping ? stops() : fault
        }
      },
    })
    const exchange = { request: wireRequest(request, entrance, offered, socket), response, requestId, receivedAt: ports.clock.now() }
    const protocols = { of: () => column, fallback: column }
    await runPipeline({ ...exchange, signal: upgrade.gone.signal }, { ...ports, protocols })
    if (upgrade.connection) return
    early()
    sendRefusal(response, socket)
    // Not the socket's own timeout: whoever goes on sending would put that off for ever.
    socket.once(
      'close',
      ports.clock.after(limits.lingerMs, () => socket.destroy()),
    )
  }

  return {
    takes: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    open: (request, socket, head, entrance) => void serve(request, socket, head, entrance),
    drain() {
      isStopping = true
      for (const { gone, connection } of open) {
        if (connection) connection.close(1001, 'the platform stops')
        else gone.abort(new Error('the platform stops'))
      }
    },
  }
}

function wireRequest(request: IncomingMessage, entrance: Entrance, { bearer }: Offered, socket: Socket): WireRequest {
  const target = request.url ?? '/'
  const mark = target.indexOf('?')
  const headers = { ...request.headers }
  // From here on it is a bearer token like any other; beside a second credential it is refused as one.
  if (bearer !== undefined) headers.authorization ??= `Bearer ${bearer}`
  return {
    method: request.method ?? 'GET',
    rawPath: mark < 0 ? target : target.slice(0, mark),
    rawQuery: mark < 0 ? '' : target.slice(mark + 1),
    headers,
    rawHeaders: request.rawHeaders,
    body: Readable.from([]),
    httpVersionMajor: 1,
    scheme: 'encrypted' in socket ? 'https' : 'http',
    entrance,
    ...(socket.localPort !== undefined && { ownPort: socket.localPort }),
  }
}

/** Reads on while nobody else does, or the client's leaving would go unnoticed. The returned function ends that and gives what came. */
function holdEarly(socket: Socket, head: Buffer): () => Buffer {
  const pieces = [head]
  let size = head.length
  const onData = (piece: Buffer) => {
    pieces.push(piece)
    size += piece.length
    if (size > earlyBytes) socket.destroy()
  }
  const onEnd = () => socket.destroy()
  socket.on('data', onData).once('end', onEnd)
  return () => {
    socket.off('data', onData).off('end', onEnd)
    socket.pause()
    return Buffer.concat(pieces)
  }
}

function sendRefusal(response: ServerResponse, socket: Socket): void {
  if (!response.writableEnded) {
    socket.destroy()
    return
  }
  response.once('finish', () => {
    response.detachSocket(socket)
    socket.end()
    // What it still sends is read and dropped: bytes that nobody reads would reset the connection under the answer.
    socket.resume()
  })
  response.assignSocket(socket)
}

const stops = () => new ServiceError('ServiceUnavailableException', 'The platform is being stopped. Connect again when it runs.')
