// One connection, with the settings on which the store's promises rest. They belong to a connection, not to the file,
// so each one sets them, and reads back the one whose loss nobody would notice before a power cut.
import { closeSync, openSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { PortError } from '#kernel/errors.js'

const synchronousFull = 2
const busyTimeoutMs = 5000

export function openWriter(path: string): DatabaseSync {
  // SQLite gives the -wal and -shm files the mode of the database file, so that one has to be private from the start.
  closeSync(openSync(path, 'a', 0o600))
  const db = new DatabaseSync(path, { timeout: busyTimeoutMs, enableForeignKeyConstraints: true })
  try {
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864')
    expect(db, 'journal_mode', 'wal')
    expect(db, 'synchronous', synchronousFull)
  } catch (error) {
    db.close()
    throw error
  }
  return db
}

/** After `openWriter`, which makes the file. */
export function openReader(path: string): DatabaseSync {
  return new DatabaseSync(path, { timeout: busyTimeoutMs, readOnly: true })
}

function expect(db: DatabaseSync, pragma: string, wanted: string | number): void {
  const found = db.prepare(`PRAGMA ${pragma}`).get()?.[pragma]
  if (found !== wanted) {
    throw new PortError(
      'store',
      'not-durable',
      `the file system does not let SQLite use ${pragma}=${wanted} (it says ${String(found)}); put the data folder on a local disk`,
    )
  }
}
