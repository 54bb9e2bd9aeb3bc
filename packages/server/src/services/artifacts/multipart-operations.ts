// Uploads in parts. Each part is durable on its own; completing joins them into one new object.
import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { checksum } from '#kernel/checksums.js'
import { PortError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { Scope } from '#kernel/scope.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { ByteRange, CompleteUpload, CopySource, Incoming, NewUpload, ObjectFacts, Upload, UploadAddress, UploadedPart } from '#ports/buckets.js'
import type { Reader } from '#ports/store.js'
import { chooseParts } from './choose-parts.js'
import { type ObjectDocument, type PartDocument, partId, parts, requireBucket, type UploadDocument, uploadRowId, uploads } from './documents.js'
import { dropUpload } from './drop-upload.js'
import { joinedChecksum, usesWholeChecksum } from './joined-checksum.js'
import { maxObjectBytes, maxPutBytes } from './limits.js'
import { checkKey } from './names.js'
import { type ArtifactPorts, openSource } from './object-operations.js'
import { observed } from './observed.js'
import { factsOf } from './read-object.js'
import { orRemoved, replaceObject, writeBytes } from './replace-object.js'

export function multipartOperations(ports: ArtifactPorts & { ids: Pick<Ids, 'alphanumeric'> }) {
  const { store, bytes, clock, ids } = ports

  async function storePart(scope: Scope, upload: UploadAddress & { partNumber: number }, incoming: Incoming): Promise<UploadedPart> {
    const { handle, size, md5 } = await writeBytes(bytes, incoming.body, maxPutBytes)
    const part: PartDocument = { handle, size, etag: md5, modifiedAt: clock.now(), checksum: incoming.checksum?.() }
    const id = partId(upload.uploadId, upload.partNumber)
    const replaced = await orRemoved(bytes, handle, () =>
      store.transaction(async (tx) => {
        await requireUpload(tx, scope, upload)
        const existing = await tx.get(parts, scope, id)
        await tx.put(parts, scope, id, part)
        return existing
      }),
    )
    if (replaced) await bytes.remove(replaced.handle)
    return present(upload.partNumber, part)
  }

  return {
    async createUpload(scope: Scope, { bucket, ...input }: NewUpload): Promise<Upload> {
      checkKey(input.key)
      const uploadId = ids.alphanumeric(64)
      const upload: UploadDocument = { ...input, startedAt: clock.now() }
      await store.transaction(async (tx) => {
        await requireBucket(tx, scope, bucket)
        await tx.put(uploads, scope, uploadRowId(bucket, uploadId), upload)
      })
      return { bucket, uploadId, ...upload }
    },

    async uploadPart(scope: Scope, input: UploadAddress & Incoming & { partNumber: number }): Promise<UploadedPart> {
      await requireUpload(store, scope, input)
      return storePart(scope, input, input)
    },

    async copyPart(scope: Scope, input: UploadAddress & { partNumber: number; source: CopySource; range?: ByteRange }): Promise<UploadedPart> {
      const { checksumAlgorithm } = await requireUpload(store, scope, input)
      const { body } = await openSource(ports, scope, input.source, input.range)
      if (!checksumAlgorithm) return storePart(scope, input, { body })
      const computed = checksum(checksumAlgorithm)
      const value = () => ({ algorithm: checksumAlgorithm, value: computed.digest().toString('base64') })
      return storePart(scope, input, { body: observed(body, computed.update), checksum: value })
    },

    async completeUpload(scope: Scope, input: CompleteUpload): Promise<ObjectFacts> {
      const upload = await requireUpload(store, scope, input)
      const stored = await store.list(parts, scope, { prefix: `${input.uploadId}/` })
      const chosen = chooseParts(
        stored.map(({ id, document }) => ({ partNumber: Number(id.slice(-5)), document })),
        input.parts,
      )
      const whole = upload.checksumAlgorithm && usesWholeChecksum(upload) ? checksum(upload.checksumAlgorithm) : undefined
      const all = Readable.from(joined(ports, chosen, whole?.update), { objectMode: false })
      const { handle, size, sha256 } = await writeBytes(bytes, all, maxObjectBytes)
      const document: ObjectDocument = await orRemoved(bytes, handle, async () => {
        if (input.size !== undefined && input.size !== size) {
          throw new BucketError('InvalidRequest', `x-amz-mp-object-size says ${input.size} bytes, the parts have ${size}.`)
        }
        const { headers, metadata } = upload
        const etag = `${md5OfMd5s(chosen)}-${chosen.length}`
        return {
          handle,
          size,
          sha256,
          etag,
          modifiedAt: clock.now(),
          headers,
          metadata,
          checksum: joinedChecksum(upload, chosen, whole?.digest(), input.checksum),
        }
      })
      const rowId = uploadRowId(input.bucket, input.uploadId)
      await replaceObject(ports, scope, {
        address: input,
        document,
        conditions: input.conditions,
        along: async (tx) => {
          await requireUpload(tx, scope, input)
          return dropUpload(tx, scope, rowId)
        },
      })
      return factsOf(input.key, document)
    },

    async abortUpload(scope: Scope, input: UploadAddress): Promise<void> {
      const handles = await store.transaction(async (tx) => {
        await requireUpload(tx, scope, input)
        return dropUpload(tx, scope, uploadRowId(input.bucket, input.uploadId))
      })
      for (const handle of handles) await bytes.remove(handle)
    },

    async listParts(scope: Scope, input: UploadAddress): Promise<{ upload: Upload; parts: UploadedPart[] }> {
      const upload = await requireUpload(store, scope, input)
      const rows = await store.list(parts, scope, { prefix: `${input.uploadId}/` })
      return { upload: { ...input, ...upload }, parts: rows.map(({ id, document }) => present(Number(id.slice(-5)), document)) }
    },

    async listUploads(scope: Scope, bucket: string): Promise<Upload[]> {
      await requireBucket(store, scope, bucket)
      const rows = await store.list(uploads, scope, { prefix: `${bucket}/` })
      return rows.map(({ id, document }) => ({ bucket, uploadId: id.slice(bucket.length + 1), ...document }))
    },
  }
}

async function requireUpload(reader: Reader, scope: Scope, { bucket, key, uploadId }: UploadAddress): Promise<UploadDocument> {
  const found = await reader.get(uploads, scope, uploadRowId(bucket, uploadId))
  if (found && found.key === key) return found
  await requireBucket(reader, scope, bucket)
  throw new BucketError(
    'NoSuchUpload',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
    {
      UploadId: uploadId.slice(0, 128),
    },
  )
}

function present(partNumber: number, { handle: _handle, ...part }: PartDocument): UploadedPart {
  return { partNumber, ...part }
}

function md5OfMd5s(chosen: readonly PartDocument[]): string {
  const md5 = createHash('md5')
  for (const { etag } of chosen) md5.update(etag, 'hex')
  return md5.digest('hex')
}

async function* joined({ bytes }: ArtifactPorts, chosen: readonly PartDocument[], see: ((piece: Uint8Array) => void) | undefined) {
  for (const { handle } of chosen) {
    for await (const piece of await openPart(bytes, handle)) {
      see?.(piece)
      yield piece
    }
  }
}

async function openPart(bytes: ArtifactPorts['bytes'], handle: string): Promise<Readable> {
  try {
    return await bytes.read(handle)
  } catch (error) {
    if (!(error instanceof PortError) || error.code !== 'missing') throw error
    throw new BucketError('OperationAborted', 'A part was replaced, or the upload ended, while it was being completed. Try again.')
  }
}
