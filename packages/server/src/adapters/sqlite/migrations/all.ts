// Every migration, in order. A file that was released is never edited: the next one mends it.
import { documents } from './0001-documents.js'
import { memoryEvents } from './0002-memory-events.js'
import { extractionJobs } from './0003-extraction-jobs.js'
import { memoryRecords } from './0004-memory-records.js'
import { extractionQueues } from './0005-extraction-queues.js'

export interface Migration {
  version: number
  sql: string
}

export const migrations: readonly Migration[] = [documents, memoryEvents, extractionJobs, memoryRecords, extractionQueues]
