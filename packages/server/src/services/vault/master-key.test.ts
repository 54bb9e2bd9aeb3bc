import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, it } from 'vitest'
import { fileMasterKey } from '#adapters/master-key/file.js'
import { envelopeSealer } from '#adapters/sealer/envelope.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { randomIds } from '#kernel/ids.js'
import type { Store } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { dropEntry, putEntry, readEntry, recordedMasterKey, vaultedEntries, vaultMasterKey } from './index.js'

const dir = mkdtempSync(join(tmpdir(), 'aw-master-key-'))
const stores: Store[] = []
afterAll(async () => {
  for (const store of stores) await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const scope = { account: '000000000000', region: 'us-east-1' }
const quiet = () => undefined
let made = 0

/** A vault as one start of the platform has it: `on` an earlier one's database and key file, or on new ones. */
async function open(on = { database: join(dir, `${++made}.db`), keyFile: join(dir, `${made}.key`) }) {
  const store = sqliteStore(on.database)
  stores.push(store)
  const mayMake = (await recordedMasterKey(store, scope.account)) === undefined
  const source = fileMasterKey(on.keyFile, { ids: randomIds, mayMake })
  const [first, ...others] = source.keys()
  const sealer = envelopeSealer(first, others)
  let now = 5
  const clock = { now: () => now++ }
  const told: unknown[] = []
  const log = { debug: quiet, info: quiet, warn: quiet, error: (_text: string, fields?: object) => void told.push(fields) }
  const newKey = () => Buffer.from(randomIds.secret(32), 'base64url')
  const masterKey = vaultMasterKey({ store, sealer, source, account: scope.account, clock, log, newKey })
  return { on, store, source, sealer, masterKey, told }
}

const put = (store: Store, sealer: VaultSealer, count: number, from = 0) =>
  store.transaction(async (tx) => {
    for (let number = from; number < from + count; number++) await putEntry(tx, sealer, scope, `e/${number}`, `secret ${number}`)
  })
const wrongOnes = async (store: Store, sealer: VaultSealer, count: number) => {
  const wrong: number[] = []
  for (let number = 0; number < count; number++) {
    if ((await readEntry(store, sealer, scope, `e/${number}`)) !== `secret ${number}`) wrong.push(number)
  }
  return wrong
}
const keysOf = async (store: Store) => new Set((await vaultedEntries(store)).map(({ masterKeyId }) => masterKeyId))

it('a rotation reaches every entry, also those that are written and removed meanwhile, and the old key opens nothing more', async () => {
  const { on, store, sealer, masterKey, source } = await open()
  await masterKey.settle()
  const [old] = source.keys()
  await put(store, sealer, 1_200)
  const rotation = masterKey.rotate(false)
  await put(store, sealer, 10, 1_200)
  await store.transaction((tx) => dropEntry(tx, scope, 'e/1209'))
  await expect(masterKey.rotate(false)).rejects.toMatchObject({
    code: 'ConflictException',
    message: expect.stringContaining('being rotated already'),
  })
  const { masterKeyId } = await rotation
  expect(await keysOf(store)).toEqual(new Set([masterKeyId]))
  expect(readFileSync(on.keyFile, 'utf8').trim().split('\n')).toHaveLength(1)
  const again = await open(on)
  await again.masterKey.settle()
  expect(await wrongOnes(again.store, again.sealer, 1_209)).toEqual([])
  await expect(readEntry(store, envelopeSealer(old), scope, 'e/1')).rejects.toMatchObject({
    code: 'DecryptionFailure',
    message: expect.stringContaining(`master key ${masterKeyId}`),
  })
})

it('a rotation that was killed at any step is finished by the next start', async () => {
  const steps = ['both keys are kept', 'the new key is on record', 'some entries are sealed anew', 'all entries are sealed anew']
  for (const [step, name] of steps.entries()) {
    const { on, store, sealer, masterKey, source } = await open()
    await masterKey.settle()
    await put(store, sealer, 20)
    // What rotate does, up to the step.
    const key = Buffer.from(randomIds.secret(32), 'base64url')
    source.replace?.([key, ...source.keys()])
    const fingerprint = sealer.use(key)
    const account = { account: scope.account, region: '*' }
    if (step >= 1) await store.transaction((tx) => tx.put({ name: 'vault-master-keys' }, account, 'current', { masterKeyId: fingerprint, since: 1 }))
    if (step >= 2) await put(store, sealer, step === 2 ? 7 : 20)
    const next = await open(on)
    await next.masterKey.settle()
    expect(await wrongOnes(next.store, next.sealer, 20), name).toEqual([])
    expect(await keysOf(next.store), name).toEqual(new Set([fingerprint]))
    expect(next.source.keys(), name).toHaveLength(1)
    expect(await next.masterKey.describe(), name).toMatchObject({ masterKeyId: fingerprint, unreadable: undefined })
  }
})

it('who has lost the key for good gives up what it sealed, and goes on with a new one', async () => {
  const { on, store, sealer, masterKey } = await open()
  await masterKey.settle()
  await put(store, sealer, 3)
  rmSync(on.keyFile)
  const without = await open(on)
  await without.masterKey.settle()
  await expect(put(without.store, without.sealer, 1, 3)).rejects.toMatchObject({ code: 'EncryptionFailure' })
  await expect(without.masterKey.rotate(false)).rejects.toMatchObject({ message: expect.stringContaining('--forget-unreadable') })
  expect(await without.masterKey.rotate(true)).toMatchObject({ entries: 0, forgotten: 3 })
  expect(await readEntry(without.store, without.sealer, scope, 'e/0')).toBeUndefined()
  await put(without.store, without.sealer, 2)
  const later = await open(on)
  await later.masterKey.settle()
  expect(await wrongOnes(later.store, later.sealer, 2)).toEqual([])
})

it('an entry opens at its own place only', async () => {
  const { store, sealer, masterKey } = await open()
  await masterKey.settle()
  await put(store, sealer, 2)
  const entries = { name: 'vault-entries' }
  const entry = await store.get(entries, scope, 'e/0')
  const elsewhere = { ...scope, region: 'eu-west-1' }
  await store.transaction(async (tx) => {
    await tx.put(entries, scope, 'e/1', entry)
    await tx.put(entries, elsewhere, 'e/0', entry)
  })
  const refused = { code: 'DecryptionFailure', message: expect.stringContaining('Store the secret again') }
  await expect(readEntry(store, sealer, scope, 'e/1')).rejects.toMatchObject(refused)
  await expect(readEntry(store, sealer, elsewhere, 'e/0')).rejects.toMatchObject(refused)
  expect(await readEntry(store, sealer, scope, 'e/0')).toBe('secret 0')
})

it('an entry that was altered stops neither a rotation nor the next start: it is told of, and stays until it is given up', async () => {
  const { on, store, sealer, masterKey, source } = await open()
  await masterKey.settle()
  await put(store, sealer, 5)
  const entries = { name: 'vault-entries' }
  const altered = { 'e/1': { sealed: 'v2.0123456789abcdef.AAAA.AAAA' }, 'e/2': { sealed: 'not sealed' }, 'e/3': {} }
  await store.transaction(async (tx) => {
    for (const [id, document] of Object.entries(altered)) await tx.put(entries, scope, id, document)
  })
  expect(await masterKey.rotate(false)).toMatchObject({ entries: 2, unreadable: 3, forgotten: 0 })
  expect(await readEntry(store, sealer, scope, 'e/4')).toBe('secret 4')
  for (const id of Object.keys(altered)) await expect(readEntry(store, sealer, scope, id)).rejects.toMatchObject({ code: 'DecryptionFailure' })

  // As a kill between the two keys leaves it.
  source.replace?.([Buffer.from(randomIds.secret(32), 'base64url'), ...source.keys()])
  const next = await open(on)
  await next.masterKey.settle()
  expect(next.source.keys()).toHaveLength(1)
  expect(next.told).toEqual([expect.objectContaining({ entries: 'us-east-1/e/1 us-east-1/e/2 us-east-1/e/3', count: 3 })])
  expect(await readEntry(next.store, next.sealer, scope, 'e/0')).toBe('secret 0')
  for (const [id, document] of Object.entries(altered)) expect(await next.store.get(entries, scope, id)).toEqual(document)
  expect(await next.masterKey.rotate(true)).toMatchObject({ entries: 2, unreadable: 0, forgotten: 3 })
})

it('an entry that the database cannot give leaves both keys where they are, and the start goes on', async () => {
  const { on, store, masterKey, sealer } = await open()
  await masterKey.settle()
  await put(store, sealer, 3)
  await store.close()
  const raw = new DatabaseSync(on.database)
  raw.exec("UPDATE documents SET document = '{\"sealed\":' WHERE collection = 'vault-entries' AND id = 'e/1'")
  raw.close()
  const next = await open(on)
  await expect(next.masterKey.rotate(false)).rejects.toMatchObject({ code: 'ConflictException', message: expect.stringContaining('e/1') })
  const later = await open(on)
  await later.masterKey.settle()
  expect(later.source.keys()).toHaveLength(2)
  expect(later.told).toEqual([{ reason: expect.stringContaining('e/1') }])
  expect(await readEntry(later.store, later.sealer, scope, 'e/2')).toBe('secret 2')
  await expect(readEntry(later.store, later.sealer, scope, 'e/1')).rejects.toMatchObject({ code: 'DecryptionFailure' })
  await put(later.store, later.sealer, 1, 1)
  expect(await later.masterKey.rotate(false)).toMatchObject({ entries: 3 })
  expect(later.source.keys()).toHaveLength(1)
})

it('a key file that holds no key stops the start without showing what is in it', async () => {
  const { on, masterKey, source } = await open()
  await masterKey.settle()
  source.replace?.([Buffer.from('short canary')])
  await expect(open(on)).rejects.toMatchObject({
    name: 'PortError',
    message: expect.not.stringContaining(Buffer.from('short canary').toString('base64url')),
  })
})
