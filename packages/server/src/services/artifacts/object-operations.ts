// Single objects: put, get, head, copy, delete.
import { checksum } from '#kernel/checksums.js'
import type { Clock } from '#kernel/clock.js'
import type { Scope } from '#kernel/scope.js'
import type { ByteRange, Conditions, CopyObject, CopySource, ObjectAddress, ObjectFacts, PutObject, ReadObject } from '#ports/buckets.js'
import type { ObjectBytes } from '#ports/objects.js'
import type { Store } from '#ports/store.js'
import { checkCopySource, checkRead, checkWrite } from './conditions.js'
import { type ObjectDocument, objectId, objects, requireBucket } from './documents.js'
import { maxPutBytes } from './limits.js'
import { checkKey } from './names.js'
import { observed } from './observed.js'
import { factsOf, findObject, openObject, resolveRange } from './read-object.js'
import { replaceObject, writeBytes } from './replace-object.js'

export interface ArtifactPorts {
  store: Store
  bytes: ObjectBytes
  clock: Clock
}

type Asked = ObjectAddress & { conditions: Conditions; range?: ByteRange }

export function objectOperations(ports: ArtifactPorts) {
  const { store, bytes, clock } = ports

  async function find(scope: Scope, { conditions, range: asked, ...address }: Asked) {
    const document = await findObject(store, scope, address)
    checkRead(document, conditions)
    return { document, facts: factsOf(address.key, document), range: resolveRange(document.size, asked) }
  }

  async function getObject(scope: Scope, input: Asked): Promise<ReadObject> {
    const { document, facts, range } = await find(scope, input)
    const body = await openObject(ports, { scope, address: input, document }, range)
    return body ? { facts, range, body } : getObject(scope, input)
  }

  return {
    getObject,

    async headObject(scope: Scope, input: Asked): Promise<Omit<ReadObject, 'body'>> {
      const { facts, range } = await find(scope, input)
      return { facts, range }
    },

    async putObject(scope: Scope, { body, checksum: stated, conditions, headers, metadata, ...address }: PutObject): Promise<ObjectFacts> {
      checkKey(address.key)
      // Before the bytes come in, so that a large upload does not end in a refusal that was certain from the start.
      await requireBucket(store, scope, address.bucket)
      checkWrite(await store.get(objects, scope, objectId(address.bucket, address.key)), conditions)
      const { handle, size, md5, sha256 } = await writeBytes(bytes, body, maxPutBytes)
      const vouched = stated?.()
      const document: ObjectDocument = {
        handle,
        size,
        sha256,
        etag: md5,
        modifiedAt: clock.now(),
        headers,
        metadata,
        checksum: vouched && { ...vouched, type: 'FULL_OBJECT' },
      }
      await replaceObject(ports, scope, { address, document, conditions })
      return factsOf(address.key, document)
    },

    async copyObject(scope: Scope, { source, description, checksumAlgorithm, conditions, ...address }: CopyObject): Promise<ObjectFacts> {
      checkKey(address.key)
      await requireBucket(store, scope, address.bucket)
      const { document: original, body } = await openSource(ports, scope, source)
      // The bytes are one piece now, so a checksum made from parts no longer describes them.
      const inherited = original.checksum?.type === 'FULL_OBJECT' ? original.checksum.algorithm : undefined
      const algorithm = checksumAlgorithm ?? inherited
      const computed = algorithm && checksum(algorithm)
      const { handle, size, md5, sha256 } = await writeBytes(bytes, computed ? observed(body, computed.update) : body, maxPutBytes)
      const { headers, metadata } = description ?? original
      const made: ObjectFacts['checksum'] = computed && algorithm && { algorithm, value: computed.digest().toString('base64'), type: 'FULL_OBJECT' }
      const document: ObjectDocument = { handle, size, sha256, etag: md5, modifiedAt: clock.now(), headers, metadata, checksum: made }
      await replaceObject(ports, scope, { address, document, conditions })
      return factsOf(address.key, document)
    },

    async deleteObjects(scope: Scope, { bucket, keys }: { bucket: string; keys: readonly string[] }): Promise<void> {
      const handles = await store.transaction(async (tx) => {
        await requireBucket(tx, scope, bucket)
        const dropped: string[] = []
        for (const key of keys) {
          const id = objectId(bucket, key)
          const found = await tx.get(objects, scope, id)
          if (!found) continue
          await tx.delete(objects, scope, id)
          dropped.push(found.handle)
        }
        return dropped
      })
      for (const handle of handles) await bytes.remove(handle)
    },
  }
}

/** The bytes that a copy reads, whole or a range of them. */
export async function openSource(
  ports: ArtifactPorts,
  scope: Scope,
  source: CopySource,
  asked?: ByteRange,
): Promise<Pick<ReadObject, 'body'> & { document: ObjectDocument }> {
  const document = await findObject(ports.store, scope, source)
  checkCopySource(document, source.conditions)
  const body = await openObject(ports, { scope, address: source, document }, resolveRange(document.size, asked))
  return body ? { document, body } : openSource(ports, scope, source, asked)
}
