// Reading: find the row, check the conditions, open the bytes.
import type { Readable } from 'node:stream'
import { PortError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { ByteRange, ObjectAddress, ObjectFacts } from '#ports/buckets.js'
import type { ObjectBytes } from '#ports/objects.js'
import type { Reader } from '#ports/store.js'
import { noSuchKey, type ObjectDocument, objectId, objects, requireBucket } from './documents.js'

export async function findObject(reader: Reader, scope: Scope, { bucket, key }: ObjectAddress): Promise<ObjectDocument> {
  const found = await reader.get(objects, scope, objectId(bucket, key))
  if (found) return found
  await requireBucket(reader, scope, bucket)
  throw noSuchKey(key)
}

export function factsOf(key: string, { handle: _handle, sha256: _sha256, ...facts }: ObjectDocument): ObjectFacts {
  return { key, ...facts }
}

/** Bytes that were replaced between row and open are looked up once more. */
export async function openObject(
  { store, bytes }: { store: Reader; bytes: ObjectBytes },
  found: { scope: Scope; address: ObjectAddress; document: ObjectDocument },
  range: { start: number; end: number } | undefined,
): Promise<Readable | undefined> {
  try {
    return await bytes.read(found.document.handle, range)
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== 'missing') throw error
    const now = await findObject(store, found.scope, found.address)
    if (now.handle === found.document.handle) throw error
    return undefined
  }
}

/** S3 answers whole what it cannot understand as a range, and 416 what lies outside. */
export function resolveRange(size: number, range: ByteRange | undefined): { start: number; end: number } | undefined {
  if (!range) return undefined
  const { first, last } = range
  if (first === undefined) {
    const suffix = last ?? 0
    if (suffix === 0 || size === 0) throw outside(size)
    return { start: Math.max(0, size - suffix), end: size - 1 }
  }
  if (first >= size) throw outside(size)
  return { start: first, end: Math.min(last ?? size - 1, size - 1) }
}

function outside(size: number): BucketError {
  return new BucketError('InvalidRange', 'The requested range is not satisfiable', { ActualObjectSize: size })
}
