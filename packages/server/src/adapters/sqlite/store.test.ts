import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, describe, expect, it } from 'vitest'
import { storeContract } from '#ports/store.contract.js'
import { collection } from '#ports/store.js'
import { migrate } from './migrate.js'
import { sqliteStore } from './store.js'

const scratch = mkdtempSync(join(tmpdir(), 'agentworks-sqlite-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let files = 0
const freshPath = () => join(scratch, `${++files}.db`)

storeContract({
  freshPath,
  open: async (path) => sqliteStore(path),
  crashWriter: join(import.meta.dirname, 'crash-writer.fixture.ts'),
})

describe('the SQLite store', () => {
  it('keeps the database and its log private', async () => {
    const path = freshPath()
    const store = sqliteStore(path)
    await store.transaction((tx) => tx.put(collection('c'), { account: 'a', region: 'r' }, 'id', 1))
    for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600)
    await store.close()
  })

  it('refuses a database of a newer release and leaves it as it is', () => {
    const path = freshPath()
    const db = new DatabaseSync(path)
    db.exec('PRAGMA user_version = 99')
    db.close()
    expect(() => sqliteStore(path)).toThrow(/schema version 99.*newer release/)
    const again = new DatabaseSync(path)
    expect(again.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 })
    again.close()
  })

  it('undoes a migration that fails half-way', () => {
    const db = new DatabaseSync(freshPath())
    const broken = { version: 1, sql: 'CREATE TABLE half (a); CREATE TABLE half (a);' }
    expect(() => migrate(db, [broken])).toThrow(/migration 1 failed and was undone/)
    expect(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual({ n: 0 })
    db.close()
  })

  it('undoes a transaction that never ends, tells its owner, and lets the next one run', async () => {
    const store = sqliteStore(freshPath(), { transactionLimitMs: 50 })
    const things = collection<number>('things')
    const scope = { account: 'a', region: 'r' }
    const hanging = store.transaction(async (tx) => {
      await tx.put(things, scope, 'lost', 1)
      await new Promise(() => {})
    })
    const next = store.transaction((tx) => tx.put(things, scope, 'kept', 2))
    await expect(hanging).rejects.toMatchObject({ code: 'transaction-too-long' })
    await next
    expect((await store.all(things)).map((row) => row.id)).toEqual(['kept'])
    await store.close()
  })

  it('answers what it keeps of a document until the commit that changes it, and never after', async () => {
    const store = sqliteStore(freshPath())
    const things = collection<{ n: number }>('things')
    const scope = { account: 'a', region: 'r' }
    await store.transaction((tx) => tx.put(things, scope, 'id', { n: 1 }))
    const first = await store.get(things, scope, 'id')
    if (first) first.n = 99
    expect(await store.get(things, scope, 'id')).toEqual({ n: 1 })
    const { promise: written, resolve: tellWritten } = Promise.withResolvers<void>()
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>()
    const change = store.transaction(async (tx) => {
      await tx.put(things, scope, 'id', { n: 2 })
      tellWritten()
      await mayEnd
    })
    await written
    expect(await store.get(things, scope, 'id')).toEqual({ n: 1 })
    end()
    await change
    expect(await store.get(things, scope, 'id')).toEqual({ n: 2 })
    await store.transaction((tx) => tx.delete(things, scope, 'id'))
    expect(await store.get(things, scope, 'id')).toBeUndefined()
    await store.close()
  })

  it('keeps its promises for more documents than it keeps in memory', async () => {
    const store = sqliteStore(freshPath())
    const things = collection<number>('things')
    const scope = { account: 'a', region: 'r' }
    const ids = Array.from({ length: 1100 }, (_, n) => `id-${n}`)
    const putAll = (of: (n: number) => number) =>
      store.transaction(async (tx) => {
        for (const [n, id] of ids.entries()) await tx.put(things, scope, id, of(n))
      })
    const readAll = () => Promise.all(ids.map((id) => store.get(things, scope, id)))
    await putAll((n) => n)
    expect(await readAll()).toEqual(ids.map((_, n) => n))
    await putAll((n) => -n - 1)
    expect(await readAll()).toEqual(ids.map((_, n) => -n - 1))
    await store.close()
  })
})
