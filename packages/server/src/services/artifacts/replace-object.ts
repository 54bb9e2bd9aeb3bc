// The one place where an object appears or changes: bytes are durable before the row, the row changes in one
// transaction, and the replaced bytes go afterwards. A crash in between leaves bytes that no row names; they are swept at start.

import { PortError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { Conditions, ObjectAddress } from '#ports/buckets.js'
import type { ObjectBytes, StoredObject } from '#ports/objects.js'
import type { Store, Transaction } from '#ports/store.js'
import { checkWrite } from './conditions.js'
import { type ObjectDocument, objectId, objects, requireBucket } from './documents.js'

interface Replacement {
  address: ObjectAddress
  document: ObjectDocument
  conditions: Conditions
  /** Further changes that belong to it; may add handles whose bytes are no longer needed. */
  along?: (tx: Transaction) => Promise<string[]>
}

export async function replaceObject({ store, bytes }: { store: Store; bytes: ObjectBytes }, scope: Scope, replacement: Replacement): Promise<void> {
  const { address, document, conditions, along } = replacement
  const id = objectId(address.bucket, address.key)
  const unneeded = await orRemoved(bytes, document.handle, () =>
    store.transaction(async (tx) => {
      await requireBucket(tx, scope, address.bucket)
      const existing = await tx.get(objects, scope, id)
      checkWrite(existing, conditions)
      const handles = along ? await along(tx) : []
      await tx.put(objects, scope, id, document)
      return existing ? [...handles, existing.handle] : handles
    }),
  )
  for (const handle of unneeded) await bytes.remove(handle)
}

/** New bytes go again when the row that should name them is refused. */
export async function orRemoved<Result>(bytes: ObjectBytes, handle: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    await bytes.remove(handle)
    throw error
  }
}

/** Writes to disk; a disk or size problem becomes what S3 would say. */
export async function writeBytes(bytes: ObjectBytes, body: Parameters<ObjectBytes['write']>[0], maxBytes: number): Promise<StoredObject> {
  try {
    return await bytes.write(body, { maxBytes })
  } catch (error) {
    if (!(error instanceof PortError)) throw error
    if (error.code === 'too-large')
      throw new BucketError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size', { MaxSizeAllowed: maxBytes })
    throw new BucketError('ServiceUnavailable', `The object could not be written: ${error.message}`)
  }
}
