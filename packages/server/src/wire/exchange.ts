// One request and its answer on their way through the pipeline. Steps fill it in, in the order of pipeline.ts.
import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { Readable } from 'node:stream'
import type { Caller, Context } from '#kernel/context.js'
import type { Span } from '#ports/telemetry.js'
import type { BearerClaim } from './bearer-claim.js'
import type { CredentialClaim } from './credential-claim.js'
import type { MatchedOperation, Protocol } from './protocol.js'

/** Where the request came in: the platform's port, or the listener of one running session. */
export type Entrance = { kind: 'port' } | { kind: 'session'; instanceId: string }

export interface WireRequest {
  method: string
  /** Undecoded path, before the question mark. */
  rawPath: string
  /** Undecoded query, without the question mark; empty when there is none. */
  rawQuery: string
  /** Lower-case names; repeated values joined as node does. */
  headers: IncomingHttpHeaders
  /** Name, value, name, value… as received. */
  rawHeaders: readonly string[]
  body: Readable
  httpVersionMajor: number
  /** By which the client speaks to us. */
  scheme: 'http' | 'https'
  entrance: Entrance
  /** Where it is known, only a signature without this port is taken for one with it. */
  ownPort?: number
}

/** node's response. HTTP/2's has the same members and comes under this type too (server.ts). */
export type WireResponse = ServerResponse

export interface Exchange {
  request: WireRequest
  response: WireResponse
  requestId: string
  /** Epoch milliseconds at which the head was read. */
  receivedAt: number
  /** Aborts when the client goes away or the platform drains. */
  readonly signal: AbortSignal
  span?: Span
  claim?: CredentialClaim | BearerClaim
  protocol?: Protocol
  operation?: MatchedOperation
  caller?: Caller
  /** The body after verification: the bytes that were signed for, with any transfer framing removed. */
  body?: VerifiedBody
  input?: unknown
  context?: Context
  /** What the call is about, as policies see it. */
  resourceArn?: string
  output?: unknown
}

/** A request body whose bytes are vouched for, or will be: a streamed one ends with an error when its hash does not match. */
export interface VerifiedBody {
  stream: Readable
  /** Set when all of it was small enough to be read already: no need to touch `stream` then. */
  bytes?: Buffer
  /** Known length in bytes, after transfer framing is removed. */
  length: number | undefined
  /** By lower-case name; complete when the stream has ended. */
  trailers?: ReadonlyMap<string, string>
  /** Frees what was spooled. Safe to call twice. */
  release(): Promise<void>
}

/** The reason of an exchange's signal when the client left; a draining platform gives another. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone'
}

function filled<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`a step that needs ${what} ran before the step that fills it in`)
  return value
}

export const claimOf = (exchange: Exchange) => filled(exchange.claim, 'the credential claim')
export const protocolOf = (exchange: Exchange) => filled(exchange.protocol, 'the protocol')
export const operationOf = (exchange: Exchange) => filled(exchange.operation, 'the operation')
export const callerOf = (exchange: Exchange) => filled(exchange.caller, 'the caller')
export const bodyOf = (exchange: Exchange) => filled(exchange.body, 'the verified body')
export const contextOf = (exchange: Exchange) => filled(exchange.context, 'the context')
/** Who signs says in which Region; a token is accepted by a resource of one. */
export function regionOf(exchange: Exchange): string {
  const claim = claimOf(exchange)
  return claim.kind === 'bearer' ? callerOf(exchange).region : claim.region
}
