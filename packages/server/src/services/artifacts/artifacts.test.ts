import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fileObjects } from '#adapters/files/objects.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import type { ObjectBytes } from '#ports/objects.js'
import type { Store } from '#ports/store.js'
import { type Artifacts, artifacts } from './index.js'

const scope = { account: '000000000000', region: 'us-east-1' }
const bucket = 'artifacts'
let dir: string
let store: Store
let bytes: ObjectBytes
let room: Artifacts

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'agentworks-artifacts-'))
  store = sqliteStore(join(dir, 'database'))
  bytes = fileObjects(join(dir, 'objects'))
  room = artifacts({ store, bytes, clock: systemClock, ids: randomIds })
  await room.createBucket(scope, bucket)
})
afterEach(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const put = (key: string, body: string | Readable, conditions = {}) =>
  room.putObject(scope, {
    bucket,
    key,
    body: typeof body === 'string' ? Readable.from([Buffer.from(body)]) : body,
    headers: {},
    metadata: {},
    conditions,
  })
const get = async (key: string) => text((await room.getObject(scope, { bucket, key, conditions: {} })).body)
async function handles(): Promise<number> {
  let count = 0
  for await (const _handle of bytes.handles()) count += 1
  return count
}

describe('artifacts', () => {
  it('can be located on this host by the code that unpacks them', async () => {
    const { etag } = await put('code.zip', 'zip')
    const found = await room.locate(scope, bucket, 'code.zip')
    expect(found).toMatchObject({ size: 3, etag, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(readFileSync(found?.path ?? '', 'utf8')).toBe('zip')
    expect(await room.locate(scope, bucket, 'missing')).toBeUndefined()
    expect(await room.locate({ ...scope, region: 'eu-west-1' }, bucket, 'code.zip')).toBeUndefined()
  })

  it('keep no bytes of what was replaced, deleted or refused', async () => {
    await put('k', 'one')
    await put('k', 'two')
    expect(await handles()).toBe(1)
    await expect(put('k', 'three', { ifNoneMatch: ['*'] })).rejects.toMatchObject({ bucketCode: 'PreconditionFailed' })
    const failing = Readable.from(
      (async function* () {
        yield Buffer.from('half')
        throw new Error('the client went away')
      })(),
    )
    await expect(put('k', failing)).rejects.toThrow('the client went away')
    expect([await handles(), await get('k')]).toEqual([1, 'two'])
    await room.deleteObjects(scope, { bucket, keys: ['k'] })
    expect(await handles()).toBe(0)
  })

  it('let one writer win when two demand that there be none before them', async () => {
    const outcomes = await Promise.allSettled([1, 2, 3, 4].map((n) => put('k', `writer ${n}`, { ifNoneMatch: ['*'] })))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
    expect(await handles()).toBe(1)
  })

  it('are always read whole while they are being replaced', async () => {
    await put('k', '0'.repeat(1000))
    const writing = (async () => {
      for (let n = 1; n < 30; n += 1) await put('k', String(n % 10).repeat(1000))
    })()
    const seen = await Promise.all(Array.from({ length: 60 }, () => get('k')))
    await writing
    for (const content of seen) expect(content).toMatch(/^(\d)\1{999}$/)
  })

  it('sweep at start the bytes that no row names, and no others', async () => {
    await put('k', 'kept')
    const upload = await room.createUpload(scope, { bucket, key: 'big', headers: {}, metadata: {} })
    await room.uploadPart(scope, { ...upload, partNumber: 1, body: Readable.from([Buffer.from('part')]) })
    await bytes.write(Readable.from([Buffer.from('orphan')]), { maxBytes: 100 })
    expect(await room.sweepOrphans()).toBe(1)
    const { parts } = await room.listParts(scope, upload)
    const done = await room.completeUpload(scope, { ...upload, parts: parts.map(({ partNumber, etag }) => ({ partNumber, etag })), conditions: {} })
    expect([done.size, await get('big'), await get('k')]).toEqual([4, 'part', 'kept'])
    expect(await handles()).toBe(2)
  })

  it('drop the parts of open uploads with their bucket', async () => {
    const upload = await room.createUpload(scope, { bucket, key: 'big', headers: {}, metadata: {} })
    await room.uploadPart(scope, { ...upload, partNumber: 1, body: Readable.from([Buffer.from('part')]) })
    await room.deleteBucket(scope, bucket)
    expect(await handles()).toBe(0)
    await expect(put('k', 'x')).rejects.toMatchObject({ bucketCode: 'NoSuchBucket', status: 404 })
  })
})
