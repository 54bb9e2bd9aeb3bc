// The store on SQLite: one writer, a reader of its own, so that a read never waits behind a transaction.
import { type Clock, systemClock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import { openReader, openWriter } from './connection.js'
import { documentReads } from './documents.js'
import { keptTexts } from './kept-texts.js'
import { migrate } from './migrate.js'
import { migrations } from './migrations/all.js'
import { type SqliteStore, sqliteTables } from './tables.js'
import { writer } from './writer.js'

export interface SqliteOptions {
  clock?: Clock
  /** A transaction that takes longer is undone, so that one forgotten promise cannot stop every write. */
  transactionLimitMs?: number
}

export function sqliteStore(path: string, { clock = systemClock, transactionLimitMs = 10_000 }: SqliteOptions = {}): SqliteStore {
  const write = openWriter(path)
  migrate(write, migrations)
  const read = openReader(path)
  const kept = keptTexts()
  const documents = documentReads(read, kept)
  const transactions = writer(write, { clock, transactionLimitMs, kept })
  let isClosed = false

  const whileOpen = () => {
    if (isClosed) throw new PortError('store', 'closed', 'the store is closed')
    return documents
  }

  return {
    tables: sqliteTables({ write, read, mayRead: whileOpen }, transactions.isOpen),
    get: async (from, scope, id) => whileOpen().get(from, scope, id),
    list: async (from, scope, page) => whileOpen().list(from, scope, page),
    all: async (from) => whileOpen().all(from),

    async transaction(work) {
      whileOpen()
      return transactions.transaction(work)
    },

    async close() {
      if (isClosed) return
      isClosed = true
      await transactions.idle()
      read.close()
      write.close()
    },
  }
}
