import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { envelopeSealer } from '#adapters/sealer/envelope.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import type { Transaction } from '#ports/store.js'
import { vaultedEntries } from '#services/vault/index.js'
import { tokenSessionMs, unfinishedSignInsInAll, unfinishedSignInsPerUser } from './limits.js'
import { forgetSessions, moveSession, openSession, tokenSessions } from './token-sessions.js'

const dir = mkdtempSync(join(tmpdir(), 'aw-token-sessions-'))
const store = sqliteStore(join(dir, 'database'))
const sealer = envelopeSealer(Buffer.alloc(32, 1))
afterAll(async () => {
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

const scope = { account: '000000000000', region: 'us-east-1' }

function begin(tx: Transaction, id: string, user: string, now: number) {
  const owner = {
    workloadName: 'shop',
    workloadId: 'w',
    user,
    providerName: 'idp',
    callbackId: 'c',
    providerUpdatedAt: 1,
    flow: 'USER_FEDERATION' as const,
    scopes: [],
  }
  const session = { owner, tokenId: 't', principal: 'p', redirectUri: 'http://127.0.0.1/back' }
  const secrets = { state: `state of ${id}`, codeVerifier: 'v', authorizationUrl: 'http://127.0.0.1/auth', parameters: [] }
  return openSession(tx, sealer, { id, scope }, session, secrets, now)
}
const stateOf = async (id: string) => (await store.get(tokenSessions, scope, id))?.state

it('sign-ins that are not finished are bounded: of one user the oldest makes room, and of all none is begun until some have ended', async () => {
  const first = 1_000_000_000_000
  for (let number = 0; number <= unfinishedSignInsPerUser; number++)
    await store.transaction((tx) => begin(tx, `jane-${number}`, 'jane', first + number))
  expect(await stateOf('jane-0')).toBe('FAILED')
  expect(await stateOf('jane-1')).toBe('PENDING')
  expect((await vaultedEntries(store)).map(({ id }) => id)).not.toContain('session/jane-0')
  expect(await vaultedEntries(store)).toHaveLength(unfinishedSignInsPerUser)

  await store.transaction(async (tx) => {
    for (let number = unfinishedSignInsPerUser; number < unfinishedSignInsInAll; number++)
      await begin(tx, `${number}`, `user ${number}`, first + 1_000)
  })
  const refused = expect(store.transaction((tx) => begin(tx, 'late', 'late', first + 2_000))).rejects
  await refused.toMatchObject({ code: 'ThrottlingException', message: expect.stringContaining('Try again when') })
  expect(await stateOf('late')).toBeUndefined()
  // One that ended, however it ended, makes room for one.
  await store.transaction((tx) => moveSession(tx, { id: 'jane-1', scope }, 'FAILED', 'no consent'))
  await store.transaction((tx) => begin(tx, 'late', 'late', first + 2_000))
  await expect(store.transaction((tx) => begin(tx, 'later', 'later', first + 2_000))).rejects.toMatchObject({ code: 'ThrottlingException' })
  // Whose time is over make room before the sweep comes to them, and it takes all that is left of them.
  await store.transaction((tx) => begin(tx, 'later', 'later', first + 20 + tokenSessionMs))
  expect(await stateOf('jane-2')).toBe('FAILED')
  await forgetSessions(store, first + 3 * tokenSessionMs)
  for (const name of ['unfinished-sign-ins', 'unfinished-sign-ins-by-end']) expect(await store.all({ name })).toHaveLength(1)
  expect(await store.all({ name: 'unfinished-sign-ins-counted' })).toMatchObject([{ document: { unfinished: 1 } }])
}, 60_000)
