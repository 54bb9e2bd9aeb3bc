// Operations on buckets.
import { BucketError } from '#ports/bucket-errors.js'
import type { S3Call, S3Operation } from './operation.js'
import { wholeNumber } from './values.js'
import { betweenElements, readXml, renderXml, textOf } from './xml.js'

export const iso = (at: number) => new Date(at).toISOString()

export const bucketCalls: readonly S3Operation[] = [
  {
    name: 'ListBuckets',
    action: 'ListAllMyBuckets',
    method: 'GET',
    level: 'service',
    query: ['prefix', 'max-buckets', 'continuation-token', 'bucket-region'],
    async run({ buckets, context, query }) {
      const limit = query.has('max-buckets') ? wholeNumber(query.get('max-buckets'), 'max-buckets', { from: 1, to: 10_000 }) : 10_000
      const prefix = query.get('prefix') ?? ''
      const after = query.get('continuation-token') ?? ''
      const isElsewhere = (query.get('bucket-region') ?? context.region) !== context.region
      const all = isElsewhere ? [] : (await buckets.listBuckets(context)).filter(({ name }) => name.startsWith(prefix) && name > after)
      const page = all.slice(0, limit)
      const xml = renderXml('ListAllMyBucketsResult', {
        Owner: { ID: context.account },
        Buckets: { Bucket: page.map(({ name, createdAt }) => ({ Name: name, CreationDate: iso(createdAt), BucketRegion: context.region })) },
        ContinuationToken: all.length > limit ? page.at(-1)?.name : undefined,
        Prefix: query.has('prefix') ? prefix : undefined,
      })
      return { xml }
    },
  },
  {
    name: 'CreateBucket',
    action: 'CreateBucket',
    method: 'PUT',
    level: 'bucket',
    xml: 'CreateBucketConfiguration',
    async run(call) {
      checkConfiguration(call)
      await call.buckets.createBucket(call.context, call.bucket)
      return { headers: { location: `/${call.bucket}` } }
    },
  },
  {
    name: 'HeadBucket',
    action: 'ListBucket',
    method: 'HEAD',
    level: 'bucket',
    async run({ buckets, context, bucket }) {
      await buckets.headBucket(context, bucket)
      return { headers: { 'x-amz-bucket-region': context.region, 'x-amz-access-point-alias': 'false' } }
    },
  },
  {
    name: 'GetBucketLocation',
    action: 'GetBucketLocation',
    method: 'GET',
    level: 'bucket',
    marks: ['location'],
    async run({ buckets, context, bucket }) {
      await buckets.headBucket(context, bucket)
      // us-east-1 is told by saying nothing, since before there were Regions.
      return { xml: renderXml('LocationConstraint', context.region === 'us-east-1' ? '' : context.region) }
    },
  },
  {
    name: 'DeleteBucket',
    action: 'DeleteBucket',
    method: 'DELETE',
    level: 'bucket',
    async run({ buckets, context, bucket }) {
      await buckets.deleteBucket(context, bucket)
      return { status: 204 }
    },
  },
]

function checkConfiguration({ xml, context }: S3Call): void {
  if (xml.length === 0) return
  const configuration = readXml(xml, 'CreateBucketConfiguration')
  const other = Object.keys(configuration).find((name) => name !== 'LocationConstraint' && name !== betweenElements)
  if (other)
    throw new BucketError(
      'NotImplemented',
      `CreateBucketConfiguration.${other.slice(0, 64)} is not served by agentworks. docs/conformance.md lists what works.`,
    )
  const stated = textOf(configuration, 'LocationConstraint') ?? context.region
  const location = stated === 'EU' ? 'eu-west-1' : stated
  if (location === context.region) return
  throw new BucketError(
    'IllegalLocationConstraintException',
    `The ${location.slice(0, 64)} location constraint is incompatible for the region specific endpoint this request was sent to: it is signed for ${context.region}.`,
  )
}
