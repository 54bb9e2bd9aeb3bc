// A WebSocket as services see it, whichever side opened it.
import type { Context } from '#kernel/context.js'

export interface WebSocketEvents {
  message(data: Buffer, isBinary: boolean): void
  /** The other side asked whether we are there; it has been answered. */
  ping(): void
  /** Once, as soon as the end is known, whoever brought it. 1005: no code was given; 1006: it broke. */
  closed(code: number, reason: string): void
}

export interface WebSocketConnection {
  /** The one that was agreed on; empty when none was. */
  readonly subprotocol: string
  /** Nothing is read before. Called once. */
  start(events: WebSocketEvents): void
  /** After the end it does nothing. `sent` is called in any case, when the bytes have left or never will. */
  send(data: Buffer | string, isBinary: boolean, sent?: () => void): void
  /** Bytes that were sent and have not left: above some mark the source must be paused. */
  waitingBytes(): number
  pause(): void
  resume(): void
  /** 1005 closes without a code, 1006 breaks it off. A reason over 123 bytes is cut. After the end it does nothing. */
  close(code: number, reason: string): void
}

/** An upgrade whose caller is known and may do it, before it is answered. */
export interface WebSocketCall {
  /** As in the path, decoded: an ARN or an id. */
  agentRuntimeArn: string
  /** Without what belongs to the signature. */
  query: URLSearchParams
  /** What the client offers, in its order, without credentials. */
  subprotocols: readonly string[]
  /**
   * Answers the upgrade. The connection's limits (bytes of a frame, frames a second, lifetime), the client that is no longer there,
   * and the platform's stop are seen to; `start` must be called before anything is awaited. Throw a ServiceError in place of it to refuse.
   */
  accept(answer: { subprotocol?: string; headers?: Readonly<Record<string, string>> }): WebSocketConnection
}

/** Resolves when the upgrade was accepted and whoever serves the connection has started; not when it ends. */
type WebSocketHandler = (context: Context, call: WebSocketCall) => Promise<void>

export interface WebSocketRoute {
  /** Below `/runtimes/{agentRuntimeArn}`. */
  path: '/ws' | '/ws/shells'
  /** AWS's name, as IAM has it. */
  name: string
  open: WebSocketHandler
}

export interface OutgoingWebSocket {
  socketPath: string
  /** How the other side sees itself addressed: `127.0.0.1:8080`. */
  host: string
  path: string
  headers: Readonly<Record<string, string>>
  subprotocols: readonly string[]
  /** For the answer to the upgrade. */
  answerMs: number
  signal: AbortSignal
}

/** Opens one to an agent. Throws WebSocketRefused, AgentUnreachable, or the signal's reason. */
export type ConnectWebSocket = (to: OutgoingWebSocket) => Promise<WebSocketConnection>

/** The other side answered the upgrade with something else. */
export class WebSocketRefused extends Error {
  override readonly name = 'WebSocketRefused'
  readonly status: number

  constructor(status: number) {
    super(`the upgrade was answered with ${status}`)
    this.status = status
  }
}
