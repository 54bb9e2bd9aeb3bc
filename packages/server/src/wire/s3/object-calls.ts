// Operations on objects.
import { ServiceError } from '#kernel/errors.js'
import { BucketError } from '#ports/bucket-errors.js'
import type { ReadObject } from '#ports/buckets.js'
import { iso } from './bucket-calls.js'
import { checksumElements, checksumHeaders, factHeaders, quoted } from './object-answers.js'
import type { S3Call, S3Operation } from './operation.js'
import { checksumAlgorithmOf, conditionsOf, copySourceOf, descriptionOf, incomingOf, invalidArgument, rangeOf } from './values.js'
import { betweenElements, elements, malformedXml, readXml, renderXml, textOf } from './xml.js'

const overrides = {
  'response-content-type': 'content-type',
  'response-content-language': 'content-language',
  'response-expires': 'expires',
  'response-cache-control': 'cache-control',
  'response-content-disposition': 'content-disposition',
  'response-content-encoding': 'content-encoding',
} as const

const readQuery = ['versionId', ...Object.keys(overrides)]

export const objectCalls: readonly S3Operation[] = [
  {
    name: 'CopyObject',
    action: 'PutObject',
    method: 'PUT',
    level: 'object',
    markHeader: 'x-amz-copy-source',
    async run(call) {
      const { buckets, context, bucket, key, headers } = call
      const source = copySourceOf(headers)
      call.authorize('GetObject', source.bucket, source.key)
      const directive = headers['x-amz-metadata-directive'] ?? 'COPY'
      if (directive !== 'COPY' && directive !== 'REPLACE') throw invalidArgument('x-amz-metadata-directive', 'Unknown metadata directive.')
      if (directive === 'COPY' && source.bucket === bucket && source.key === key) {
        throw new BucketError(
          'InvalidRequest',
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata.",
        )
      }
      const description = directive === 'REPLACE' ? descriptionOf(headers) : undefined
      const checksumAlgorithm = checksumAlgorithmOf(headers)
      const facts = await buckets.copyObject(context, { bucket, key, source, description, checksumAlgorithm, conditions: conditionsOf(headers) })
      const xml = renderXml('CopyObjectResult', {
        LastModified: iso(facts.modifiedAt),
        ETag: quoted(facts.etag),
        ...checksumElements(facts.checksum),
      })
      return { xml }
    },
  },
  {
    name: 'PutObject',
    action: 'PutObject',
    method: 'PUT',
    level: 'object',
    takesObject: true,
    async run(call) {
      const { buckets, context, bucket, key, headers } = call
      const facts = await buckets.putObject(context, {
        bucket,
        key,
        ...descriptionOf(headers),
        ...incomingOf(call),
        conditions: conditionsOf(headers),
      })
      return { headers: { etag: quoted(facts.etag), ...checksumHeaders(facts.checksum) } }
    },
  },
  {
    name: 'GetObject',
    action: 'GetObject',
    method: 'GET',
    level: 'object',
    query: readQuery,
    async run(call) {
      // Refused before the file is open: nobody would close it.
      const overridden = overriddenHeaders(call)
      const found = await call.buckets.getObject(call.context, asked(call))
      return { ...readAnswer(call, found, overridden), stream: found.body }
    },
  },
  {
    name: 'HeadObject',
    action: 'GetObject',
    method: 'HEAD',
    level: 'object',
    query: readQuery,
    run: async (call) => readAnswer(call, await call.buckets.headObject(call.context, asked(call)), overriddenHeaders(call)),
  },
  {
    name: 'DeleteObject',
    action: 'DeleteObject',
    method: 'DELETE',
    level: 'object',
    query: ['versionId'],
    async run(call) {
      const { buckets, context, bucket, key, headers } = call
      checkVersion(call.query.get('versionId'))
      if (headers['if-match'] !== undefined)
        throw new BucketError('NotImplemented', 'If-Match on DeleteObject is not served by agentworks.', { Header: 'if-match' })
      await buckets.deleteObjects(context, { bucket, keys: [key] })
      return { status: 204 }
    },
  },
  {
    name: 'DeleteObjects',
    action: 'DeleteObject',
    method: 'POST',
    level: 'bucket',
    marks: ['delete'],
    xml: 'Delete',
    keyOf: (xml) => readDelete(xml).keys[0],
    async run(call) {
      const { buckets, context, bucket, xml } = call
      const { keys, isQuiet } = readDelete(xml)
      const refused: { Key: string; Code: string; Message: string }[] = []
      const allowed = keys.filter((key) => {
        const refusal = refusalOf(() => call.authorize('DeleteObject', bucket, key))
        if (refusal) refused.push({ Key: key, Code: 'AccessDenied', Message: refusal })
        return !refusal
      })
      await buckets.deleteObjects(context, { bucket, keys: allowed })
      return { xml: renderXml('DeleteResult', { Deleted: isQuiet ? [] : allowed.map((key) => ({ Key: key })), Error: refused }) }
    },
  },
]

function asked({ bucket, key, headers, query }: S3Call) {
  checkVersion(query.get('versionId'))
  // With If-Range the whole object is always a right answer.
  const range = headers['if-range'] === undefined ? rangeOf(headers.range) : undefined
  return { bucket, key, conditions: conditionsOf(headers), range }
}

function overriddenHeaders({ query }: S3Call): Record<string, string> {
  const overridden: Record<string, string> = {}
  for (const [parameter, name] of Object.entries(overrides)) {
    const value = query.get(parameter)
    if (value === null) continue
    if (/[^\t\x20-\x7e\x80-\xff]/.test(value)) throw invalidArgument(parameter, `${parameter} has characters that a header cannot carry`)
    overridden[name] = value
  }
  return overridden
}

function readAnswer({ headers }: S3Call, { facts, range }: Omit<ReadObject, 'body'>, overridden: Record<string, string>) {
  const answer: Record<string, string | number> = { ...factHeaders(facts), ...overridden }
  if (range) {
    answer['content-length'] = range.end - range.start + 1
    answer['content-range'] = `bytes ${range.start}-${range.end}/${facts.size}`
    return { status: 206, headers: answer }
  }
  // Of a part of the object the checksum of all of it would only mislead.
  if (headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED') Object.assign(answer, checksumHeaders(facts.checksum))
  return { status: 200, headers: answer }
}

function readDelete(xml: Buffer): { keys: string[]; isQuiet: boolean } {
  const asked = readXml(xml, 'Delete')
  const objects = elements(asked, 'Object')
  if (objects.length === 0 || objects.length > 1000) throw malformedXml('it must name 1 to 1000 objects')
  const keys = objects.map((object) => {
    const other = Object.keys(object).find((name) => name !== 'Key' && name !== 'VersionId' && name !== betweenElements)
    if (other) throw new BucketError('NotImplemented', `Delete.Object.${other.slice(0, 64)} is not served by agentworks.`)
    checkVersion(textOf(object, 'VersionId') ?? null)
    const key = textOf(object, 'Key')
    if (!key) throw malformedXml('an object has no Key')
    return key
  })
  return { keys, isQuiet: textOf(asked, 'Quiet') === 'true' }
}

function checkVersion(versionId: string | null): void {
  if (versionId === null || versionId === 'null') return
  throw new BucketError(
    'NotImplemented',
    'Versions of objects are not served by agentworks; leave versionId out. docs/conformance.md lists what works.',
  )
}

function refusalOf(check: () => void): string | undefined {
  try {
    check()
  } catch (error) {
    if (error instanceof ServiceError) return error.message
    throw error
  }
  return undefined
}
