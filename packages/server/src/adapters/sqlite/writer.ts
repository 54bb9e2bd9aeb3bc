// The one writer. Transactions run strictly one after another; those that wait at the same time share one commit, and so one
// fsync: each has its own savepoint, and none is acknowledged before the commit that holds it.
import type { DatabaseSync } from 'node:sqlite'
import { setImmediate as turnEnd } from 'node:timers/promises'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Transaction } from '#ports/store.js'
import { documentReads, documentWrites } from './documents.js'
import type { KeptTexts } from './kept-texts.js'

interface Job {
  work(tx: Transaction): Promise<unknown>
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** More would make the first of a batch wait for too many others. */
const jobsPerCommit = 64

interface WriterOptions {
  clock: Clock
  transactionLimitMs: number
  /** What readers keep; told of every row that a commit may have changed. */
  kept: KeptTexts
}

export function writer(db: DatabaseSync, { clock, transactionLimitMs, kept }: WriterOptions) {
  const written = new Set<string>()
  const documents = { ...documentReads(db), ...documentWrites(db, (key) => written.add(key)) }
  const waiting: Job[] = []
  const openTransactions = new WeakSet<Transaction>()
  let draining: Promise<void> | undefined

  async function drain(): Promise<void> {
    while (waiting.length > 0) {
      await gather()
      await commitTogether(waiting.splice(0, jobsPerCommit))
    }
    draining = undefined
  }

  /** For as long as each turn of the event loop brings more from its sockets: what waits then shares one fsync, which costs many turns. */
  async function gather(): Promise<void> {
    for (let before = 0; waiting.length > before && waiting.length < jobsPerCommit; ) {
      before = waiting.length
      await turnEnd()
    }
  }

  async function commitTogether(jobs: Job[]): Promise<void> {
    const unsettled = new Set(jobs)
    try {
      db.exec('BEGIN IMMEDIATE')
      const values = new Map<Job, unknown>()
      for (const job of jobs) {
        db.exec('SAVEPOINT job')
        try {
          values.set(job, await runLimited(job))
        } catch (error) {
          // SQLite itself gives up the whole transaction when the disk is full or fails: then nobody's work is there.
          if (!db.isTransaction) throw error
          db.exec('ROLLBACK TO job')
          unsettled.delete(job)
          job.reject(error)
        }
        db.exec('RELEASE job')
      }
      db.exec('COMMIT')
      for (const [job, value] of values) {
        unsettled.delete(job)
        job.resolve(value)
      }
    } catch (error) {
      rollBack(db)
      for (const job of unsettled) job.reject(asPortError(error))
    } finally {
      // After a failed commit too: nobody knows then what is on the disk.
      kept.forget(written)
      written.clear()
    }
  }

  async function runLimited(job: Job): Promise<unknown> {
    const { tx, end } = handle(documents)
    openTransactions.add(tx)
    let forget = () => {}
    const limit = new Promise<never>((_, reject) => {
      forget = clock.after(transactionLimitMs, () => reject(tooLong(transactionLimitMs)))
    })
    try {
      return await Promise.race([job.work(tx), limit])
    } finally {
      forget()
      openTransactions.delete(tx)
      end()
    }
  }

  return {
    transaction<R>(work: (tx: Transaction) => Promise<R>): Promise<R> {
      return new Promise<R>((resolve, reject) => {
        waiting.push({ work, resolve: (value) => resolve(value as R), reject })
        draining ??= drain()
      })
    },

    isOpen: (tx: Transaction) => openTransactions.has(tx),

    /** Resolves when everything that was asked for has been settled. */
    async idle(): Promise<void> {
      await draining
    },
  }
}

/** What the work gets: it answers until the work has ended, and then says so instead of writing into someone else's transaction. */
function handle(documents: ReturnType<typeof documentReads> & ReturnType<typeof documentWrites>): { tx: Transaction; end(): void } {
  let open = true
  const inside = () => {
    if (!open) throw new PortError('store', 'transaction-ended', 'a transaction was used after its end; await everything inside the work')
    return documents
  }
  return {
    end: () => {
      open = false
    },
    tx: {
      get: async (from, scope, id) => inside().get(from, scope, id),
      list: async (from, scope, page) => inside().list(from, scope, page),
      all: async (from) => inside().all(from),
      insert: async (into, scope, id, document) => inside().insert(into, scope, id, document),
      put: async (into, scope, id, document) => inside().put(into, scope, id, document),
      delete: async (from, scope, id) => inside().delete(from, scope, id),
    },
  }
}

/** A failing disk may fail this too; the error that led here is the one to tell. */
function rollBack(db: DatabaseSync): void {
  try {
    if (db.isTransaction) db.exec('ROLLBACK')
  } catch {
    // SQLite undoes it from its log when the file is opened next.
  }
}

function tooLong(limitMs: number): PortError {
  return new PortError(
    'store',
    'transaction-too-long',
    `a transaction took more than ${limitMs} ms and was undone; inside one, await nothing but the transaction, and start no other`,
  )
}

function asPortError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof PortError || !('errcode' in error)) return error
  const busy = error.errcode === 5
  return new PortError('store', busy ? 'busy' : 'cannot-write', `the database could not commit: ${error.message}`, { retryable: busy, cause: error })
}
