// Conditional requests, in the order of RFC 9110 section 13.2.2.
import { BucketError } from '#ports/bucket-errors.js'
import type { Conditions } from '#ports/buckets.js'
import type { ObjectDocument } from './documents.js'

/** HTTP dates have no fractions: an object changed 300 ms after the second is not newer than that second. */
const toSecond = (ms: number) => Math.floor(ms / 1000) * 1000

export function checkRead({ etag, modifiedAt }: ObjectDocument, { ifMatch, ifNoneMatch, ifModifiedSince, ifUnmodifiedSince }: Conditions): void {
  if (ifMatch) {
    if (!matches(ifMatch, etag)) throw failed('If-Match')
  } else if (ifUnmodifiedSince !== undefined && toSecond(modifiedAt) > ifUnmodifiedSince) throw failed('If-Unmodified-Since')
  if (ifNoneMatch) {
    if (matches(ifNoneMatch, etag)) throw notModified(etag)
  } else if (ifModifiedSince !== undefined && toSecond(modifiedAt) <= ifModifiedSince) throw notModified(etag)
}

/** The source of a copy: never "not modified", since nothing is read back. */
export function checkCopySource(source: ObjectDocument, conditions: Conditions): void {
  try {
    checkRead(source, conditions)
  } catch (error) {
    if (error instanceof BucketError && error.bucketCode === 'NotModified') throw failed('x-amz-copy-source-if-none-match')
    throw error
  }
}

/** Inside the transaction that replaces the object. */
export function checkWrite(existing: ObjectDocument | undefined, { ifMatch, ifNoneMatch }: Conditions): void {
  if (ifMatch && (!existing || !matches(ifMatch, existing.etag))) throw failed('If-Match')
  if (ifNoneMatch && existing && matches(ifNoneMatch, existing.etag)) throw failed('If-None-Match')
}

function matches(etags: readonly string[], etag: string): boolean {
  return etags.some((candidate) => candidate === '*' || candidate === etag)
}

function failed(condition: string): BucketError {
  return new BucketError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', { Condition: condition })
}

function notModified(etag: string): BucketError {
  return new BucketError('NotModified', 'Not Modified', { ETag: etag })
}
