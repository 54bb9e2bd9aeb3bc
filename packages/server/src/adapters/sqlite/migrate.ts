// Brings a database to the newest schema. The version lives in the file itself (user_version) and moves with the change.
import type { DatabaseSync } from 'node:sqlite'
import { PortError } from '#kernel/errors.js'
import type { Migration } from './migrations/all.js'

export function migrate(db: DatabaseSync, migrations: readonly Migration[]): void {
  const newest = migrations.at(-1)?.version ?? 0
  const found = schemaVersion(db)
  if (found > newest) {
    throw new PortError(
      'store',
      'newer-schema',
      `the database has schema version ${found}, this release knows up to ${newest}; start the newer release that wrote it`,
    )
  }
  for (const { version, sql } of migrations) {
    if (version > found) apply(db, version, sql)
  }
}

function apply(db: DatabaseSync, version: number, sql: string): void {
  db.exec('BEGIN IMMEDIATE')
  try {
    db.exec(sql)
    db.exec(`PRAGMA user_version = ${version}`)
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw new PortError('store', 'migration-failed', `schema migration ${version} failed and was undone; the database is as it was`, { cause: error })
  }
}

function schemaVersion(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.user_version ?? 0)
}
