// An open socket of the library as the port's connection.
import { WebSocket } from 'ws'
import type { WebSocketConnection, WebSocketEvents } from '#ports/web-socket.js'

/** The library's names of what the other side did wrong, as the code that it closes with. */
const faultCodes: Readonly<Record<string, number>> = { WS_ERR_UNSUPPORTED_MESSAGE_LENGTH: 1009, WS_ERR_INVALID_UTF8: 1007 }
const longestReason = 123

export function connectionOf(socket: WebSocket): WebSocketConnection {
  let events: WebSocketEvents | undefined
  let end: { code: number; reason: string } | undefined
  const finish = (code: number, reason: string) => {
    if (end) return
    end = { code, reason }
    events?.closed(code, reason)
  }
  socket.pause()
  socket.on('error', (fault: NodeJS.ErrnoException) => {
    if (fault.code?.startsWith('WS_ERR_')) finish(faultCodes[fault.code] ?? 1002, '')
  })
  socket.once('close', (code, reason) => finish(code, reason.toString()))
  return {
    subprotocol: socket.protocol,
    start(given) {
      events = given
      if (end) return given.closed(end.code, end.reason)
      socket.on('message', (data: Buffer, isBinary) => {
        if (!end) given.message(data, isBinary)
      })
      socket.on('ping', () => {
        if (!end) given.ping()
      })
      socket.resume()
    },
    send(data, isBinary, sent) {
      if (end || socket.readyState !== WebSocket.OPEN) sent?.()
      else socket.send(data, { binary: isBinary }, () => sent?.())
    },
    waitingBytes: () => socket.bufferedAmount,
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close(code, reason) {
      if (end) return
      // Else the other side's answer to the close frame would never be read.
      socket.resume()
      if (code === 1006) socket.terminate()
      else if (code === 1005) socket.close()
      else socket.close(code, cut(reason))
      finish(code, reason)
    },
  }
}

/** To as many bytes as a close frame has room for, at a character's border. */
function cut(reason: string): string {
  let text = reason
  while (Buffer.byteLength(text) > longestReason) text = text.slice(0, -1)
  return text.toWellFormed()
}
