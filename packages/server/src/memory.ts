// The memory service, tied to the rows that it keeps beside the store's documents.
import { sqliteMemoryEvents } from '#adapters/sqlite/memory-events.js'
import type { SqliteStore } from '#adapters/sqlite/tables.js'
import { type MemoryPorts, memory } from '#services/memory/index.js'

type MemoryWorld = Omit<MemoryPorts, 'store' | 'events' | 'followers' | 'rows'> & { store: SqliteStore }

export function openMemory(world: MemoryWorld) {
  return memory({ ...world, events: sqliteMemoryEvents(world.store.tables, world.clock), followers: [], rows: [] })
}
