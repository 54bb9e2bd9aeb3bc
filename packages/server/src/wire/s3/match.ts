// From method, path, query and headers to one of the operations; what asks for more is refused by name.
import { BucketError } from '#ports/bucket-errors.js'
import type { WireRequest } from '#wire/exchange.js'
import { readAddress } from './address.js'
import { bucketCalls } from './bucket-calls.js'
import { listingCalls } from './listing-calls.js'
import { multipartCalls } from './multipart-calls.js'
import { objectCalls } from './object-calls.js'
import type { S3Operation, S3Request } from './operation.js'

/** The first that fits is the one: those with marks come before those without. */
const operations: readonly S3Operation[] = [...bucketCalls, ...multipartCalls, ...objectCalls, ...listingCalls].toSorted(
  (a, b) => marksOf(b) - marksOf(a),
)

function marksOf({ marks, markHeader }: S3Operation): number {
  return (marks?.length ?? 0) + (markHeader ? 1 : 0)
}

export function matchS3(wire: WireRequest): S3Request {
  const address = readAddress(wire)
  const { query, headers } = split(wire)
  const operation = operations.find(
    ({ method, level, marks = [], markHeader }) =>
      method === wire.method &&
      level === address.level &&
      marks.every((mark) => query.has(mark)) &&
      (markHeader === undefined || headers[markHeader] !== undefined),
  )
  const where = address.level === 'service' ? 'the list of buckets' : `${address.level === 'bucket' ? 'a' : 'an'} ${address.level}`
  if (!operation) throw notServed(`${wire.method} on ${where}`)
  const understood = [...(operation.marks ?? []), ...(operation.query ?? []), 'x-id']
  const other = [...query.keys()].find((name) => !understood.includes(name))
  if (other !== undefined) throw notServed(`${wire.method} on ${where} with ?${other.slice(0, 64)}`)
  return { ...address, operation, wire, query, headers }
}

/** A presigned URL carries headers as parameters: they mean the same there. */
function split({ rawQuery, headers: received }: WireRequest): Pick<S3Request, 'query' | 'headers'> {
  const query = new URLSearchParams(rawQuery)
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(received)) if (typeof value === 'string') headers[name] = value
  for (const [name, value] of [...query]) {
    const header = name.toLowerCase()
    if (!header.startsWith('x-amz-')) continue
    query.delete(name)
    if (!signing.has(header)) headers[header] ??= value
  }
  return { query, headers }
}

const signing = new Set([
  'x-amz-algorithm',
  'x-amz-credential',
  'x-amz-date',
  'x-amz-expires',
  'x-amz-signedheaders',
  'x-amz-signature',
  'x-amz-security-token',
])

function notServed(what: string): BucketError {
  return new BucketError('NotImplemented', `${what} is not served by agentworks. docs/conformance.md lists what works.`)
}
