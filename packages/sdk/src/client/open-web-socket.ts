// A WebSocket that is open, or the reason why it is not.
import type { IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import { UpgradeRefused } from './upgrade-refused.js'
import type { WebSocketAddress } from './web-socket-address.js'

export interface Opening {
  signal?: AbortSignal
  subprotocols?: string[]
  /** Put on before a message can come. */
  prepare?: (socket: WebSocket) => void
}

export async function openWebSocket({ url, headers }: WebSocketAddress, { signal, subprotocols = [], prepare }: Opening): Promise<WebSocket> {
  signal?.throwIfAborted()
  // Compression costs more than it saves on small messages, and the platform offers none.
  const socket = new WebSocket(url, subprotocols, { headers, perMessageDeflate: false, followRedirects: false })
  prepare?.(socket)
  const { promise, resolve, reject } = Promise.withResolvers<WebSocket>()
  const onAbort = () => {
    reject(signal?.reason)
    socket.terminate()
  }
  signal?.addEventListener('abort', onAbort, { once: true })
  socket.once('open', () => resolve(socket))
  socket.once('error', reject)
  socket.once('unexpected-response', (request, response: IncomingMessage) => {
    refusalOf(response)
      .then(reject, reject)
      .finally(() => request.destroy())
  })
  try {
    return await promise
  } finally {
    signal?.removeEventListener('abort', onAbort)
    socket.off('error', reject)
  }
}

async function refusalOf(response: IncomingMessage): Promise<UpgradeRefused> {
  const said = await text(response)
  const header = (name: string) => [response.headers[name]].flat()[0]
  return new UpgradeRefused({
    status: response.statusCode ?? 0,
    type: header('x-amzn-errortype')?.split(':', 1)[0] ?? 'UnexpectedResponse',
    message: messageIn(said),
    requestId: header('x-amzn-requestid'),
  })
}

function messageIn(said: string): string {
  try {
    const parsed: unknown = JSON.parse(said)
    if (typeof parsed === 'object' && parsed !== null && 'message' in parsed) return String(parsed.message)
  } catch {
    // no JSON: the text itself says it
  }
  return said.slice(0, 1_000) || 'no reason given'
}
