// The client's side of a connection: answered, and held to its limits.
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Clock } from '#kernel/clock.js'
import type { WebSocketConnection } from '#ports/web-socket.js'
import { connectionOf } from './connection.js'
import { frameRate } from './frame-rate.js'
import type { WebSocketLimits } from './limits.js'

export interface Upgrade {
  request: IncomingMessage
  socket: Duplex
  /** What came behind the head of the request. */
  head: Buffer
}

export function webSocketAcceptor(limits: WebSocketLimits, clock: Clock) {
  // Messages are not compressed: a few bytes would become any number of them.
  const server = new WebSocketServer({ noServer: true, clientTracking: false, maxPayload: limits.frameBytes, perMessageDeflate: false })

  return (upgrade: Upgrade, answer: { subprotocol?: string; headers: Readonly<Record<string, string>> }): WebSocketConnection => {
    const { request, socket, head } = upgrade
    // The library chooses by the request's header, which may hold a credential as well.
    if (answer.subprotocol === undefined) delete request.headers['sec-websocket-protocol']
    else request.headers['sec-websocket-protocol'] = answer.subprotocol
    let accepted: WebSocket | undefined
    const addHeaders = (lines: string[]) => {
      for (const [name, value] of Object.entries(answer.headers)) lines.push(`${name}: ${value}`)
    }
    server.once('headers', addHeaders)
    server.handleUpgrade(request, socket, head, (opened) => {
      accepted = opened
    })
    server.off('headers', addHeaders)
    if (!accepted) throw new Error('the library did not take an upgrade that was checked before')
    return held(accepted, limits, clock)
  }
}

function held(socket: WebSocket, limits: WebSocketLimits, clock: Clock): WebSocketConnection {
  const { framesPerSecond, longestMs, pingEveryMs } = limits
  const connection = connectionOf(socket)
  const rate = frameRate(framesPerSecond, clock)
  let isThere = true
  const count = () => {
    isThere = true
    if (!rate.take()) connection.close(1008, `more than ${framesPerSecond} frames in a second`)
  }
  socket.on('message', count).on('ping', count).on('pong', count)
  const ask = () => {
    // Of a client that is not read from, no answer can be heard.
    if (!isThere && !socket.isPaused) return socket.terminate()
    isThere = false
    socket.ping()
    cancelAsk = clock.after(pingEveryMs, ask)
  }
  let cancelAsk = clock.after(pingEveryMs, ask)
  const cancelAge = clock.after(longestMs, () => connection.close(1008, `a connection lasts at most ${longestMs / 60_000} minutes`))
  socket.once('close', () => {
    cancelAsk()
    cancelAge()
  })
  return {
    ...connection,
    pause() {
      rate.pause()
      connection.pause()
    },
    resume() {
      rate.resume()
      connection.resume()
    },
  }
}
