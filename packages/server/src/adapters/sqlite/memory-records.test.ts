import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { memoryRecordsContract } from '#ports/memory-records.contract.js'
import { sqliteMemoryRecords } from './memory-records.js'
import { sqliteStore } from './store.js'

const scratch = mkdtempSync(join(tmpdir(), 'agentworks-memory-records-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let files = 0

memoryRecordsContract({
  async open() {
    const store = sqliteStore(join(scratch, `${++files}.db`))
    return { store, records: sqliteMemoryRecords(store.tables), close: () => store.close() }
  },
})
