// TLS around a connection: the handshake, bounded in time, and which version of HTTP was agreed in it.
import type { Socket } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import type { CertificateAndKey, ServerCertificates } from '#ports/server-certificates.js'

/** The first byte of a TLS connection: a handshake record. No method of HTTP begins with it. */
export const tlsHandshake = 0x16

const handshakeTimeout = 10_000

/** Takes sockets that are paused, with what was read of them put back. */
export function tlsUnwrapper(
  certificates: ServerCertificates,
  proceed: (secure: TLSSocket, isHttp2: boolean, socket: Socket) => void,
): (socket: Socket) => Promise<void> {
  const server = createServer({
    handshakeTimeout,
    ALPNProtocols: ['h2', 'http/1.1'],
    SNICallback: (name, answer) => {
      certificates.contextFor(name).then(
        (found) => answer(null, found),
        (refused: Error) => answer(refused),
      )
    },
  })
  /** Node does not tell which connection a handshake was on. */
  const shaking = new Map<string, Socket>()
  const placeOf = ({ remoteAddress, remotePort, localPort }: Socket) => `${remoteAddress} ${remotePort} ${localPort}`
  server.on('secureConnection', (secure) => {
    secure.on('error', () => secure.destroy())
    proceed(secure, secure.alpnProtocol === 'h2', shaking.get(placeOf(secure)) ?? secure)
  })
  server.on('tlsClientError', (_error, secure) => secure.destroy())
  let shown: CertificateAndKey | undefined
  return async (socket) => {
    const unnamed = await certificates.unnamed().catch(() => undefined)
    if (!unnamed || socket.destroyed) return void socket.destroy()
    if (unnamed !== shown) server.setSecureContext(unnamed)
    shown = unnamed
    const place = placeOf(socket)
    shaking.set(place, socket)
    socket.once('close', () => shaking.delete(place))
    server.emit('connection', socket)
  }
}
