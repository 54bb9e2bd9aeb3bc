// Finds the records of a scope that fit a question, the best first.
import type { MemoryKey } from '#ports/memory-events.js'
import type { MemoryRecordReads, RecordScope, StoredRecord } from '#ports/memory-records.js'
import { closeness } from './rank.js'
import { stopWords } from './stop-words.js'
import { termsOfWord, wordsOf } from './words.js'

export interface Hit {
  record: StoredRecord
  /** From 0, which says nothing, to 1. */
  score: number
  /** Terms of the question that stand in it. */
  terms: readonly string[]
}

const candidates = 300

export async function retrieve(records: MemoryRecordReads, memory: MemoryKey, scope: RecordScope, question: string, limit: number): Promise<Hit[]> {
  const words = wordsOf(question)
  const telling = words.filter((word) => !stopWords.has(word))
  const terms = [...new Set((telling.length > 0 ? telling : words).flatMap(termsOfWord))]
  const all = await records.count(memory, scope)
  const counts = await records.frequencies(memory, scope, terms, Math.max(1000, all / 20))
  const weights = new Map(terms.map((term, at) => [term, Math.log(1 + (all - (counts[at] ?? 0) + 0.5) / ((counts[at] ?? 0) + 0.5))]))
  const found = await records.matching(memory, scope, terms, Math.max(candidates, limit))
  const usualLength = found.reduce((sum, record) => sum + record.terms.length, 0) / Math.max(1, found.length)
  const best = [...weights.values()].reduce((sum, weight) => sum + weight, 0) * 2.2
  const hits = found
    .map((record) => ({
      record,
      score: Math.min(1, closeness(record, weights, usualLength) / Math.max(best, Number.EPSILON)),
      terms: terms.filter((term) => record.terms.includes(term)),
    }))
    .toSorted((a, b) => b.score - a.score || b.record.at - a.record.at || a.record.row - b.record.row)
    .slice(0, limit)
  if (hits.length === limit) return hits
  // As a search by meaning would, it answers with the nearest there are: what fits no word comes last, newest first, and scores 0.
  const known = new Set(hits.map(({ record }) => record.row))
  const others = await records.between(memory, scope, { from: Number.MIN_SAFE_INTEGER, until: Number.MAX_SAFE_INTEGER, limit })
  const rest = others.filter(({ row }) => !known.has(row)).map((record) => ({ record, score: 0, terms: [] }))
  return [...hits, ...rest].slice(0, limit)
}
