import { createHash, randomBytes } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { newBucket, put, refusal, s3 } from './s3-server.fixture.js'

const md5 = (bytes: string | Buffer) => createHash('md5').update(bytes).digest('hex')

describe('uploads in parts by the stock client', () => {
  const large = randomBytes(5 * 1024 ** 2)
  const small = randomBytes(1000)

  async function begin(Bucket: string, more: object = {}) {
    const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'big', ContentType: 'x/y', ...more }))
    const part = async (PartNumber: number, Body: Buffer) => {
      const { ETag, ChecksumCRC32 } = await s3.send(new UploadPartCommand({ Bucket, Key: 'big', UploadId, PartNumber, Body }))
      return { PartNumber, ETag, ChecksumCRC32 }
    }
    const complete = (Parts: object[], rest: object = {}) =>
      s3.send(new CompleteMultipartUploadCommand({ Bucket, Key: 'big', UploadId, MultipartUpload: { Parts }, ...rest }))
    return { UploadId, part, complete }
  }

  it('become one object', async () => {
    for (const more of [{ ChecksumAlgorithm: 'CRC32' }, { ChecksumAlgorithm: 'CRC32', ChecksumType: 'FULL_OBJECT' }]) {
      const Bucket = await newBucket()
      const { part, complete } = await begin(Bucket, more)
      const parts = [await part(1, large), await part(7, small)]
      const done = await complete(parts)
      const tag = createHash('md5').update(md5(large), 'hex').update(md5(small), 'hex').digest('hex')
      expect(done.ETag).toBe(`"${tag}-2"`)
      expect(done.ChecksumCRC32).toMatch('ChecksumType' in more ? /^[^-]+$/ : /-2$/)
      const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'big' }))
      expect(Buffer.from((await got.Body?.transformToByteArray()) ?? []).equals(Buffer.concat([large, small]))).toBe(true)
      expect(got.ContentType).toBe('x/y')
    }
  })

  it('are listed, can be replaced part by part, copied into, and aborted', async () => {
    const Bucket = await newBucket()
    await put(Bucket, 'source', '0123456789')
    const { UploadId, part, complete } = await begin(Bucket)
    await part(1, small)
    await part(1, large)
    await s3.send(
      new UploadPartCopyCommand({ Bucket, Key: 'big', UploadId, PartNumber: 2, CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=2-4' }),
    )
    const { Parts } = await s3.send(new ListPartsCommand({ Bucket, Key: 'big', UploadId }))
    expect(Parts?.map(({ PartNumber, Size }) => [PartNumber, Size])).toEqual([
      [1, large.length],
      [2, 3],
    ])
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads).toEqual([expect.objectContaining({ Key: 'big', UploadId })])
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'big', UploadId }))
    await expect(complete([{ PartNumber: 1, ETag: '"x"' }])).rejects.toEqual(refusal('NoSuchUpload', 404))
  })

  it('are refused out of order, with unknown parts, and with small ones in the middle', async () => {
    const Bucket = await newBucket()
    const { part, complete } = await begin(Bucket)
    const [one, two] = [await part(1, small), await part(2, small)]
    await expect(complete([two, one])).rejects.toEqual(refusal('InvalidPartOrder', 400))
    await expect(complete([{ PartNumber: 3, ETag: two.ETag }])).rejects.toEqual(refusal('InvalidPart', 400))
    await expect(complete([one, two])).rejects.toEqual(refusal('EntityTooSmall', 400))
    await expect(complete([two], { MpuObjectSize: 5 })).rejects.toEqual(refusal('InvalidRequest', 400))
    await complete([two])
  })
})
