// The shape of one S3 operation: how it is recognised, what it may carry, and what it does.
import type { Readable } from 'node:stream'
import type { Context } from '#kernel/context.js'
import type { Buckets } from '#ports/buckets.js'
import type { VerifiedBody, WireRequest } from '#wire/exchange.js'
import type { S3Address } from './address.js'

export interface S3Operation {
  /** AWS's name. */
  name: string
  /** IAM's name, after `s3:`. */
  action: string
  method: string
  level: S3Address['level']
  /** Query parameters that make it this operation and no other. */
  marks?: readonly string[]
  /** A header that makes it this operation. */
  markHeader?: string
  /** Query parameters that it understands; any other is refused by name. */
  query?: readonly string[]
  /** Root element of the XML in its body. */
  xml?: string
  /** The body is the object. */
  takesObject?: boolean
  /** x-amz-checksum-… describes the object, not this body. */
  checksumsDescribeObject?: boolean
  /** What the call is about, where the path does not say it. */
  keyOf?(xml: Buffer): string | undefined
  run(call: S3Call): Promise<S3Answer>
}

/** Everything about one request, before anything is believed about its values. */
export interface S3Request extends S3Address {
  operation: S3Operation
  wire: WireRequest
  query: URLSearchParams
  /** Lower-case names; parameters of a presigned URL that stand for headers are among them. */
  headers: Readonly<Record<string, string>>
}

export interface S3Call extends S3Request {
  body: VerifiedBody
  /** The body, where the operation has XML. */
  xml: Buffer
  buckets: Buckets
  context: Context
  /** Throws AccessDenied unless the caller may do `action` to the object as well. */
  authorize(action: string, bucket: string, key: string): void
}

export interface S3Answer {
  status?: number
  headers?: Record<string, string | number>
  xml?: string
  stream?: Readable
}
