// Events of memories on SQLite, in the store's own file and transactions. A row's number is its arrival.
import type { Clock } from '#kernel/clock.js'
import type { EventKey, MemoryEvents, MemoryEventWrites } from '#ports/memory-events.js'
import { arrivalsPerMs } from '#ports/memory-events.js'
import type { Transaction } from '#ports/store.js'
import { memoryEventReads } from './memory-event-reads.js'
import { memoryEventWrites } from './memory-event-writes.js'
import type { SqliteTables } from './tables.js'

export function sqliteMemoryEvents(tables: SqliteTables, clock: Pick<Clock, 'now'>): MemoryEvents {
  const reads = tables.statements(memoryEventReads)
  const writes = tables.statements(memoryEventWrites)
  let last = Math.max(reads.committed().lastArrival(), reads.committed().lastTokenArrival())
  // Grows when the clock goes back, too: an id that was given once is never given again.
  const nextArrival = () => (last = Math.max(last + 1, clock.now() * arrivalsPerMs))

  return {
    get: async (...asked) => reads.committed().get(...asked),
    isElsewhere: async (...asked) => reads.committed().isElsewhere(...asked),
    page: async (...asked) => reads.committed().page(...asked),
    byArrival: async (...asked) => reads.committed().byArrival(...asked),
    actors: async (...asked) => reads.committed().actors(...asked),
    sessions: async (...asked) => reads.committed().sessions(...asked),
    branch: async (...asked) => reads.committed().branch(...asked),
    token: async (...asked) => reads.committed().token(...asked),
    within: (tx) => within(tx),
  }

  function within(tx: Transaction): MemoryEventWrites {
    const read = () => reads.within(tx)
    const write = () => writes.within(tx)
    return {
      get: async (...asked) => read().get(...asked),
      isElsewhere: async (...asked) => read().isElsewhere(...asked),
      page: async (...asked) => read().page(...asked),
      byArrival: async (...asked) => read().byArrival(...asked),
      actors: async (...asked) => read().actors(...asked),
      sessions: async (...asked) => read().sessions(...asked),
      branch: async (...asked) => read().branch(...asked),
      token: async (...asked) => read().token(...asked),

      async append(session, event) {
        const key: EventKey = { at: event.at, arrival: nextArrival() }
        write().append(session, event, key, clock.now())
        return key
      },
      openSession: async (session, createdAt) => void write().openSession(session, createdAt),
      putBranch: async (...given) => write().putBranch(...given),
      putToken: async (...given) => write().putToken(...given),
      delete: async (...given) => write().delete(...given),
      dropExpired: async (...given) => write().dropExpired(...given),
      dropTokens: async (...given) => write().dropTokens(...given),
      dropMemory: async (...given) => write().dropMemory(...given),
    }
  }
}
