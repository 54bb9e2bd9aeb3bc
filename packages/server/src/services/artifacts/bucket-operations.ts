// Buckets themselves.
import type { Clock } from '#kernel/clock.js'
import type { Scope } from '#kernel/scope.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { Bucket } from '#ports/buckets.js'
import type { ObjectBytes } from '#ports/objects.js'
import type { Store } from '#ports/store.js'
import { buckets, objects, requireBucket, uploads } from './documents.js'
import { dropUpload } from './drop-upload.js'
import { checkBucketName } from './names.js'

export function bucketOperations({ store, bytes, clock }: { store: Store; bytes: ObjectBytes; clock: Clock }) {
  return {
    async listBuckets(scope: Scope): Promise<Bucket[]> {
      const rows = await store.list(buckets, scope)
      return rows.map(({ id, document }) => ({ name: id, createdAt: document.createdAt }))
    },

    async createBucket(scope: Scope, bucket: string): Promise<void> {
      checkBucketName(bucket)
      const isNew = await store.transaction((tx) => tx.insert(buckets, scope, bucket, { createdAt: clock.now() }))
      // us-east-1 has always answered success here, and old clients rely on it.
      if (!isNew && scope.region !== 'us-east-1') {
        throw new BucketError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', {
          BucketName: bucket,
        })
      }
    },

    async headBucket(scope: Scope, bucket: string): Promise<void> {
      await requireBucket(store, scope, bucket)
    },

    async deleteBucket(scope: Scope, bucket: string): Promise<void> {
      const dropped = await store.transaction(async (tx) => {
        await requireBucket(tx, scope, bucket)
        const [any] = await tx.list(objects, scope, { prefix: `${bucket}/`, limit: 1 })
        if (any) throw new BucketError('BucketNotEmpty', 'The bucket you tried to delete is not empty', { BucketName: bucket })
        const handles: string[] = []
        for (const upload of await tx.list(uploads, scope, { prefix: `${bucket}/` })) handles.push(...(await dropUpload(tx, scope, upload.id)))
        await tx.delete(buckets, scope, bucket)
        return handles
      })
      for (const handle of dropped) await bytes.remove(handle)
    },
  }
}
