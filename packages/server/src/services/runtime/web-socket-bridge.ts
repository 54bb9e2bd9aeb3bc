// Two WebSockets as one: messages, back-pressure and the end pass in both directions.
import type { WebSocketConnection } from '#ports/web-socket.js'

export interface BridgeEvents {
  /** A message of either side, or a ping of the client: what AWS counts as use. */
  used(): void
  agentBrokeOff(): void
  /** Once, when both sides are told to close. */
  ended(): void
}

/** Above the first, whoever sends is no longer read; below the second it is again. */
const [mostWaiting, fewWaiting] = [256 * 1024, 64 * 1024]

/** Starts both. */
export function bridge(client: WebSocketConnection, agent: WebSocketConnection, { used, agentBrokeOff, ended }: BridgeEvents): void {
  let isOpen = true
  const end = (tell: () => void) => {
    if (!isOpen) return
    isOpen = false
    tell()
    ended()
  }
  const toAgent = passing(client, agent)
  const toClient = passing(agent, client)
  client.start({
    message(data, isBinary) {
      used()
      toAgent(data, isBinary)
    },
    ping: used,
    // A client that is gone without a word looks to the agent as it would without us between.
    closed: (code, reason) => end(() => agent.close(code, reason)),
  })
  agent.start({
    message(data, isBinary) {
      used()
      toClient(data, isBinary)
    },
    // Servers ping by the clock: that is no use of the session.
    ping: () => undefined,
    closed(code, reason) {
      end(() => {
        if (code !== 1006) return client.close(code, reason)
        agentBrokeOff()
        client.close(1011, 'the agent broke off the connection')
      })
    },
  })
}

function passing(from: WebSocketConnection, to: WebSocketConnection): (data: Buffer, isBinary: boolean) => void {
  let isPaused = false
  const sent = () => {
    if (!isPaused || to.waitingBytes() > fewWaiting) return
    isPaused = false
    from.resume()
  }
  return (data, isBinary) => {
    to.send(data, isBinary, sent)
    if (isPaused || to.waitingBytes() <= mostWaiting) return
    isPaused = true
    from.pause()
  }
}
