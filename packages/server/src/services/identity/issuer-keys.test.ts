import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, describe, expect, it } from 'vitest'
import { aesSealer } from '#adapters/sealer/aes.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { joseSigner } from '#adapters/token-signer/jose-signer.js'
import { randomIds } from '#kernel/ids.js'
import { issuerKeys } from './issuer-keys.js'

const scratch = mkdtempSync(join(tmpdir(), 'aw-issuer-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

let files = 0
function open(path = join(scratch, `${++files}.db`), rootKey = 7) {
  const store = sqliteStore(path)
  let now = Date.UTC(2026, 0, 1)
  const clock = { now: () => now }
  const keys = issuerKeys({ store, sealer: aesSealer(Buffer.alloc(32, rootKey)), signer: joseSigner, account: '000000000000', clock, ids: randomIds })
  const sign = async (algorithm: 'RS256' | 'ES384' = 'ES384') => (await keys.signerFor(algorithm))({ sub: 'me', exp: Math.floor(now / 1000) + 3600 })
  const verifies = async (token: string, at = now) =>
    jwtVerify(token, createLocalJWKSet({ keys: (await keys.published()) as never }), { currentDate: new Date(at) }).then(
      () => true,
      () => false,
    )
  return { path, store, keys, sign, verifies, pass: (seconds: number) => (now += seconds * 1000) }
}

describe('the keys of the issuer', () => {
  it('are made once, also for those who ask together, and are the same after a restart', async () => {
    const first = open()
    const [one, other] = await Promise.all([first.keys.published(), first.keys.published()])
    expect(one).toEqual(other)
    expect(one.map(({ alg, kty, use }) => [alg, kty, use]).toSorted()).toEqual([
      ['ES384', 'EC', 'sig'],
      ['RS256', 'RSA', 'sig'],
    ])
    const token = await first.sign('RS256')
    await first.store.close()
    const again = open(first.path)
    expect(await again.keys.published()).toEqual(one)
    expect(await again.verifies(token)).toBe(true)
    await again.store.close()
  })

  it('show nothing private, neither to verifiers nor on disk', async () => {
    const { keys, path, store } = open()
    const published = JSON.stringify(await keys.published())
    for (const member of ['d', 'p', 'q', 'dp', 'dq', 'qi']) expect(published).not.toContain(`"${member}":`)
    await store.close()
    const bytes = readFileSync(path, 'latin1')
    expect(bytes).toContain('sealedPrivateJwk')
    expect(bytes).not.toMatch(/"(d|dp|qi)":"/)
  })

  it('rotate with overlap: the next key is known before it signs, the last one until its tokens have ended', async () => {
    const { keys, sign, verifies, pass, store } = open()
    const old = await sign()
    const oldKid = decodeProtectedHeader(old).kid
    const after = await keys.rotate(false)
    expect(after.map(({ algorithm, state }) => `${algorithm} ${state}`)).toEqual(['ES384 SIGNING', 'ES384 NEXT', 'RS256 SIGNING', 'RS256 NEXT'])
    expect(decodeProtectedHeader(await sign()).kid).toBe(oldKid)
    pass(301)
    const last = await sign()
    expect(decodeProtectedHeader(last).kid).not.toBe(oldKid)
    expect(await verifies(last)).toBe(true)
    expect((await keys.list()).map(({ state }) => state)).toEqual(['RETIRED', 'SIGNING', 'RETIRED', 'SIGNING'])
    pass(3290)
    expect(await verifies(old)).toBe(true)
    pass(3700)
    expect((await keys.published()).length).toBe(2)
    await store.close()
  })

  it('that another installation sealed are told of, and a rotation makes good ones', async () => {
    const first = open()
    await first.sign()
    await first.store.close()
    const moved = open(first.path, 8)
    await expect(moved.sign()).rejects.toThrow('identity issuer rotate --now')
    await moved.keys.rotate(true)
    expect(await moved.verifies(await moved.sign())).toBe(true)
    await moved.store.close()
  })

  it('rotate at once when one is in wrong hands', async () => {
    const { keys, sign, verifies, store } = open()
    const stolen = await sign()
    await keys.rotate(true)
    expect(await verifies(stolen)).toBe(false)
    expect(await verifies(await sign())).toBe(true)
    expect((await keys.published()).length).toBe(2)
    await store.close()
  })
})
