import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { extractionJobsContract } from '#ports/extraction-jobs.contract.js'
import { sqliteExtractionJobs } from './extraction-jobs.js'
import { sqliteStore } from './store.js'

const scratch = mkdtempSync(join(tmpdir(), 'agentworks-extraction-jobs-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))
let files = 0

extractionJobsContract({
  async open(path = join(scratch, `${++files}.db`)) {
    const store = sqliteStore(path)
    return { store, jobs: sqliteExtractionJobs(store.tables), path, close: () => store.close() }
  },
})
