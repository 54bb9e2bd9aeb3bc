import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { aesSealer } from '#adapters/sealer/aes.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import type { Clock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import type { Store } from '#ports/store.js'
import { putWorkloadIdentity, removeWorkloadIdentity } from './workload-identities.js'
import { issueWorkloadToken, readWorkloadToken, userKey, type WorkloadUser } from './workload-tokens.js'

const scope = { account: '000000000000', region: 'us-east-1' }
const sealer = aesSealer(Buffer.alloc(32, 1))
let now = 1_000_000
const clock: Clock = { now: () => now, after: () => () => undefined }
const dir = mkdtempSync(join(tmpdir(), 'aw-workload-tokens-'))
let store: Store
beforeAll(() => {
  store = sqliteStore(join(dir, 'database'))
})
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const made = (name: string) => store.transaction((tx) => putWorkloadIdentity(tx, scope, { clock, ids: randomIds }, { name }))
const read = (token: string, where = scope) => readWorkloadToken({ sealer, clock, store }, where, token)
const refusal = (why: RegExp) => expect.objectContaining({ code: 'UnauthorizedException', message: expect.stringMatching(why) })

describe('a workload access token', () => {
  it.each<[string, WorkloadUser | undefined]>([
    ['nobody', undefined],
    ['a user id', { userId: 'u-1' }],
    ['a verified user', { issuer: 'https://idp.example', subject: 's', userToken: 'a.b.c' }],
  ])('says whose it is, and that it stands for %s, without showing either', async (what, user) => {
    const identity = await made(`agent-${what.replaceAll(' ', '-')}`)
    const token = issueWorkloadToken({ sealer, clock }, scope, identity, user)
    expect(await read(token)).toMatchObject({ workloadName: identity.name, workloadId: identity.uniqueId, ...(user && { user }), identity })
    expect(Buffer.from(token, 'base64url').toString('latin1')).not.toContain(identity.name)
  })

  it('is refused when it is another text, another Region’s, or of another installation', async () => {
    const token = issueWorkloadToken({ sealer, clock }, scope, await made('elsewhere'))
    for (const text of ['', 'x', `${token}x`, token.slice(0, -2), token.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))])
      await expect(read(text)).rejects.toEqual(refusal(/not one that this platform issued/))
    await expect(read(token, { ...scope, region: 'eu-west-1' })).rejects.toEqual(refusal(/us-east-1, not for 000000000000 in eu-west-1/))
    const foreign = issueWorkloadToken({ sealer: aesSealer(Buffer.alloc(32, 2)), clock }, scope, { name: 'elsewhere', uniqueId: 'x' })
    await expect(read(foreign)).rejects.toEqual(refusal(/not one that this platform issued/))
    // What is sealed for another purpose is no token.
    await expect(read(sealer.seal('{}', 'vault'))).rejects.toEqual(refusal(/not one that this platform issued/))
  })

  it('ends after an hour and a half', async () => {
    const token = issueWorkloadToken({ sealer, clock }, scope, await made('ageing'))
    now += 90 * 60_000 - 1
    expect(await read(token)).toMatchObject({ workloadName: 'ageing' })
    now += 1
    await expect(read(token)).rejects.toEqual(refusal(/has expired/))
  })

  it('ends with its identity, and is none of the next one of that name', async () => {
    const token = issueWorkloadToken({ sealer, clock }, scope, await made('reborn'))
    await store.transaction((tx) => removeWorkloadIdentity(tx, scope, 'reborn'))
    await expect(read(token)).rejects.toEqual(refusal(/deleted since/))
    await made('reborn')
    await expect(read(token)).rejects.toEqual(refusal(/deleted since/))
  })
})

it('keeps users apart who could be written alike', () => {
  const users: (WorkloadUser | undefined)[] = [
    undefined,
    { userId: '' },
    { userId: 'a' },
    { userId: '["https://i","a"]' },
    { issuer: 'https://i', subject: 'a' },
    { issuer: 'https://i"', subject: ',"a' },
    { issuer: '', subject: 'a' },
  ]
  expect(new Set(users.map(userKey)).size).toBe(users.length)
  expect(userKey({ issuer: 'i', subject: 's', userToken: 'one' })).toBe(userKey({ issuer: 'i', subject: 's', userToken: 'two' }))
})
