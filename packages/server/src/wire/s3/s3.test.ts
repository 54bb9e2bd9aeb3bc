import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketAclCommand,
  GetBucketLocationCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListObjectsCommand,
  ListPartsCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { fileObjects } from '#adapters/files/objects.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { systemClock } from '#kernel/clock.js'
import { accessDenied } from '#kernel/errors.js'
import { randomIds } from '#kernel/ids.js'
import { artifacts } from '#services/artifacts/index.js'
import { requestSigner } from '#wire/signed-request.fixture.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { s3Protocol } from './index.js'

const dir = mkdtempSync(join(tmpdir(), 'agentworks-s3-'))
const store = sqliteStore(join(dir, 'database'))
const buckets = artifacts({ store, bytes: fileObjects(join(dir, 'objects')), clock: systemClock, ids: randomIds })
const authorizer = {
  authorize(_caller: unknown, action: string, resource: string) {
    if (resource.includes('forbidden')) throw accessDenied(`no ${action} on ${resource}`)
  },
}

let server: SignedServer
let s3: S3Client
beforeAll(async () => {
  const protocol = s3Protocol({ buckets, authorizer })
  server = await signedServer({ of: () => protocol, fallback: protocol }, { authorizer })
  s3 = new S3Client({ ...server.client, maxAttempts: 1 })
})
afterAll(async () => {
  s3.destroy()
  await server[Symbol.asyncDispose]()
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})
afterEach(() => expect(server.defects).toEqual([]))

let made = 0
async function newBucket(): Promise<string> {
  const Bucket = `bucket-${++made}`
  await s3.send(new CreateBucketCommand({ Bucket }))
  return Bucket
}

const put = (Bucket: string, Key: string, Body: string | Buffer = Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))
const textOf = async (Bucket: string, Key: string) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()
const refusal = (name: string, status: number) => expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) })
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

async function keysOf(input: { Bucket: string; Prefix?: string; Delimiter?: string; StartAfter?: string; EncodingType?: 'url' }, pageSize = 1000) {
  const found: (string | undefined)[] = []
  for await (const page of paginateListObjectsV2({ client: s3, pageSize }, input)) {
    expect(page.KeyCount).toBeLessThanOrEqual(pageSize)
    const entries = [...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)]
    found.push(...entries.toSorted())
  }
  return found
}

describe('listings by the stock client', () => {
  it('fold common prefixes and page through both, in any page size', async () => {
    const Bucket = await newBucket()
    for (const key of ['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/', 'e/5', 'f', 'ü']) await put(Bucket, key)
    for (const pageSize of [1, 2, 3, 1000]) {
      expect(await keysOf({ Bucket }, pageSize)).toEqual(['a', 'b/1', 'b/2', 'b/c/3', 'd', 'e/', 'e/5', 'f', 'ü'])
      expect(await keysOf({ Bucket, Delimiter: '/' }, pageSize).then((keys) => keys.toSorted())).toEqual(['a', 'b/', 'd', 'e/', 'f', 'ü'])
      expect(await keysOf({ Bucket, Delimiter: '/', Prefix: 'b/' }, pageSize)).toEqual(['b/1', 'b/2', 'b/c/'])
      expect(await keysOf({ Bucket, StartAfter: 'b/2' }, pageSize)).toEqual(['b/c/3', 'd', 'e/', 'e/5', 'f', 'ü'])
    }
    const first = await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', MaxKeys: 2 }))
    expect(first).toMatchObject({ IsTruncated: true, NextMarker: 'b/', CommonPrefixes: [{ Prefix: 'b/' }] })
    expect((await s3.send(new ListObjectsCommand({ Bucket, Delimiter: '/', Marker: 'b/' }))).Contents?.map(({ Key }) => Key)).toEqual(['d', 'f', 'ü'])
  })

  it('carry keys that XML and URLs find hard', async () => {
    const Bucket = await newBucket()
    const keys = [' <&>"\'', 'line\nbreak', 'plus+ %2F', '🙂']
    for (const key of keys) await put(Bucket, key)
    expect(await keysOf({ Bucket })).toEqual(keys.toSorted())
    expect((await keysOf({ Bucket, EncodingType: 'url' })).map((key) => decodeURIComponent(key ?? '')).toSorted()).toEqual(keys.toSorted())
  })

  it('refuse a token that we did not make and an unknown bucket', async () => {
    const Bucket = await newBucket()
    for await (const _page of paginateListObjectsV2({ client: s3 }, { Bucket })) expect(_page.KeyCount).toBe(0)
    await expect(s3.send(new ListObjectsCommand({ Bucket: 'nowhere' }))).rejects.toEqual(refusal('NoSuchBucket', 404))
    const pages = paginateListObjectsV2({ client: s3, startingToken: 'mine' }, { Bucket })
    await expect(pages.next()).rejects.toEqual(refusal('InvalidArgument', 400))
  })
})

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

describe('raw requests', () => {
  async function raw(method: string, path: string, { body = '', headers = {} }: { body?: string; headers?: Record<string, string> } = {}) {
    const [rawPath = '', rawQuery = ''] = path.split('?')
    const query = Object.fromEntries(new URLSearchParams(rawQuery))
    const signed = await requestSigner('s3', { sendHash: true }).sign({
      method,
      protocol: 'http:',
      hostname: 'x',
      path: rawPath,
      query,
      headers: { host: `127.0.0.1:${server.port}`, ...headers },
      body,
    })
    return exchange(method, path, signed.headers, body)
  }

  function exchange(method: string, path: string, headers: Record<string, string>, body = ''): Promise<{ status?: number; text: string }> {
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        { host: '127.0.0.1', port: server.port, method, path, headers: { ...headers, 'content-length': Buffer.byteLength(body) } },
        (response) => {
          let text = ''
          response.on('data', (piece) => (text += piece)).on('end', () => resolve({ status: response.statusCode, text }))
        },
      )
      sent.on('error', reject).end(body)
    })
  }

  it('with XML that is none, too clever or too long are MalformedXML', async () => {
    const Bucket = await newBucket()
    const bomb = '<!DOCTYPE d [<!ENTITY a "aaaa">]><Delete><Object><Key>&a;</Key></Object></Delete>'
    for (const body of [
      '',
      'not xml',
      '<Delete>',
      '<Other/>',
      '<Delete/>',
      bomb,
      `<Delete>${'<Object><Key>k</Key></Object>'.repeat(1001)}</Delete>`,
      '<Delete>'.repeat(5000),
    ]) {
      expect(await raw('POST', `/${Bucket}?delete=`, { body }), body.slice(0, 40)).toMatchObject({
        status: 400,
        text: expect.stringContaining('<Code>MalformedXML</Code>'),
      })
    }
  })

  it('decode the entities of XML and no others', async () => {
    const Bucket = await newBucket()
    await put(Bucket, 'a&b<\u00e9')
    const body = '<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">\n <Object>\n  <Key>a&amp;b&lt;&#xe9;</Key></Object></Delete>'
    expect(await raw('POST', `/${Bucket}?delete=`, { body })).toMatchObject({ status: 200 })
    expect(await keysOf({ Bucket })).toEqual([])
  })

  it('with a malformed path, a long key or a bad number are refused, never a 500', async () => {
    const Bucket = await newBucket()
    for (const [method, path, code] of [
      ['GET', `/${Bucket}/%zz`, 'InvalidURI'],
      ['GET', `/${Bucket}/%ff`, 'InvalidURI'],
      ['PUT', `/${Bucket}/${'k'.repeat(1025)}`, 'KeyTooLongError'],
      ['PUT', `/${Bucket}/%00`, 'InvalidArgument'],
      ['GET', `/${Bucket}?max-keys=-1`, 'InvalidArgument'],
      ['GET', `/${Bucket}?list-type=3`, 'InvalidArgument'],
      ['PUT', `/${Bucket}/k?partNumber=0&uploadId=x`, 'InvalidArgument'],
      ['PUT', `/${Bucket}/k?partNumber=1&uploadId=x`, 'NoSuchUpload'],
      ['PATCH', `/${Bucket}/k`, 'NotImplemented'],
      ['POST', '/', 'NotImplemented'],
      ['GET', '//', 'InvalidURI'],
    ] as const) {
      expect((await raw(method, path)).text, `${method} ${path.slice(0, 40)}`).toContain(`<Code>${code}</Code>`)
    }
  })

  it('with a wrong signature get the codes of S3', async () => {
    const signed = (
      await requestSigner('s3', { sendHash: true }).sign({
        method: 'GET',
        protocol: 'http:',
        hostname: 'x',
        path: '/',
        query: {},
        headers: { host: `127.0.0.1:${server.port}` },
        body: '',
      })
    ).headers
    const authorization = signed.authorization ?? ''
    const answer = async (headers: Record<string, string>) => /<Code>(\w+)/.exec((await exchange('GET', '/', headers)).text)?.[1]
    expect(await answer({ ...signed, authorization: authorization.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a')) })).toBe(
      'SignatureDoesNotMatch',
    )
    expect(await answer({ ...signed, authorization: authorization.replace('AKIDEXAMPLE', 'AKIDUNKNOWN') })).toBe('InvalidAccessKeyId')
    expect(await answer({ ...signed, 'x-amz-security-token': 'none' })).toBe('InvalidToken')
    const old = (
      await requestSigner('s3', { sendHash: true }).sign(
        { method: 'GET', protocol: 'http:', hostname: 'x', path: '/', query: {}, headers: { host: `127.0.0.1:${server.port}` }, body: '' },
        { signingDate: new Date(Date.now() - 600_000) },
      )
    ).headers
    expect(await answer(old)).toBe('RequestTimeTooSkewed')
  })

  it('presigned, and with the bucket in the host name, are answered', async () => {
    const Bucket = await newBucket()
    await put(Bucket, 'k', 'hello')
    const presign = (host: string, path: string) =>
      requestSigner('s3', { sendHash: false }).presign(
        {
          method: 'GET',
          protocol: 'http:',
          hostname: 'x',
          path,
          query: { 'response-content-type': 'text/plain', 'X-Amz-Content-Sha256': 'UNSIGNED-PAYLOAD' },
          headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        },
        { expiresIn: 600 },
      )
    for (const [host, path] of [
      [`127.0.0.1:${server.port}`, `/${Bucket}/k`],
      [`${Bucket}.localhost:${server.port}`, '/k'],
    ] as const) {
      const { query } = await presign(host, path)
      const text = new URLSearchParams(query as Record<string, string>).toString()
      expect(await exchange('GET', `${path}?${text}`, { host })).toEqual({ status: 200, text: 'hello' })
    }
  })
})

function md5Base64(text: string): string {
  return createHash('md5').update(text).digest('base64')
}
