// What the provider keeps: one SQLite file that several processes may have open, so that `users` and `clients` work beside a
// provider that runs. Everything in it is sealed under the key beside it, and what a token is found by is a hash: the file alone
// opens nothing.
import { createCipheriv, createDecipheriv, createHash, createHmac, randomBytes } from 'node:crypto'
import { closeSync, existsSync, linkSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface Item {
  payload: Record<string, unknown>
  /** Epoch seconds; absent: for good. */
  expiresAt?: number
  grantId?: string
  uid?: string
}

export interface State {
  get(model: string, id: string): Item['payload'] | undefined
  put(model: string, id: string, item: Item): void
  delete(model: string, id: string): boolean
  byUid(model: string, uid: string): Item['payload'] | undefined
  deleteGrant(model: string, grantId: string): void
  all(model: string): Item['payload'][]
  /** What is there afterwards: the given one, or what another process put there before. */
  putIfAbsent(model: string, id: string, payload: Item['payload']): Item['payload']
  close(): void
}

export function openState(dir: string, now: () => number = Date.now): State {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const path = join(dir, 'state.db')
  if (existsSync(path) && !existsSync(join(dir, 'key')))
    throw new Error(`${join(dir, 'key')} is gone, and nothing else opens ${path}: restore it, or remove the folder to begin anew`)
  const key = readOrMakeKey(join(dir, 'key'))
  closeSync(openSync(path, 'a', 0o600))
  const db = new DatabaseSync(path, { timeout: 5_000 })
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL')
  db.exec(`CREATE TABLE IF NOT EXISTS items (
    model TEXT NOT NULL, id TEXT NOT NULL, sealed BLOB NOT NULL, expires_at INTEGER, grant_id TEXT, uid TEXT, PRIMARY KEY (model, id)
  ) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS by_uid ON items (model, uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS by_grant ON items (model, grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS by_end ON items (expires_at) WHERE expires_at IS NOT NULL;`)
  const alive = '(expires_at IS NULL OR expires_at > ?)'
  const seconds = () => Math.floor(now() / 1000)
  const selectOne = db.prepare(`SELECT sealed FROM items WHERE model = ? AND id = ? AND ${alive}`)
  const selectByUid = db.prepare(`SELECT sealed FROM items WHERE model = ? AND uid = ? AND ${alive}`)
  const selectAll = db.prepare(`SELECT sealed FROM items WHERE model = ? AND ${alive}`)
  const insert = db.prepare('INSERT OR IGNORE INTO items (model, id, sealed) VALUES (?, ?, ?)')
  const upsert = db.prepare('INSERT OR REPLACE INTO items (model, id, sealed, expires_at, grant_id, uid) VALUES (?, ?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM items WHERE model = ? AND id = ?')
  const removeGrant = db.prepare('DELETE FROM items WHERE model = ? AND grant_id = ?')
  const removeEnded = db.prepare('DELETE FROM items WHERE expires_at <= ?')
  const hashed = (id: string) => createHmac('sha256', key).update(id).digest('base64url')
  const opened = (row: unknown) => (row ? (JSON.parse(open(key, (row as { sealed: Uint8Array }).sealed)) as Item['payload']) : undefined)

  return {
    get: (model, id) => opened(selectOne.get(model, hashed(id), seconds())),
    byUid: (model, uid) => opened(selectByUid.get(model, uid, seconds())),
    all: (model) => selectAll.all(model, seconds()).map((row) => opened(row) as Item['payload']),
    put(model, id, { payload, expiresAt, grantId, uid }) {
      removeEnded.run(seconds())
      upsert.run(model, hashed(id), seal(key, JSON.stringify(payload)), expiresAt ?? null, grantId ?? null, uid ?? null)
    },
    delete: (model, id) => remove.run(model, hashed(id)).changes > 0,
    deleteGrant: (model, grantId) => void removeGrant.run(model, grantId),
    putIfAbsent(model, id, payload) {
      insert.run(model, hashed(id), seal(key, JSON.stringify(payload)))
      return opened(selectOne.get(model, hashed(id), seconds())) ?? payload
    },
    close: () => db.close(),
  }
}

/** Whole or not at all, also when two processes come first together. */
function readOrMakeKey(path: string): Buffer {
  if (!existsSync(path)) {
    const temporary = `${path}.${process.pid}`
    writeFileSync(temporary, randomBytes(32).toString('base64url'), { mode: 0o600 })
    try {
      linkSync(temporary, path)
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    } finally {
      rmSync(temporary, { force: true })
    }
  }
  return createHash('sha256').update(readFileSync(path, 'utf8').trim()).digest()
}

function seal(key: Buffer, text: string): Uint8Array {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), sealed])
}

function open(key: Buffer, sealed: Uint8Array): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12), { authTagLength: 16 })
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
}
