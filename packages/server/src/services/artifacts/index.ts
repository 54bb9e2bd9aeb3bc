// Artifacts: buckets and objects, enough for what agents and their builders keep. The s3 scope speaks to it through ports/buckets.ts.
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { Scope } from '#kernel/scope.js'
import type { Buckets } from '#ports/buckets.js'
import type { ObjectBytes } from '#ports/objects.js'
import type { Store } from '#ports/store.js'
import { bucketOperations } from './bucket-operations.js'
import { objectId, objects } from './documents.js'
import { listObjects } from './list-objects.js'
import { multipartOperations } from './multipart-operations.js'
import { objectOperations } from './object-operations.js'
import { sweepOrphans } from './sweep-orphans.js'

export interface LocatedObject {
  /** On this host; gone once the object is replaced or deleted. */
  path: string
  size: number
  sha256: string
  etag: string
}

export interface Artifacts extends Buckets {
  locate(scope: Scope, bucket: string, key: string): Promise<LocatedObject | undefined>
  /** Before the first request. Resolves with how many byte sequences went. */
  sweepOrphans(): Promise<number>
}

export function artifacts(ports: { store: Store; bytes: ObjectBytes; clock: Clock; ids: Pick<Ids, 'alphanumeric'> }): Artifacts {
  const { store, bytes } = ports
  return {
    ...bucketOperations(ports),
    ...objectOperations(ports),
    ...multipartOperations(ports),
    listObjects: (scope, listing) => listObjects(store, scope, listing),

    async locate(scope, bucket, key) {
      const found = await store.get(objects, scope, objectId(bucket, key))
      return found && { path: bytes.path(found.handle), size: found.size, sha256: found.sha256, etag: found.etag }
    },

    sweepOrphans: () => sweepOrphans(ports),
  }
}
