// One port for HTTP/1.1 and HTTP/2 with prior knowledge: the first bytes of a connection tell which. Sessions may speak TLS to their
// listener as well, and a second port speaks nothing else.
import { createServer as createHttp1, type IncomingMessage, type ServerResponse } from 'node:http'
import {
  constants,
  createServer as createHttp2,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type Http2Session,
  type ServerHttp2Session,
} from 'node:http2'
import { createServer as createTcp, type Socket, type Server as TcpServer } from 'node:net'
import type { ServerCertificates } from '#ports/server-certificates.js'
import { crowd } from './crowd.js'
import type { Entrance } from './exchange.js'
import { refuseMalformed } from './malformed.js'
import { tlsHandshake, tlsUnwrapper } from './tls.js'
import { toldSometimes } from './told-sometimes.js'
import type { UpgradeDoor } from './web-socket/door.js'

export type AnyRequest = IncomingMessage | Http2ServerRequest
/** HTTP/2's response has the same members; its type only refuses to be called through the union. */
export type AnyResponse = ServerResponse
export type Answer = (request: AnyRequest, response: AnyResponse, entrance: Entrance) => void

export interface Listener {
  /** Stops accepting; resolves when the listening socket is closed. Open connections go on. */
  close(): Promise<void>
}

export interface ConnectionLimits {
  /** Of the port; for what comes beyond, the one that has been without a request for longest is closed. */
  onPort: number
  /** Of each session's listener. */
  onSocket: number
  /** How long an HTTP/2 connection stays without an open request. Its pings do not count. */
  http2IdleMs: number
  /** How long a client may go on sending the body of a request that has been answered. */
  lateBodyMs: number
  /** How often at most it is told that connections were closed, and why. */
  tellEveryMs: number
}

const connectionLimits: ConnectionLimits = { onPort: 2_000, onSocket: 64, http2IdleMs: 60_000, lateBodyMs: 5_000, tellEveryMs: 10_000 }

export interface WireServer {
  /** Resolves with the port that was taken. */
  listenOnPort(host: string, port: number, certificates?: ServerCertificates): Promise<{ port: number; listener: Listener }>
  /** With certificates a client may speak TLS, and need not. */
  listenOnSocket(path: string, entrance: Entrance, certificates?: ServerCertificates): Promise<Listener>
  /** Ends idle connections and WebSockets now and every other when its request is done, all of them after `graceMs`. */
  drain(graceMs: number): Promise<void>
}

/** How connections of one listener come in. */
interface Door {
  entrance: Entrance
  unwrap: ((socket: Socket) => Promise<void>) | undefined
  isSecureOnly: boolean
}

const http2Preface = 'PRI '
const headTimeoutMs = 60_000
const idleSweepMs = 20
/** A 100 MB payload over a slow line takes minutes; longer than this is no upload. */
const requestTimeoutMs = 15 * 60_000

export interface WireServerInput {
  limits?: Partial<ConnectionLimits>
  upgrades?: UpgradeDoor
  /** So many connections were closed for that reason since it was last told. */
  refused?(closed: number, why: 'made room for others' | 'no request of HTTP'): void
}

export function wireServer(answer: Answer, { limits: given, upgrades, refused = () => {} }: WireServerInput = {}): WireServer {
  const limits = { ...connectionLimits, ...given }
  const toldOf = (why: 'made room for others' | 'no request of HTTP') => toldSometimes(limits.tellEveryMs, (closed) => refused(closed, why))
  const guests = crowd({ most: limits.onPort, closed: toldOf('made room for others') })
  const malformed = toldOf('no request of HTTP')
  const answering = new WeakSet<object>()
  const entrances = new WeakMap<object, Entrance>()
  const connections = new WeakMap<Socket, Socket>()
  const sockets = new Set<Socket>()
  /** A connection of unknown entrance gets no answer: taken for the port's, a session could pass for anybody. */
  const answerFrom = (connection: object | undefined, request: AnyRequest, response: AnyResponse) => {
    const entrance = connection && entrances.get(connection)
    if (entrance) answer(request, response, entrance)
    else response.destroy()
  }
  const http1 = createHttp1({
    headersTimeout: headTimeoutMs,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: headTimeoutMs,
    maxHeaderSize: 65_536,
    // Else an upgrade to HTTP/2 (Java's client offers one with every request) would lose its body on the way.
    shouldUpgradeCallback: (request) => upgrades?.takes(request) ?? false,
  })
  http1.on('request', (request, response) => {
    const { socket } = request
    const connection = connections.get(socket) ?? socket
    guests.begins(connection)
    answering.add(socket)
    response.once('close', () => {
      guests.ends(connection)
      answering.delete(socket)
    })
    answerFrom(socket, request, response)
  })
  http1.on('upgrade', (request, _duplex, head) => {
    const { socket } = request
    const entrance = entrances.get(socket)
    guests.begins(connections.get(socket) ?? socket)
    if (entrance && upgrades) upgrades.open(request, socket, head, entrance)
    else socket.destroy()
  })
  http1.on('clientError', (fault: NodeJS.ErrnoException, socket: Socket) => {
    // Whoever only hangs up has asked for nothing.
    if (fault.code !== 'ECONNRESET') malformed()
    refuseMalformed(socket, fault, answering.has(socket))
  })
  // The check for slow heads starts with this event, which never comes to a server that is handed its sockets.
  http1.emit('listening')
  const http2 = createHttp2({ settings: { maxConcurrentStreams: 250 } })
  http2.on('request', (request, response: Http2ServerResponse) => {
    // HTTP/1.1 closes the connection then; here the request would stay open. The response's own 'finish' comes with the close only.
    request.stream.once('finish', () => cutLateBody(request, limits.lateBodyMs))
    answerFrom(request.stream.session, request, response as unknown as AnyResponse)
  })
  http2.on('sessionError', () => undefined)
  const sessions = new Set<Http2Session>()

  function accept(socket: Socket, { entrance, unwrap, isSecureOnly }: Door) {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    socket.setTimeout(headTimeoutMs, () => socket.destroy())
    whenKnown(socket, (form) => {
      socket.setTimeout(0)
      socket.removeAllListeners('timeout')
      if (form === 'tls' && unwrap) void unwrap(socket)
      else if (isSecureOnly) socket.destroy()
      else serve(socket, entrance, { isHttp2: form === 'http2', connection: socket })
    })
  }

  const door = (entrance: Entrance, certificates: ServerCertificates | undefined, isSecureOnly: boolean): Door => ({
    entrance,
    unwrap: certificates && tlsUnwrapper(certificates, (secure, isHttp2, socket) => serve(secure, entrance, { isHttp2, connection: socket })),
    isSecureOnly,
  })

  /** `connection`: what was accepted; under TLS that is not what is spoken on. */
  function serve(socket: Socket, entrance: Entrance, { isHttp2, connection }: { isHttp2: boolean; connection: Socket }) {
    if (isHttp2) {
      const opened = (session: ServerHttp2Session) => {
        entrances.set(session, entrance)
        sessions.add(session)
        session.once('close', () => sessions.delete(session))
        session.on('stream', (stream) => {
          guests.begins(connection)
          stream.once('close', () => guests.ends(connection))
        })
        closeWhenIdle(session, limits.http2IdleMs)
      }
      http2.once('session', opened)
      // It reads what was put back by itself; a resumed socket would lose it. The session opens within this call.
      http2.emit('connection', socket)
      http2.off('session', opened)
    } else {
      entrances.set(socket, entrance)
      connections.set(socket, connection)
      http1.emit('connection', socket)
      socket.resume()
    }
  }

  return {
    async listenOnPort(host, port, certificates) {
      const front = door({ kind: 'port' }, certificates, certificates !== undefined)
      const tcp = createTcp({ noDelay: true, allowHalfOpen: true }, (socket) => {
        if (guests.admit(socket)) accept(socket, front)
      })
      await listening(tcp, () => tcp.listen(port, host))
      const address = tcp.address()
      if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
      return { port: address.port, listener: closer(tcp) }
    },

    async listenOnSocket(path, entrance, certificates) {
      const own = door(entrance, certificates, false)
      const tcp = createTcp({ allowHalfOpen: true }, (socket) => accept(socket, own))
      tcp.maxConnections = limits.onSocket
      await listening(tcp, () => tcp.listen(path))
      return closer(tcp)
    },

    async drain(graceMs) {
      upgrades?.drain()
      for (const session of sessions) session.close()
      // A kept-alive connection becomes idle only when its answer is done, and nothing tells us of that.
      http1.closeIdleConnections()
      const sweep = setInterval(() => http1.closeIdleConnections(), idleSweepMs)
      if (sockets.size > 0) await allClosed(sockets, graceMs)
      clearInterval(sweep)
      for (const socket of sockets) socket.destroy()
      http1.close()
      http2.close()
    },
  }
}

/** Reads as many bytes as tell the version of HTTP, and puts them back. The socket is paused then. */
function whenKnown(socket: Socket, proceed: (form: 'http1' | 'http2' | 'tls') => void): void {
  let head: Buffer = Buffer.alloc(0)
  const onEnd = () => socket.destroy()
  const onData = (piece: Buffer) => {
    head = head.length === 0 ? piece : Buffer.concat([head, piece])
    const start = head.toString('latin1', 0, http2Preface.length)
    if (start.length < http2Preface.length && http2Preface.startsWith(start)) return
    socket.off('data', onData).off('end', onEnd)
    socket.pause()
    socket.unshift(head)
    proceed(head[0] === tlsHandshake ? 'tls' : start === http2Preface ? 'http2' : 'http1')
  }
  socket.on('data', onData).once('end', onEnd)
}

function closeWhenIdle(session: ServerHttp2Session, idleMs: number): void {
  let open = 0
  const idle = () => setTimeout(() => session.close(), idleMs).unref()
  let timer = idle()
  session.on('stream', (stream) => {
    open += 1
    clearTimeout(timer)
    stream.once('close', () => {
      open -= 1
      if (open === 0 && !session.closed) timer = idle()
    })
  })
  session.once('close', () => clearTimeout(timer))
}

function cutLateBody({ stream }: Http2ServerRequest, lateMs: number): void {
  if (stream.closed) return
  const timer = setTimeout(() => stream.close(constants.NGHTTP2_NO_ERROR), lateMs).unref()
  stream.once('close', () => clearTimeout(timer))
}

function allClosed(sockets: ReadonlySet<Socket>, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, graceMs)
    const check = () => {
      if (sockets.size > 0) return
      clearTimeout(timer)
      resolve()
    }
    for (const socket of sockets) socket.once('close', () => setImmediate(check))
  })
}

function listening(server: TcpServer, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', () => {
      server.removeListener('error', reject)
      resolve()
    })
    start()
  })
}

function closer(server: TcpServer): Listener {
  return {
    async close() {
      // Not awaited: the callback comes only when the last connection has ended.
      server.close()
    },
  }
}
