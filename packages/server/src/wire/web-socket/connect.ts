// The agent's side of a connection: opened over its unix socket.
import type { ClientRequest, IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import { WebSocket } from 'ws'
import { AgentUnreachable } from '#ports/agent-link.js'
import { type ConnectWebSocket, WebSocketRefused } from '#ports/web-socket.js'
import { connectionOf } from './connection.js'
import { webSocketLimits } from './limits.js'

export const connectWebSocket: ConnectWebSocket = ({ socketPath, host, path, headers, subprotocols, answerMs, signal }) => {
  signal.throwIfAborted()
  const offered = subprotocols.join(', ')
  const socket = new WebSocket(`ws://${host}${path}`, {
    createConnection: () => connect(socketPath),
    // Not by the library's own parameter: it takes an agent that chooses none for a broken one.
    headers: offered === '' ? headers : { ...headers, 'Sec-WebSocket-Protocol': offered },
    handshakeTimeout: answerMs,
    maxPayload: webSocketLimits.frameBytes,
    perMessageDeflate: false,
  })
  return new Promise((resolve, reject) => {
    let chosen = ''
    let malformed: string | undefined
    const settle = (fault: unknown) => {
      signal.removeEventListener('abort', cut)
      socket.off('close', broke)
      if (fault !== undefined) reject(fault)
    }
    const refuse = (fault: unknown) => {
      settle(fault)
      socket.on('error', () => undefined)
      socket.terminate()
    }
    const cut = () => refuse(signal.reason)
    const broke = () => settle(new AgentUnreachable('broke'))
    signal.addEventListener('abort', cut, { once: true })
    socket.once('close', broke)
    socket.once('unexpected-response', (request: ClientRequest, response: IncomingMessage) => {
      refuse(new WebSocketRefused(response.statusCode ?? 0))
      request.destroy()
    })
    socket.once('error', (fault: Error) => refuse(translated(malformed ? new Error(malformed) : fault)))
    socket.once('upgrade', ({ headers: answered }: IncomingMessage) => {
      const named = answered['sec-websocket-protocol']
      if (named === undefined) return
      if (subprotocols.includes(named)) chosen = named
      else malformed = `the agent chose the subprotocol "${named.slice(0, 100)}", which was not offered`
      if (!malformed) delete answered['sec-websocket-protocol']
    })
    socket.once('open', () => {
      settle(undefined)
      resolve({ ...connectionOf(socket), subprotocol: chosen })
    })
  })
}

function translated(cause: NodeJS.ErrnoException): AgentUnreachable {
  // The library's only word for it.
  if (cause.message === 'Opening handshake has timed out') return new AgentUnreachable('silent', { cause })
  return new AgentUnreachable(cause.code === 'ECONNREFUSED' || cause.code === 'ENOENT' ? 'refused' : 'broke', { cause })
}
