import { ListObjectsCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3'
import { describe, expect, it } from 'vitest'
import { keysOf, newBucket, put, refusal, s3 } from './s3-server.fixture.js'

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
