// What is promised of memory, by its parts.
import { memoryEvents } from './requirements-of-memory-events.ts'

export const memory = {
  ...memoryEvents,
}
