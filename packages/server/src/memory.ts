// The memory service, tied to the rows that it keeps beside the store's documents.
import { sqliteMemoryEvents } from '#adapters/sqlite/memory-events.js'
import { sqliteMemoryRecords } from '#adapters/sqlite/memory-records.js'
import type { SqliteStore } from '#adapters/sqlite/tables.js'
import { type MemoryPorts, memory } from '#services/memory/index.js'

type MemoryWorld = Omit<MemoryPorts, 'store' | 'events' | 'records' | 'followers' | 'rows'> & { store: SqliteStore }

export function openMemory(world: MemoryWorld) {
  const { tables } = world.store
  return memory({ ...world, events: sqliteMemoryEvents(tables, world.clock), records: sqliteMemoryRecords(tables), followers: [], rows: [] })
}
