// The connections of /ws: each is one run of the handler, with a context of its own.
import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { RawData, WebSocket, WebSocketServer } from 'ws'
import { type RequestContext, requestContext, runInContext } from './context.js'
import type { Logger } from './log.js'

/**
 * Serves one connection. A fault closes it with 1011. It stays open after the handler returned as long as something listens for its
 * messages; otherwise it is closed with 1000. Messages that come before the handler listens wait for it.
 */
export type WebSocketHandler = (socket: WebSocket, context: RequestContext) => unknown

export interface Connections {
  /** Closes all with 1001 and resolves when they are gone; `cut` ends what is still there at once. */
  close(): Promise<void>
  cut(): void
  count(): number
}

/** Browsers carry a token in a subprotocol of this name; it must never be the one that is answered. */
const bearerPrefix = 'base64UrlBearerAuthorization.'

export function serveWebSockets(server: Server, handler: WebSocketHandler, { log, onOpen }: { log: Logger; onOpen: () => void }): Connections {
  const open = new Set<WebSocket>()
  const gone = new Set<() => void>()
  let loading: Promise<WebSocketServer> | undefined

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // A client that leaves before the handshake is nobody's fault.
    socket.on('error', () => socket.destroy())
    if (request.url?.split('?', 1)[0] !== '/ws') {
      socket.end('HTTP/1.1 404 Not Found\r\ncontent-type: application/json\r\ncontent-length: 21\r\nconnection: close\r\n\r\n{"error":"Not Found"}')
      return
    }
    loading ??= webSocketServer()
    loading
      .then((webSockets) => webSockets.handleUpgrade(request, socket, head, (connected) => serve(connected, request)))
      .catch(() => socket.destroy())
  })

  function serve(socket: WebSocket, request: IncomingMessage): void {
    const leaving = new AbortController()
    open.add(socket)
    onOpen()
    socket.on('error', (error) => log.warn('WebSocket connection failed', { error }))
    socket.once('close', () => {
      open.delete(socket)
      leaving.abort(new DOMException('The client went away.', 'AbortError'))
      if (open.size === 0) for (const tell of gone) tell()
    })
    const isHeard = holdUntilHeard(socket)
    const context = requestContext(request.headers, leaving)
    runInContext(context, async () => {
      log.info('WebSocket opened')
      try {
        await handler(socket, context)
        if (!isHeard() || socket.listenerCount('message') === 0) socket.close(1000)
      } catch (error) {
        log.error('WebSocket handler failed', { error })
        socket.close(1011, 'Internal error')
      }
    })
  }

  return {
    close: () =>
      new Promise((resolve) => {
        if (open.size === 0) return resolve()
        gone.add(resolve)
        for (const socket of open) socket.close(1001, 'The agent stops')
      }),
    cut: () => {
      for (const socket of open) socket.terminate()
    },
    count: () => open.size,
  }
}

/** Loaded by the first connection: most agents never have one, and all of them pay for what is loaded at start. */
async function webSocketServer(): Promise<WebSocketServer> {
  const { WebSocketServer } = await import('ws')
  const handleProtocols = (offered: Set<string>) => [...offered].find((name) => !name.startsWith(bearerPrefix)) ?? false
  return new WebSocketServer({ noServer: true, handleProtocols, clientTracking: false })
}

/** Keeps the first messages, a handful in memory and the rest in the kernel. Reading goes on before: it is how a leaving client shows. */
function holdUntilHeard(socket: WebSocket): () => boolean {
  const held: [RawData, boolean][] = []
  let isHeard = false
  const hold = (data: RawData, isBinary: boolean) => {
    held.push([data, isBinary])
    if (held.length >= readAhead) socket.pause()
  }
  const heard = (name: string | symbol) => {
    if (name !== 'message') return
    isHeard = true
    socket.off('newListener', heard).off('message', hold)
    // After the listener is in place, which is after this event.
    queueMicrotask(() => {
      for (const [data, isBinary] of held.splice(0)) socket.emit('message', data, isBinary)
      socket.resume()
    })
  }
  socket.on('message', hold).on('newListener', heard)
  return () => isHeard
}

/**
 * The messages of a connection, text as string and binary as Buffer, until it closes:
 * `for await (const message of messages(socket))`. No more than a handful are read ahead of the loop.
 */
export async function* messages(socket: WebSocket): AsyncGenerator<string | Buffer, void, undefined> {
  const waiting: (string | Buffer)[] = []
  let wake = () => {}
  const onMessage = (data: RawData, isBinary: boolean) => {
    waiting.push(isBinary ? bytesOf(data) : bytesOf(data).toString('utf8'))
    if (waiting.length >= readAhead) socket.pause()
    wake()
  }
  const onClose = () => wake()
  socket.on('message', onMessage).on('close', onClose)
  try {
    for (;;) {
      const next = waiting.shift()
      if (next !== undefined) {
        if (waiting.length === 0 && socket.isPaused) socket.resume()
        yield next
      } else if (socket.readyState === socket.CLOSED) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    socket.off('message', onMessage).off('close', onClose)
    socket.resume()
  }
}

const readAhead = 16

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
