// What is no request of HTTP/1.1: two readings of where it ends, a head without an end in size or in time.
import type { Socket } from 'node:net'

const answers: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: '413 Payload Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
}

/** Nothing more is read from the connection: what follows could be somebody else's request only to whoever reads it otherwise. */
export function refuseMalformed(socket: Socket, { code = '' }: NodeJS.ErrnoException, isAnswering: boolean): void {
  if (!socket.writable || isAnswering) {
    socket.destroy()
    return
  }
  const status = answers[code] ?? '400 Bad Request'
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy())
}
