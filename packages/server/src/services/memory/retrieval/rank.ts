// How well a record fits a question by its own words.
import type { StoredRecord } from '#ports/memory-records.js'

/** The usual figures of BM25, and less of a penalty for length: a turn of a talk is short or long by chance. */
const k1 = 1.2
const b = 0.5

/** How much each term says: the rarer in the scope that is searched, not in everybody's records, the more. */
export function weightsOf(terms: readonly string[], counts: readonly number[], all: number): Map<string, number> {
  return new Map(terms.map((term, at) => [term, rarity(counts[at] ?? 0, all)]))
}

const rarity = (count: number, all: number) => Math.log(1 + (Math.max(all, count) - count + 0.5) / (count + 0.5))

export function closeness({ terms }: Pick<StoredRecord, 'terms'>, weights: ReadonlyMap<string, number>, usualLength: number): number {
  const counts = new Map<string, number>()
  for (const term of terms) if (weights.has(term)) counts.set(term, (counts.get(term) ?? 0) + 1)
  const length = k1 * (1 - b + (b * terms.length) / Math.max(1, usualLength))
  let sum = 0
  for (const [term, count] of counts) sum += ((weights.get(term) ?? 0) * count * (k1 + 1)) / (count + length)
  return sum
}

/** What a record of usual length has that says every term once. */
export const fullCloseness = (weights: ReadonlyMap<string, number>) => [...weights.values()].reduce((sum, weight) => sum + weight, 0)
