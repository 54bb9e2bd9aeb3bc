// Records of memories on SQLite, in the store's own file and transactions, found by an FTS5 index of their terms.
import type { MemoryRecords, MemoryRecordWrites } from '#ports/memory-records.js'
import type { Transaction } from '#ports/store.js'
import { memoryRecordReads } from './memory-record-reads.js'
import { memoryRecordWrites } from './memory-record-writes.js'
import type { SqliteTables } from './tables.js'

export function sqliteMemoryRecords(tables: SqliteTables): MemoryRecords {
  const reads = tables.statements(memoryRecordReads)
  const writes = tables.statements(memoryRecordWrites)

  const through = (read: typeof reads.committed) => ({
    get: async (...asked: Parameters<MemoryRecords['get']>) => read().get(...asked),
    page: async (...asked: Parameters<MemoryRecords['page']>) => read().page(...asked),
    count: async (...asked: Parameters<MemoryRecords['count']>) => read().count(...asked),
    occurrences: async (...asked: Parameters<MemoryRecords['occurrences']>) => read().occurrences(...asked),
    matching: async (...asked: Parameters<MemoryRecords['matching']>) => read().matching(...asked),
    around: async (...asked: Parameters<MemoryRecords['around']>) => read().around(...asked),
    rows: async (...asked: Parameters<MemoryRecords['rows']>) => read().rows(...asked),
    between: async (...asked: Parameters<MemoryRecords['between']>) => read().between(...asked),
  })

  return { ...through(() => reads.committed()), within }

  function within(tx: Transaction): MemoryRecordWrites {
    const write = () => writes.within(tx)
    return {
      ...through(() => reads.within(tx)),
      put: async (...given) => write().put(...given),
      delete: async (...given) => write().delete(...given),
      dropMemory: async (...given) => write().dropMemory(...given),
    }
  }
}
