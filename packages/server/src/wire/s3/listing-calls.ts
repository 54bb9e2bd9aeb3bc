// ListObjectsV2 and its predecessor.
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import type { ListedObjects, ObjectFacts } from '#ports/buckets.js'
import { iso } from './bucket-calls.js'
import { quoted } from './object-answers.js'
import type { S3Call, S3Operation } from './operation.js'
import { invalidArgument, wholeNumber } from './values.js'
import { renderXml } from './xml.js'

const maxKeysAnswered = 1000

export const listingCalls: readonly S3Operation[] = [
  {
    name: 'ListObjectsV2',
    action: 'ListBucket',
    method: 'GET',
    level: 'bucket',
    marks: ['list-type'],
    query: ['prefix', 'delimiter', 'max-keys', 'encoding-type', 'start-after', 'continuation-token', 'fetch-owner'],
    async run(call) {
      const { query } = call
      if (query.get('list-type') !== '2') throw invalidArgument('list-type', 'list-type must be 2')
      const token = query.get('continuation-token')
      const after = token === null ? (query.get('start-after') ?? '') : readToken(token)
      const { listed, encode, shown } = await list(call, after)
      const owner = query.get('fetch-owner') === 'true' ? call.context.account : undefined
      const xml = renderXml('ListBucketResult', {
        ...shown,
        StartAfter: query.has('start-after') ? encode(query.get('start-after') ?? '') : undefined,
        ContinuationToken: token ?? undefined,
        NextContinuationToken: listed.next === undefined ? undefined : encodePageToken(listed.next),
        KeyCount: listed.objects.length + listed.commonPrefixes.length,
        IsTruncated: listed.next !== undefined,
        ...contents(listed, encode, owner),
      })
      return { xml }
    },
  },
  {
    name: 'ListObjects',
    action: 'ListBucket',
    method: 'GET',
    level: 'bucket',
    query: ['prefix', 'delimiter', 'max-keys', 'encoding-type', 'marker'],
    async run(call) {
      const marker = call.query.get('marker') ?? ''
      const { listed, encode, shown } = await list(call, marker)
      // Without a delimiter clients go on from the last key themselves.
      const next = call.query.get('delimiter') && listed.next !== undefined ? encode(listed.next) : undefined
      const xml = renderXml('ListBucketResult', {
        ...shown,
        Marker: encode(marker),
        NextMarker: next,
        IsTruncated: listed.next !== undefined,
        ...contents(listed, encode, call.context.account),
      })
      return { xml }
    },
  },
]

type Encode = (text: string) => string

async function list({ buckets, context, bucket, query }: S3Call, after: string) {
  const encodingType = query.get('encoding-type')
  if (encodingType !== null && encodingType !== 'url') throw invalidArgument('encoding-type', 'Invalid Encoding Method specified in Request')
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const asked = query.has('max-keys') ? wholeNumber(query.get('max-keys'), 'max-keys', { from: 0, to: 2_147_483_647 }) : maxKeysAnswered
  const limit = Math.min(asked, maxKeysAnswered)
  const listed = await buckets.listObjects(context, { bucket, prefix, delimiter, after, limit })
  const encode: Encode = encodingType === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/') : (text) => text
  const shown = {
    Name: bucket,
    Prefix: encode(prefix),
    Delimiter: delimiter === '' ? undefined : encode(delimiter),
    MaxKeys: limit,
    EncodingType: encodingType ?? undefined,
  }
  return { listed, encode, shown }
}

function contents({ objects, commonPrefixes }: ListedObjects, encode: Encode, owner: string | undefined) {
  const content = ({ key, modifiedAt, etag, size, checksum }: ObjectFacts) => ({
    Key: encode(key),
    LastModified: iso(modifiedAt),
    ETag: quoted(etag),
    ChecksumAlgorithm: checksum?.algorithm,
    ChecksumType: checksum?.type,
    Size: size,
    Owner: owner === undefined ? undefined : { ID: owner },
    StorageClass: 'STANDARD',
  })
  return { Contents: objects.map(content), CommonPrefixes: commonPrefixes.map((prefix) => ({ Prefix: encode(prefix) })) }
}

function readToken(token: string): string {
  try {
    return decodePageToken(token) ?? ''
  } catch {
    throw invalidArgument('continuation-token', 'The continuation token provided is incorrect')
  }
}
