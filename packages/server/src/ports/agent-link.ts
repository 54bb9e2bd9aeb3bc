// HTTP to one agent, however it is reached.
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'

export interface AgentCall {
  method: 'GET' | 'POST' | 'DELETE'
  path: string
  headers: OutgoingHttpHeaders
  body?: Readable | Buffer
  /** From the request to the head of the answer. */
  answerMs: number
  /** The first that aborts ends the call. Not one signal made of them: that costs more than the rest of a call. */
  signals: readonly AbortSignal[]
}

/** The head of an answer, and its body as a stream. */
export interface AgentAnswer extends Readable {
  readonly statusCode: number
  readonly headers: IncomingHttpHeaders
  /** All of the body, when it is there already and nobody has begun to read it; the stream is closed then. */
  whole(): Buffer | undefined
}

export interface AgentLink {
  /** What it calls; for what speaks another protocol than plain HTTP. */
  readonly socketPath: string
  /** Resolves with the head; the body streams. Rejects with AgentUnreachable or a signal's reason. */
  call(call: AgentCall): Promise<AgentAnswer>
  /** Drops the connections. */
  close(): void
}

export class AgentUnreachable extends Error {
  override readonly name = 'AgentUnreachable'
  readonly kind: 'refused' | 'broke' | 'silent'

  constructor(kind: 'refused' | 'broke' | 'silent', options?: { cause: unknown }) {
    super(`agent ${kind}`, options)
    this.kind = kind
  }
}
