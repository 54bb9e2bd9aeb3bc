// One connection to a shell, from its first status to its close.
import type { RawData, WebSocket } from 'ws'
import { channels, frame, type ShellStatus, statusIn } from './shell-frames.js'
import { ShellLost } from './shell-lost.js'

export interface ShellConnection {
  send(channel: number, payload?: Uint8Array): Promise<void>
  pause(): void
  resume(): void
  /** Goes; the shell stays. */
  leave(): void
  /** Never rejects. */
  closed: Promise<ShellClosing>
}

export interface ShellClosing {
  code: number
  reason: string
  lastedMs: number
}

export interface ShellListener {
  status(status: ShellStatus): void
  output(kind: 'stdout' | 'stderr', data: Uint8Array): void
}

/** Opens a WebSocket and calls `prepare` before a frame can come. */
export type Dial = (prepare: (socket: WebSocket) => void) => Promise<WebSocket>

/** As the official clients wait. */
const firstStatusMs = 10_000

/** Resolves when the shell has said that it is there. */
export async function connectShell(dial: Dial, listener: ShellListener, heartbeatMs: number): Promise<ShellConnection> {
  const openedAt = performance.now()
  const closed = Promise.withResolvers<ShellClosing>()
  const first = Promise.withResolvers<void>()
  const prepare = (socket: WebSocket) => {
    const impatient = setTimeout(() => socket.terminate(), firstStatusMs)
    const stopBeating = beat(socket, heartbeatMs)
    socket.on('message', (raw: RawData) => {
      const data = bytesOf(raw)
      const payload = data.subarray(1)
      if (data[0] === channels.stdout) listener.output('stdout', payload)
      else if (data[0] === channels.stderr) listener.output('stderr', payload)
      else if (data[0] === channels.status) {
        clearTimeout(impatient)
        listener.status(statusIn(payload))
        first.resolve()
      }
    })
    // What failed is told by the close that follows.
    socket.on('error', () => {})
    socket.once('close', (code, reason) => {
      clearTimeout(impatient)
      stopBeating()
      closed.resolve({ code, reason: String(reason), lastedMs: performance.now() - openedAt })
    })
  }
  const socket = await dial(prepare)
  await Promise.race([first.promise, closed.promise])
  if (socket.readyState === socket.CLOSED) {
    const { code, reason } = await closed.promise
    throw new ShellLost(`the connection was closed before the shell was there: ${code} ${reason}`.trimEnd())
  }
  return {
    send: (channel, payload) =>
      new Promise((resolve, reject) => socket.send(frame(channel, payload), (error) => (error ? reject(error) : resolve()))),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    leave: () => socket.close(1000),
    closed: closed.promise,
  }
}

/** A connection that does not answer is cut, so that it can be taken up. One that we ourselves do not read cannot be asked. */
function beat(socket: WebSocket, everyMs: number): () => void {
  let isAlive = true
  socket.on('pong', () => {
    isAlive = true
  })
  const timer = setInterval(() => {
    if (socket.readyState !== socket.OPEN || socket.isPaused) return
    if (!isAlive) return socket.terminate()
    isAlive = false
    socket.ping()
  }, everyMs)
  return () => clearInterval(timer)
}

function bytesOf(data: RawData): Buffer {
  if (Buffer.isBuffer(data)) return data
  return Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data)
}
