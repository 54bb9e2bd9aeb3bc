// Values of headers and query parameters, read with S3's own messages.
import { validateHeaderName, validateHeaderValue } from 'node:http'
import { type ChecksumAlgorithm, checksumAlgorithms } from '#kernel/checksums.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { ByteRange, Conditions, CopySource, Incoming, ObjectDescription } from '#ports/buckets.js'
import { decoded } from './address.js'
import { announcedTrailer, checksumHeader, statedChecksum } from './body-checks.js'
import type { S3Call } from './operation.js'

type Headers = S3Call['headers']

export function invalidArgument(name: string, message: string): BucketError {
  return new BucketError('InvalidArgument', message, { ArgumentName: name })
}

export function wholeNumber(text: string | null | undefined, name: string, { from, to }: { from: number; to: number }): number {
  const value = /^\d{1,15}$/.test(text ?? '') ? Number(text) : Number.NaN
  if (!(value >= from && value <= to)) throw invalidArgument(name, `${name} must be an integer between ${from} and ${to}`)
  return value
}

export function conditionsOf(headers: Headers, prefix = ''): Conditions {
  const etags = (text: string | undefined) =>
    text?.split(',').map((etag) =>
      etag
        .trim()
        .replace(/^W\//, '')
        .replace(/^"(.*)"$/, '$1'),
    )
  const time = (text: string | undefined) => {
    const at = text === undefined ? Number.NaN : Date.parse(text)
    // RFC 9110: a date that is none counts as not sent.
    return Number.isNaN(at) ? undefined : at
  }
  return {
    ifMatch: etags(headers[`${prefix}if-match`]),
    ifNoneMatch: etags(headers[`${prefix}if-none-match`]),
    ifModifiedSince: time(headers[`${prefix}if-modified-since`]),
    ifUnmodifiedSince: time(headers[`${prefix}if-unmodified-since`]),
  }
}

/** `undefined` for what is no single range of bytes: the whole object is answered then, as S3 does. */
export function rangeOf(text: string | undefined): ByteRange | undefined {
  const [, first, last] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text?.trim() ?? '') ?? []
  if (first === undefined || last === undefined || (first === '' && last === '')) return undefined
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  return { first: first === '' ? undefined : Number(first), last: last === '' ? undefined : Number(last) }
}

const describing = ['content-type', 'content-encoding', 'content-disposition', 'content-language', 'cache-control', 'expires']

/** S3 User Guide, "Working with object metadata": user-defined metadata is limited to 2 KB. */
const maxMetadataBytes = 2048

export function descriptionOf(headers: Headers): ObjectDescription {
  const kept: Record<string, string> = {}
  for (const name of describing) {
    // The framing of the upload is no property of the object.
    const value = name === 'content-encoding' ? headers[name]?.replace(/\baws-chunked\b,?\s*/g, '').replace(/,\s*$/, '') : headers[name]
    if (value) kept[name] = value
  }
  const metadata: Record<string, string> = {}
  let bytes = 0
  for (const [name, value] of Object.entries(headers)) {
    if (!name.startsWith('x-amz-meta-')) continue
    checkAnswerable(name, value)
    metadata[name.slice('x-amz-meta-'.length)] = value
    bytes += name.length - 'x-amz-meta-'.length + value.length
  }
  if (bytes > maxMetadataBytes)
    throw new BucketError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size', {
      Size: bytes,
      MaxSizeAllowed: maxMetadataBytes,
    })
  return { headers: kept, metadata }
}

/** Metadata of a presigned URL never was a header: what could not be one would break every later answer that shows it. */
function checkAnswerable(name: string, value: string): void {
  try {
    validateHeaderName(name)
  } catch {
    throw invalidArgument(printable(name), 'The name of user metadata must be a valid name of an HTTP header: letters, digits, - and _.')
  }
  try {
    validateHeaderValue(name, value)
  } catch {
    throw invalidArgument(
      name,
      'The value of user metadata must be a valid value of an HTTP header: no control characters, and letters of Latin-1 only. Encode others, for example as RFC 2047 does.',
    )
  }
}

/** XML cannot carry every character that a query can. */
const printable = (text: string) => text.slice(0, 128).replace(/[^\x20-\x7e]/g, '?')

export function incomingOf({ wire, body }: S3Call): Incoming {
  const trailer = announcedTrailer(wire)
  return {
    body: body.stream,
    checksum: () => {
      const value = trailer && body.trailers?.get(checksumHeader(trailer))
      return trailer && value !== undefined ? { algorithm: trailer, value } : statedChecksum(wire)
    },
  }
}

export function copySourceOf(headers: Headers): CopySource {
  const [path = '', version] = (headers['x-amz-copy-source'] ?? '').split('?versionId=')
  if (version !== undefined && version !== 'null')
    throw new BucketError('NotImplemented', 'Versions are not served by agentworks: x-amz-copy-source names one.')
  const [, bucket, key] = /^\/?([^/]+)\/(.+)$/s.exec(decoded(path)) ?? []
  if (!bucket || !key) throw invalidArgument('x-amz-copy-source', 'Invalid copy source object key: x-amz-copy-source must be bucket/key, URL-encoded')
  return { bucket, key, conditions: conditionsOf(headers, 'x-amz-copy-source-') }
}

export function checksumAlgorithmOf(headers: Headers): ChecksumAlgorithm | undefined {
  const asked = headers['x-amz-checksum-algorithm']
  if (asked === undefined) return undefined
  const found = checksumAlgorithms.find((algorithm) => algorithm === asked.toUpperCase())
  if (!found)
    throw new BucketError(
      'NotImplemented',
      `The checksum algorithm asked for is not served by agentworks. Use one of ${checksumAlgorithms.join(', ')}.`,
    )
  return found
}
