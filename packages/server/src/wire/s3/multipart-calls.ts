// Uploads in parts.

import { checksumAlgorithms } from '#kernel/checksums.js'
import type { ObjectChecksum, Upload } from '#ports/buckets.js'
import { statedChecksum } from './body-checks.js'
import { iso } from './bucket-calls.js'
import { checksumElements, checksumHeaders, quoted } from './object-answers.js'
import type { S3Call, S3Operation } from './operation.js'
import { checksumAlgorithmOf, conditionsOf, copySourceOf, descriptionOf, incomingOf, invalidArgument, rangeOf, wholeNumber } from './values.js'
import { elements, malformedXml, readXml, renderXml, textOf } from './xml.js'

const anyPart = { from: 1, to: 10_000 }
const upTo1000 = { from: 0, to: 2_147_483_647 }

export const multipartCalls: readonly S3Operation[] = [
  {
    name: 'CreateMultipartUpload',
    action: 'PutObject',
    method: 'POST',
    level: 'object',
    marks: ['uploads'],
    checksumsDescribeObject: true,
    async run({ buckets, context, bucket, key, headers }) {
      const checksumAlgorithm = checksumAlgorithmOf(headers)
      const checksumType = checksumTypeOf(headers['x-amz-checksum-type'])
      const upload = await buckets.createUpload(context, { bucket, key, ...descriptionOf(headers), checksumAlgorithm, checksumType })
      const stated: Record<string, string> = checksumAlgorithm ? { 'x-amz-checksum-algorithm': checksumAlgorithm } : {}
      if (checksumType) stated['x-amz-checksum-type'] = checksumType
      return { headers: stated, xml: renderXml('InitiateMultipartUploadResult', { Bucket: bucket, Key: key, UploadId: upload.uploadId }) }
    },
  },
  {
    name: 'UploadPartCopy',
    action: 'PutObject',
    method: 'PUT',
    level: 'object',
    marks: ['partNumber', 'uploadId'],
    markHeader: 'x-amz-copy-source',
    async run(call) {
      const { buckets, context, headers } = call
      const source = copySourceOf(headers)
      call.authorize('GetObject', source.bucket, source.key)
      const stated = headers['x-amz-copy-source-range']
      const range = rangeOf(stated)
      if (stated !== undefined && (range?.first === undefined || range.last === undefined)) {
        throw invalidArgument('x-amz-copy-source-range', 'The x-amz-copy-source-range value must be of the form bytes=first-last')
      }
      const part = await buckets.copyPart(context, { ...partAddress(call), source, range })
      return { xml: renderXml('CopyPartResult', { LastModified: iso(part.modifiedAt), ETag: quoted(part.etag), ...checksumElements(part.checksum) }) }
    },
  },
  {
    name: 'UploadPart',
    action: 'PutObject',
    method: 'PUT',
    level: 'object',
    marks: ['partNumber', 'uploadId'],
    takesObject: true,
    async run(call) {
      const part = await call.buckets.uploadPart(call.context, { ...partAddress(call), ...incomingOf(call) })
      const { 'x-amz-checksum-type': _ofParts, ...checksum } = checksumHeaders(part.checksum && { ...part.checksum, type: 'FULL_OBJECT' })
      return { headers: { etag: quoted(part.etag), ...checksum } }
    },
  },
  {
    name: 'CompleteMultipartUpload',
    action: 'PutObject',
    method: 'POST',
    level: 'object',
    marks: ['uploadId'],
    xml: 'CompleteMultipartUpload',
    checksumsDescribeObject: true,
    async run(call) {
      const { buckets, context, bucket, key, headers, wire } = call
      checksumTypeOf(headers['x-amz-checksum-type'])
      const stated = headers['x-amz-mp-object-size']
      const size = stated === undefined ? undefined : wholeNumber(stated, 'x-amz-mp-object-size', { from: 0, to: Number.MAX_SAFE_INTEGER })
      const checksum = statedChecksum(wire, { mayNameParts: true })
      const facts = await buckets.completeUpload(context, {
        ...uploadAddress(call),
        parts: readParts(call.xml),
        conditions: conditionsOf(headers),
        checksum,
        size,
      })
      const location = `http://${headers.host ?? ''}/${bucket}/${encodeURIComponent(key).replaceAll('%2F', '/')}`
      return {
        xml: renderXml('CompleteMultipartUploadResult', {
          Location: location,
          Bucket: bucket,
          Key: key,
          ETag: quoted(facts.etag),
          ...checksumElements(facts.checksum),
        }),
      }
    },
  },
  {
    name: 'AbortMultipartUpload',
    action: 'AbortMultipartUpload',
    method: 'DELETE',
    level: 'object',
    marks: ['uploadId'],
    async run(call) {
      await call.buckets.abortUpload(call.context, uploadAddress(call))
      return { status: 204 }
    },
  },
  {
    name: 'ListParts',
    action: 'ListMultipartUploadParts',
    method: 'GET',
    level: 'object',
    marks: ['uploadId'],
    query: ['max-parts', 'part-number-marker'],
    async run(call) {
      const { query, context, bucket, key } = call
      const limit = Math.min(1000, query.has('max-parts') ? wholeNumber(query.get('max-parts'), 'max-parts', upTo1000) : 1000)
      const marker = query.has('part-number-marker') ? wholeNumber(query.get('part-number-marker'), 'part-number-marker', upTo1000) : 0
      const { upload, parts } = await call.buckets.listParts(context, uploadAddress(call))
      const left = parts.filter(({ partNumber }) => partNumber > marker)
      const page = left.slice(0, limit)
      const xml = renderXml('ListPartsResult', {
        Bucket: bucket,
        Key: key,
        UploadId: upload.uploadId,
        Owner: { ID: context.account },
        Initiator: { ID: context.account },
        StorageClass: 'STANDARD',
        ...checksumWish(upload),
        PartNumberMarker: marker,
        NextPartNumberMarker: page.at(-1)?.partNumber ?? 0,
        MaxParts: limit,
        IsTruncated: left.length > page.length,
        Part: page.map((part) => ({
          PartNumber: part.partNumber,
          LastModified: iso(part.modifiedAt),
          ETag: quoted(part.etag),
          Size: part.size,
          ...checksumElements(part.checksum),
        })),
      })
      return { xml }
    },
  },
  {
    name: 'ListMultipartUploads',
    action: 'ListBucketMultipartUploads',
    method: 'GET',
    level: 'bucket',
    marks: ['uploads'],
    query: ['prefix', 'max-uploads', 'key-marker', 'upload-id-marker', 'encoding-type'],
    run: listUploads,
  },
]

async function listUploads({ query, buckets, context, bucket }: S3Call) {
  const limit = Math.min(1000, query.has('max-uploads') ? wholeNumber(query.get('max-uploads'), 'max-uploads', { from: 1, to: upTo1000.to }) : 1000)
  const prefix = query.get('prefix') ?? ''
  const after = { key: query.get('key-marker') ?? '', uploadId: query.get('upload-id-marker') ?? '' }
  const encode = (text: string) => (query.get('encoding-type') === 'url' ? encodeURIComponent(text).replaceAll('%2F', '/') : text)
  const isLater = ({ key, uploadId }: Upload) => key > after.key || (key === after.key && after.uploadId !== '' && uploadId > after.uploadId)
  const found = (await buckets.listUploads(context, bucket)).filter((upload) => upload.key.startsWith(prefix) && isLater(upload))
  found.sort((a, b) => (a.key === b.key ? (a.uploadId < b.uploadId ? -1 : 1) : a.key < b.key ? -1 : 1))
  const page = found.slice(0, limit)
  const isTruncated = found.length > page.length
  const last = isTruncated ? page.at(-1) : undefined
  const xml = renderXml('ListMultipartUploadsResult', {
    Bucket: bucket,
    KeyMarker: encode(after.key),
    UploadIdMarker: after.uploadId,
    NextKeyMarker: last && encode(last.key),
    NextUploadIdMarker: last?.uploadId,
    Prefix: encode(prefix),
    EncodingType: query.get('encoding-type') ?? undefined,
    MaxUploads: limit,
    IsTruncated: isTruncated,
    Upload: page.map((upload) => ({
      UploadId: upload.uploadId,
      Key: encode(upload.key),
      Initiated: iso(upload.startedAt),
      StorageClass: 'STANDARD',
      Owner: { ID: context.account },
      Initiator: { ID: context.account },
      ...checksumWish(upload),
    })),
  })
  return { xml }
}

function uploadAddress({ bucket, key, query }: S3Call) {
  return { bucket, key, uploadId: query.get('uploadId') ?? '' }
}

function partAddress(call: S3Call) {
  return { ...uploadAddress(call), partNumber: wholeNumber(call.query.get('partNumber'), 'partNumber', anyPart) }
}

function checksumWish({ checksumAlgorithm, checksumType }: Upload): Record<string, string | undefined> {
  return { ChecksumAlgorithm: checksumAlgorithm, ChecksumType: checksumType }
}

function checksumTypeOf(stated: string | undefined): ObjectChecksum['type'] | undefined {
  if (stated === undefined || stated === 'FULL_OBJECT' || stated === 'COMPOSITE') return stated
  throw invalidArgument('x-amz-checksum-type', 'x-amz-checksum-type must be FULL_OBJECT or COMPOSITE')
}

function readParts(xml: Buffer) {
  const parts = elements(readXml(xml, 'CompleteMultipartUpload'), 'Part')
  if (parts.length === 0 || parts.length > anyPart.to) throw malformedXml(`it must name 1 to ${anyPart.to} parts`)
  return parts.map((part) => {
    const etag = textOf(part, 'ETag')
      ?.trim()
      .replace(/^"(.*)"$/, '$1')
    if (!etag) throw malformedXml('a part has no ETag')
    const checksum = checksumAlgorithms.map((algorithm) => textOf(part, `Checksum${algorithm}`)).find((value) => value !== undefined)
    return { partNumber: wholeNumber(textOf(part, 'PartNumber'), 'PartNumber', anyPart), etag, checksum }
  })
}
