// What is promised of memory, by its parts.
import { memoryEvents } from './requirements-of-memory-events.ts'
import { memoryExtraction } from './requirements-of-memory-extraction.ts'

export const memory = {
  ...memoryEvents,
  ...memoryExtraction,
}
