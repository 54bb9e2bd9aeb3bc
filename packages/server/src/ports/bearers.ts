// Callers that carry a bearer token in place of a signature, at resources that have an authorizer for it.
import type { Caller } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'

export interface BearerCall {
  /** The resource as the path names it: an ARN, or an id. */
  label: string
  query: URLSearchParams
  headers: Readonly<Record<string, string | string[] | undefined>>
  /** Absent: the request carries no credentials at all. */
  token: string | undefined
}

export interface Bearers {
  /** Throws what the caller is to hear; Unauthenticated where a token would help. */
  authenticate(call: BearerCall): Promise<Caller>
}

/** 401, with the way to a token: RFC 9728, 5.1. */
export class Unauthenticated extends ServiceError {
  /** Of the protected resource's metadata, from the root of whatever host was called. */
  readonly metadataPath: string

  constructor(message: string, metadataPath: string, options: { cause?: unknown } = {}) {
    super('UnauthorizedException', message, options)
    this.metadataPath = metadataPath
  }
}
