// The s3 scope on a real port, over SQLite and files, with a stock client. One for each test file.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { fileObjects } from '#adapters/files/objects.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { systemClock } from '#kernel/clock.js'
import { accessDenied } from '#kernel/errors.js'
import { randomIds } from '#kernel/ids.js'
import { artifacts } from '#services/artifacts/index.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { s3Protocol } from './index.js'

const dir = mkdtempSync(join(tmpdir(), 'agentworks-s3-'))
const store = sqliteStore(join(dir, 'database'))
export const buckets = artifacts({ store, bytes: fileObjects(join(dir, 'objects')), clock: systemClock, ids: randomIds })
const authorizer = {
  authorize(_caller: unknown, action: string, resource: string) {
    if (resource.includes('forbidden')) throw accessDenied(`no ${action} on ${resource}`)
  },
}

export let server: SignedServer
export let s3: S3Client
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
export async function newBucket(): Promise<string> {
  const Bucket = `bucket-${++made}`
  await s3.send(new CreateBucketCommand({ Bucket }))
  return Bucket
}

export const put = (Bucket: string, Key: string, Body: string | Buffer = Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body }))
export const textOf = async (Bucket: string, Key: string) => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString()
export const refusal = (name: string, status: number) =>
  expect.objectContaining({ name, $metadata: expect.objectContaining({ httpStatusCode: status }) })

export async function keysOf(
  input: { Bucket: string; Prefix?: string; Delimiter?: string; StartAfter?: string; EncodingType?: 'url' },
  pageSize = 1000,
) {
  const found: (string | undefined)[] = []
  for await (const page of paginateListObjectsV2({ client: s3, pageSize }, input)) {
    expect(page.KeyCount).toBeLessThanOrEqual(pageSize)
    const entries = [...(page.Contents ?? []).map(({ Key }) => Key), ...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix)]
    found.push(...entries.toSorted())
  }
  return found
}
