// Orders what was found by how well it fits the question.
import type { StoredRecord } from '#ports/memory-records.js'

const k1 = 1.2
const b = 0.75

/** BM25 with the counts of the scope that is searched, not of everybody's records. */
export function closeness(record: StoredRecord, weights: ReadonlyMap<string, number>, usualLength: number): number {
  const counts = new Map<string, number>()
  for (const term of record.terms) if (weights.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1)
  const length = k1 * (1 - b + (b * record.terms.length) / usualLength)
  let sum = 0
  for (const [term, count] of counts) sum += ((weights.get(term) ?? 0) * (count * (k1 + 1))) / (count + length)
  return sum
}
