import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { memoryEventsContract } from '#ports/memory-events.contract.js'
import { sqliteMemoryEvents } from './memory-events.js'
import { sqliteStore } from './store.js'

const scratch = mkdtempSync(join(tmpdir(), 'agentworks-memory-events-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let files = 0

memoryEventsContract({
  async open(now, path = join(scratch, `${++files}.db`)) {
    const store = sqliteStore(path)
    return { store, events: sqliteMemoryEvents(store.tables, { now }), path, close: () => store.close() }
  },
})
