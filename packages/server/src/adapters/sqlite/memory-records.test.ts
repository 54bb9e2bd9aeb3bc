import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
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

it('finds the newest of a path with many records, and of one with few among them', async () => {
  const store = sqliteStore(join(scratch, `${++files}.db`))
  const records = sqliteMemoryRecords(store.tables)
  const memory = { account: '000000000000', region: 'us-east-1', memoryId: 'm-0123456789' }
  await store.transaction(async (tx) => {
    const inside = records.within(tx)
    for (let n = 0; n <= 1100; n += 1) {
      const namespace = n % 100 === 0 ? '/few/a/' : `/many/${n % 7}/`
      await inside.put(memory, { recordId: `r${n}`, namespace, strategyId: '', text: '', terms: ['word'], at: n, updatedAt: n, metadata: {} })
    }
  })
  const newest = async (namespacePath: string) =>
    (await records.between(memory, { namespacePath }, { from: 0, until: 1100, limit: 3 })).map(({ recordId }) => recordId)
  expect(await newest('/many/')).toEqual(['r1099', 'r1098', 'r1097'])
  expect(await newest('/few')).toEqual(['r1000', 'r900', 'r800'])
  await store.close()
})
