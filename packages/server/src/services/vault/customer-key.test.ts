import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, expect, it } from 'vitest'
import { kmsFile } from '#adapters/kms-keys/kms-file.js'
import { envelopeSealer } from '#adapters/sealer/envelope.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import type { Store } from '#ports/store.js'
import { customerKeyOf, customerKeys, putEntry, readEntry, vaultedEntries, vaultMasterKey } from './index.js'

const dir = mkdtempSync(join(tmpdir(), 'aw-customer-key-'))
const map = join(dir, 'kms.json')
const [first, second] = ['1', '2'].map((digit) => `arn:aws:kms:us-east-1:000000000000:key/${digit}`) as [string, string]
const scope = { account: '000000000000', region: 'us-east-1' }
const elsewhere = { ...scope, region: 'eu-west-1' }
const quiet = () => undefined
const nothing = async () => undefined
const stores: Store[] = []
const masterKey = Buffer.alloc(32, 9)

const keysHere = (...arns: string[]) => writeFileSync(map, JSON.stringify(Object.fromEntries(arns.map((arn) => [arn, `${arn.at(-1)}.key`]))))
beforeEach(() => {
  for (const digit of ['1', '2']) writeFileSync(join(dir, `${digit}.key`), `${Buffer.alloc(32, digit).toString('base64')}\n`)
  keysHere(first, second)
})
afterAll(async () => {
  for (const store of stores) await store.close()
  rmSync(dir, { recursive: true, force: true })
})

/** A vault as one start of the platform has it. */
function open(database = join(dir, `${stores.length}.db`)) {
  const store = sqliteStore(database)
  stores.push(store)
  const sealer = envelopeSealer(masterKey, [], kmsFile(map))
  const told: { text: string; fields: unknown }[] = []
  const log = { debug: quiet, info: quiet, warn: quiet, error: (text: string, fields?: object) => void told.push({ text, fields }) }
  const put = (count: number, where = scope) =>
    store.transaction(async (tx) => {
      for (let number = 0; number < count; number++) await putEntry(tx, sealer, where, `token/${number}`, `secret ${number}`)
    })
  const read = (number: number, where = scope) => readEntry(store, sealer, where, `token/${number}`)
  const sealedUnder = async () => new Set((await vaultedEntries(store)).map(({ kmsKeyArn }) => kmsKeyArn))
  return { database, store, sealer, log, told, put, read, sealedUnder, keys: customerKeys({ store, sealer, log }) }
}

it('reaches every entry of its own account and Region, also those that are written meanwhile, and from key to key', async () => {
  const { store, sealer, keys, put, read, sealedUnder } = open()
  await put(900)
  await put(1, elsewhere)
  for (const to of [first, second, undefined]) {
    const changed = keys.change(scope, to, nothing)
    await expect(keys.change(scope, first, nothing)).rejects.toMatchObject({ code: 'ConcurrentModificationException' })
    await store.transaction((tx) => putEntry(tx, sealer, scope, 'token/late', 'late'))
    await changed
    expect(await sealedUnder()).toEqual(new Set([to, undefined]))
    expect((await vaultedEntries(store)).filter(({ kmsKeyArn }) => kmsKeyArn === to)).toHaveLength(to === undefined ? 902 : 901)
    expect(await Promise.all([read(0), read(899), read(0, elsewhere), readEntry(store, sealer, scope, 'token/late')])).toEqual([
      'secret 0',
      'secret 899',
      'secret 0',
      'late',
    ])
  }
})

it.each([0, 7, 20])('a change that was killed when %i of 20 entries were wrapped anew is finished by the next start', async (wrapped) => {
  const { store, database, put } = open()
  await put(20)
  // What change does, up to the kill.
  const record = { kmsKeyArn: first, isUnfinished: true }
  await store.transaction((tx) => tx.put({ name: 'vault-customer-keys' }, scope, 'default', record))
  await put(wrapped)
  const next = open(database)
  expect(await next.read(19)).toBe('secret 19')
  keysHere()
  await next.keys.settle()
  const toldOf = next.told.map(({ fields }) => JSON.stringify(fields))
  expect(toldOf.every((text) => text.includes(first)) && toldOf.length).toBe(wrapped === 20 ? 0 : 1)
  keysHere(first)
  const later = open(database)
  await later.keys.settle()
  expect(later.told).toEqual([])
  expect(await later.sealedUnder()).toEqual(new Set([first]))
  expect(await later.read(0)).toBe('secret 0')
  keysHere()
  await expect(later.read(0)).rejects.toMatchObject({ code: 'DecryptionFailure', message: expect.stringContaining(first) })
})

it('is of what identity keeps, and not of Secrets Manager’s own secrets', async () => {
  const { store, sealer, keys } = open()
  const ids = ['secret/shop/database/1', 'secret/bedrock-agentcore-identity!default/apikey/maps/1', 'session/1', 'token/1']
  const put = () =>
    store.transaction(async (tx) => {
      for (const id of ids) await putEntry(tx, sealer, scope, id, id)
    })
  const under = async () => Object.fromEntries((await vaultedEntries(store)).map(({ id, kmsKeyArn }) => [id, kmsKeyArn]))
  await put()
  await keys.change(scope, first, nothing)
  const expected = Object.fromEntries(ids.map((id, at) => [id, at === 0 ? undefined : first]))
  expect(await under()).toEqual(expected)
  await put()
  expect(await under()).toEqual(expected)
  keysHere()
  expect(await readEntry(store, sealer, scope, ids[0] ?? '')).toBe(ids[0])
})

it('is not begun while an entry is under a key that is not here', async () => {
  const { store, keys, put, read, sealedUnder } = open()
  await put(3)
  await keys.change(scope, first, nothing)
  keysHere(second)
  for (const to of [second, undefined])
    await expect(keys.change(scope, to, nothing)).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining(first) })
  expect(await customerKeyOf(store, scope)).toBe(first)
  keysHere(first, second)
  await keys.change(scope, second, nothing)
  expect(await sealedUnder()).toEqual(new Set([second]))
  expect(await read(2)).toBe('secret 2')
})

it('an entry that was altered stops no change: it is told of, and stays as it is', async () => {
  const { store, keys, put, read, told } = open()
  await put(4)
  const altered = { 'token/1': { sealed: 'v2.0123456789abcdef.AAAA.AAAA' }, 'token/2': {} }
  await store.transaction(async (tx) => {
    for (const [id, document] of Object.entries(altered)) await tx.put({ name: 'vault-entries' }, scope, id, document)
  })
  await keys.change(scope, first, nothing)
  expect(told).toEqual([{ text: expect.any(String), fields: { entries: 'us-east-1/token/1 us-east-1/token/2', count: 2 } }])
  for (const [id, document] of Object.entries(altered)) expect(await store.get({ name: 'vault-entries' }, scope, id)).toEqual(document)
  expect(await read(3)).toBe('secret 3')
})

it('a rotation of the master key leaves its entries alone, even when its key is away and the unreadable is given up', async () => {
  const { store, sealer, log, keys, put, read } = open()
  await put(2)
  await put(1, elsewhere)
  await keys.change(scope, first, nothing)
  const before = await store.list({ name: 'vault-entries' }, scope)
  let held: readonly Uint8Array[] = [masterKey]
  const replace = (next: readonly Uint8Array[]) => {
    held = next
  }
  const source = { place: 'a test', keys: () => held, replace }
  const newKey = () => Buffer.alloc(32, 8)
  const master = vaultMasterKey({ store, sealer, source, account: scope.account, clock: { now: () => 1 }, log, newKey })
  await master.settle()
  keysHere()
  expect(await master.rotate(true)).toMatchObject({ entries: 1, unreadable: 0, forgotten: 0 })
  expect(await store.list({ name: 'vault-entries' }, scope)).toEqual(before)
  keysHere(first)
  expect(await read(1)).toBe('secret 1')
  expect(await read(0, elsewhere)).toBe('secret 0')
  await keys.change(scope, undefined, nothing)
  keysHere()
  expect(await read(1)).toBe('secret 1')
})
