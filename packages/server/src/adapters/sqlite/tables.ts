// For adapters with tables of their own in the store's file: statements that read what is committed, or that write inside one of the
// store's transactions.
import type { DatabaseSync } from 'node:sqlite'
import { PortError } from '#kernel/errors.js'
import type { Store, Transaction } from '#ports/store.js'

export interface SqliteTables {
  /** `prepare` runs once for each connection, of which there are two. */
  statements<S>(prepare: (db: DatabaseSync) => S): { committed(): S; within(tx: Transaction): S }
}

/** The store, and the file that it is in. */
export interface SqliteStore extends Store {
  readonly tables: SqliteTables
}

export function sqliteTables(
  { write, read, mayRead }: { write: DatabaseSync; read: DatabaseSync; mayRead(): void },
  isOpen: (tx: Transaction) => boolean,
): SqliteTables {
  return {
    statements(prepare) {
      const committed = prepare(read)
      const writing = prepare(write)
      return {
        committed() {
          mayRead()
          return committed
        },
        within(tx) {
          if (!isOpen(tx)) throw new PortError('store', 'transaction-ended', 'a transaction was used after its end, or is of another store')
          return writing
        },
      }
    },
  }
}
