import { createHash, randomBytes } from 'node:crypto'
import { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { buckets, keysOf, newBucket, put, refusal, s3, server, textOf } from './s3-server.fixture.js'

const md5 = (bytes: string | Buffer) => createHash('md5').update(bytes).digest('hex')

describe('buckets by the stock client', () => {
  it('are made, found, listed, placed and deleted', async () => {
    const Bucket = await newBucket()
    expect(await s3.send(new HeadBucketCommand({ Bucket }))).toMatchObject({ BucketRegion: 'us-east-1' })
    expect((await s3.send(new ListBucketsCommand({}))).Buckets).toContainEqual(
      expect.objectContaining({ Name: Bucket, CreationDate: expect.any(Date) }),
    )
    expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBeUndefined()
    await s3.send(new DeleteBucketCommand({ Bucket }))
    await expect(s3.send(new HeadBucketCommand({ Bucket }))).rejects.toEqual(refusal('NotFound', 404))
  })

  it('belong to the Region of the signature', async () => {
    const Bucket = await newBucket()
    const elsewhere = new S3Client({ ...server.client, region: 'eu-west-1' })
    await expect(elsewhere.send(new HeadBucketCommand({ Bucket }))).rejects.toEqual(refusal('NotFound', 404))
    await elsewhere.send(new CreateBucketCommand({ Bucket }))
    expect((await elsewhere.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-west-1')
    await expect(elsewhere.send(new CreateBucketCommand({ Bucket }))).rejects.toEqual(refusal('BucketAlreadyOwnedByYou', 409))
    await expect(
      s3.send(new CreateBucketCommand({ Bucket: 'placed', CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } })),
    ).rejects.toEqual(refusal('IllegalLocationConstraintException', 400))
    elsewhere.destroy()
  })

  it('cannot have bad names, and cannot go while they hold something', async () => {
    for (const Bucket of ['ab', 'Upper', 'under_score', '-begin', 'two..dots', '10.0.0.1', 'a'.repeat(64)]) {
      await expect(s3.send(new CreateBucketCommand({ Bucket }))).rejects.toEqual(refusal('InvalidBucketName', 400))
    }
    const Bucket = await newBucket()
    await put(Bucket, 'x')
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toEqual(refusal('BucketNotEmpty', 409))
  })
})

describe('objects by the stock client', () => {
  it('come back with bytes, description and checksum, whatever their key', async () => {
    const Bucket = await newBucket()
    for (const Key of ['plain', 'a/b/c.txt', 'with space+plus', 'ü/日本/🙂', "it's!(*)&=?#%25", 'dots/../up', 'double//slash', 'trailing/']) {
      const sent = await s3.send(
        new PutObjectCommand({
          Bucket,
          Key,
          Body: Key,
          ContentType: 'text/x',
          CacheControl: 'no-store',
          ContentEncoding: 'none',
          Metadata: { who: 'me' },
        }),
      )
      expect(sent.ETag).toBe(`"${md5(Key)}"`)
      const got = await s3.send(new GetObjectCommand({ Bucket, Key }))
      expect(await got.Body?.transformToString()).toBe(Key)
      expect(got).toMatchObject({
        ContentType: 'text/x',
        CacheControl: 'no-store',
        ContentEncoding: 'none',
        Metadata: { who: 'me' },
        ETag: sent.ETag,
        ChecksumCRC32: sent.ChecksumCRC32,
      })
      expect(await s3.send(new HeadObjectCommand({ Bucket, Key }))).toMatchObject({ ContentLength: Buffer.byteLength(Key), ContentType: 'text/x' })
    }
  })

  it('are taken as streams with a checksum trailer, and empty', async () => {
    const Bucket = await newBucket()
    const bytes = randomBytes(3_000_001)
    for (const ChecksumAlgorithm of ['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const) {
      const Body = Readable.from([bytes.subarray(0, 100_000), bytes.subarray(100_000)])
      const sent = await s3.send(new PutObjectCommand({ Bucket, Key: ChecksumAlgorithm, Body, ContentLength: bytes.length, ChecksumAlgorithm }))
      expect(sent).toMatchObject({ ETag: `"${md5(bytes)}"`, [`Checksum${ChecksumAlgorithm}`]: expect.any(String) })
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: ChecksumAlgorithm, ChecksumMode: 'ENABLED' }))
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(bytes)).toBe(true)
      expect(got.ContentEncoding).toBeUndefined()
    }
    await put(Bucket, 'empty', '')
    expect(await textOf(Bucket, 'empty')).toBe('')
  })

  it('are refused with a wrong checksum, and then do not exist', async () => {
    const Bucket = await newBucket()
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'abc', ChecksumSHA256: 'A'.repeat(43).concat('=') }))).rejects.toEqual(
      refusal('BadDigest', 400),
    )
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: randomBytes(200_000), ContentMD5: md5Base64('other') }))).rejects.toEqual(
      refusal('BadDigest', 400),
    )
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'k' }))).rejects.toEqual(refusal('NoSuchKey', 404))
  })

  it('are read in ranges', async () => {
    const Bucket = await newBucket()
    await put(Bucket, 'k', '0123456789')
    const range = async (Range: string) => {
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'k', Range }))
      return [got.$metadata.httpStatusCode, await got.Body?.transformToString(), got.ContentRange]
    }
    expect(await range('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10'])
    expect(await range('bytes=7-')).toEqual([206, '789', 'bytes 7-9/10'])
    expect(await range('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10'])
    expect(await range('bytes=8-100')).toEqual([206, '89', 'bytes 8-9/10'])
    expect(await range('bytes=4-2')).toEqual([200, '0123456789', undefined])
    await expect(range('bytes=10-')).rejects.toEqual(refusal('InvalidRange', 416))
  })

  it('are read and written on conditions', async () => {
    const Bucket = await newBucket()
    const { ETag = '' } = await put(Bucket, 'k', 'one')
    const get = (conditions: object) => s3.send(new GetObjectCommand({ Bucket, Key: 'k', ...conditions }))
    const write = (conditions: object) => s3.send(new PutObjectCommand({ Bucket, Key: 'k', Body: 'two', ...conditions }))
    await expect(get({ IfMatch: '"other"' })).rejects.toEqual(refusal('PreconditionFailed', 412))
    await expect(get({ IfNoneMatch: ETag })).rejects.toEqual(expect.objectContaining({ $metadata: expect.objectContaining({ httpStatusCode: 304 }) }))
    await expect(get({ IfModifiedSince: new Date(Date.now() + 5000) })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } })
    await expect(get({ IfUnmodifiedSince: new Date(0) })).rejects.toEqual(refusal('PreconditionFailed', 412))
    await expect(write({ IfNoneMatch: '*' })).rejects.toEqual(refusal('PreconditionFailed', 412))
    await expect(write({ IfMatch: '"other"' })).rejects.toEqual(refusal('PreconditionFailed', 412))
    await write({ IfMatch: ETag })
    expect(await textOf(Bucket, 'k')).toBe('two')
  })

  it('are replaced as a whole, deleted one by one and many at once', async () => {
    const Bucket = await newBucket()
    for (const key of ['a', 'b&<>"\'', 'c']) await put(Bucket, key)
    await put(Bucket, 'a', 'again')
    expect(await textOf(Bucket, 'a')).toBe('again')
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }))
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'b&<>"\'' }, { Key: 'missing' }] } }))
    expect(Deleted).toEqual([{ Key: 'b&<>"\'' }, { Key: 'missing' }])
    expect(await keysOf({ Bucket })).toEqual(['c'])
  })

  it('are copied, with their own or a new description', async () => {
    const Bucket = await newBucket()
    await s3.send(new PutObjectCommand({ Bucket, Key: 'from ü', Body: 'x', ContentType: 'a/b', Metadata: { m: '1' } }))
    const copy = (Key: string, more: object = {}) =>
      s3.send(new CopyObjectCommand({ Bucket, Key, CopySource: encodeURI(`${Bucket}/from ü`), ...more }))
    expect((await copy('to')).CopyObjectResult?.ETag).toBe(`"${md5('x')}"`)
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'to' }))).toMatchObject({ ContentType: 'a/b', Metadata: { m: '1' } })
    await copy('new', { MetadataDirective: 'REPLACE', ContentType: 'c/d' })
    expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'new' }))).toMatchObject({ ContentType: 'c/d', Metadata: {} })
    await expect(copy('from ü')).rejects.toEqual(refusal('InvalidRequest', 400))
    await expect(copy('k', { CopySourceIfMatch: '"other"' })).rejects.toEqual(refusal('PreconditionFailed', 412))
  })

  it('need permission at both ends of a copy, and one by one when many are deleted', async () => {
    const Bucket = await newBucket()
    for (const key of ['forbidden', 'open'])
      await buckets.putObject(
        { account: '000000000000', region: 'us-east-1' },
        { bucket: Bucket, key, body: Readable.from([]), headers: {}, metadata: {}, conditions: {} },
      )
    await expect(s3.send(new CopyObjectCommand({ Bucket, Key: 'mine', CopySource: `${Bucket}/forbidden` }))).rejects.toEqual(
      refusal('AccessDenied', 403),
    )
    const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'open' }, { Key: 'forbidden' }] } }))
    expect(Deleted).toEqual([{ Key: 'open' }])
    expect(Errors).toEqual([expect.objectContaining({ Key: 'forbidden', Code: 'AccessDenied' })])
  })
})

describe('what is not served', () => {
  it('is refused by name with 501', async () => {
    const Bucket = await newBucket()
    await expect(s3.send(new GetBucketAclCommand({ Bucket }))).rejects.toThrow(/\?acl is not served/)
    await expect(s3.send(new GetBucketAclCommand({ Bucket }))).rejects.toEqual(refusal('NotImplemented', 501))
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'k', ServerSideEncryption: 'aws:kms' }))).rejects.toThrow(/x-amz-server-side-encryption/)
    await expect(s3.send(new PutObjectCommand({ Bucket, Key: 'k', StorageClass: 'GLACIER' }))).rejects.toThrow(/another value than STANDARD/)
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'k', VersionId: 'v1' }))).rejects.toThrow(/Versions of objects/)
    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'k', ExpectedBucketOwner: '111111111111' }))).rejects.toEqual(
      refusal('AccessDenied', 403),
    )
  })
})

function md5Base64(text: string): string {
  return createHash('md5').update(text).digest('base64')
}
