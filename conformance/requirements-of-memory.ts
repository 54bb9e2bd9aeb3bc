// What is promised of memory, by its parts.
import { memoryEvents } from './requirements-of-memory-events.ts'
import { memoryExtraction } from './requirements-of-memory-extraction.ts'
import { memoryRecords } from './requirements-of-memory-records.ts'

export const memory = {
  ...memoryEvents,
  ...memoryExtraction,
  ...memoryRecords,
}
