// A vault whose master key AWS KMS wraps, from start to start.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { kmsFile } from '#adapters/kms-keys/kms-file.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { putEntry, readEntry } from '#services/vault/index.js'
import { kmsServer } from './kms-server.fixture.js'
import { openVault } from './vault.js'

const account = '000000000000'
const scope = { account, region: 'us-east-1' }
const [first, second, none] = [1, 2, 3].map((digit) => `arn:aws:kms:eu-west-1:111122223333:key/${`${digit}`.repeat(8)}-1111-1111-1111-111111111111`)
const root = mkdtempSync(join(tmpdir(), 'aw-vault-kms-'))
const quiet = () => undefined
let kms: Awaited<ReturnType<typeof kmsServer>>
let made = 0

beforeAll(async () => {
  for (const [name, value] of Object.entries({ AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'canary-of-kms' })) vi.stubEnv(name, value)
  kms = await kmsServer([first ?? '', second ?? ''])
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await kms.close()
  rmSync(root, { recursive: true, force: true })
})

function newDir() {
  const dir = join(root, `${++made}`)
  mkdirSync(dir)
  return dir
}

/** What one start of the platform does, until it is stopped. */
async function started<R>(
  dataDir: string,
  keys: { now: string | undefined; before?: string | undefined; url?: string },
  work: (vault: { put(id: string): Promise<void>; read(id: string): Promise<string | undefined>; place: string }) => Promise<R>,
): Promise<R> {
  const store = sqliteStore(join(dataDir, 'database'))
  try {
    const env = { AGENTWORKS_MASTER_KEY: keys.now, AGENTWORKS_PREVIOUS_MASTER_KEY: keys.before, AWS_ENDPOINT_URL_KMS: keys.url ?? kms.url }
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet }
    const { sealer, masterKey } = await openVault({
      env,
      dataDir,
      account,
      store,
      clock: systemClock,
      ids: randomIds,
      log,
      kmsKeys: kmsFile(join(dataDir, 'kms.json')),
    })
    return await work({
      put: (id) => store.transaction((tx) => putEntry(tx, sealer, scope, id, `secret ${id}`)),
      read: (id) => readEntry(store, sealer, scope, id),
      place: (await masterKey.describe()).place,
    })
  } finally {
    await store.close()
  }
}

it('is made once, kept wrapped, and opened by KMS at each later start', async () => {
  const dir = newDir()
  kms.calls.length = 0
  await started(dir, { now: `kms:${first}` }, ({ put }) => put('a'))
  expect(await started(dir, { now: `kms:${first}` }, ({ read }) => read('a'))).toBe('secret a')
  expect(kms.calls).toEqual(['TrentService.GenerateDataKey', 'TrentService.Decrypt'])
  const file = join(dir, 'master-key.kms')
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')))).toEqual([first])
  expect(await started(dir, { now: `kms:${first}` }, async ({ place }) => place)).toContain(first)
  // Without its wrapped key the vault stays shut: KMS is not asked for another one.
  rmSync(file)
  await expect(started(dir, { now: `kms:${first}` }, ({ read }) => read('a'))).rejects.toMatchObject({ code: 'DecryptionFailure' })
  expect(kms.calls.filter((call) => call.endsWith('GenerateDataKey'))).toHaveLength(1)
})

it('takes over from a key of one’s own, goes to another KMS key, and back', async () => {
  const dir = newDir()
  const own = Buffer.alloc(32, 9).toString('base64')
  const read = ({ read }: { read(id: string): Promise<string | undefined> }) => read('a')
  await started(dir, { now: own }, ({ put }) => put('a'))
  expect(await started(dir, { now: `kms:${first}`, before: own }, read)).toBe('secret a')
  expect(await started(dir, { now: `kms:${second}`, before: `kms:${first}` }, read)).toBe('secret a')
  expect(await started(dir, { now: `kms:${second}` }, read)).toBe('secret a')
  expect(await started(dir, { now: own, before: `kms:${second}` }, read)).toBe('secret a')
  expect(await started(dir, { now: own }, read)).toBe('secret a')
})

it('stops the start with what KMS said and what to do, and tells no secret', async () => {
  const dir = newDir()
  const start = (keys: Parameters<typeof started>[1]) => started(dir, keys, ({ put }) => put('a'))
  const refusedWith = async (keys: Parameters<typeof started>[1], ...words: (string | undefined)[]) => {
    const fault = await start(keys).then(
      () => undefined,
      (reason) => reason,
    )
    expect(fault).toMatchObject({ name: 'PortError', port: 'master-key' })
    for (const word of words) expect(fault.message).toContain(word)
    expect(fault.message).not.toContain('canary')
  }
  await refusedWith({ now: 'kms:alias/mine' }, "the key's whole ARN")
  await refusedWith({ now: `kms:${none}` }, none, 'NotFoundException', 'Name a key that is there')
  await start({ now: `kms:${first}` })
  for (const [code, cure] of [
    ['AccessDeniedException', 'Allow kms:Decrypt'],
    ['DisabledException', 'Enable the key'],
    ['InvalidCiphertextException', 'restore master-key.kms'],
  ]) {
    kms.refuse(code)
    await refusedWith({ now: `kms:${first}` }, code, cure)
  }
  kms.refuse(undefined)
  // A port that nobody listens on.
  await refusedWith({ now: `kms:${first}`, url: 'http://127.0.0.1:1' }, 'http://127.0.0.1:1', 'ECONNREFUSED', 'reachable')
  writeFileSync(join(dir, 'master-key.kms'), '{')
  await refusedWith({ now: `kms:${first}` }, 'master-key.kms', 'restore it from a backup')
}, 30_000)
