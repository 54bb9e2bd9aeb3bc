// Finds the records of a scope that fit a question, the best first. Four things speak for a record: its own words; those of its
// neighbours in time, since a talk says a thing over several turns; the best of its whole talk; and that it is by the one, or of the
// time, that the question names. The figures were chosen by hand, round, and matter little: docs/decisions says how that was tried.
import type { MemoryKey } from '#ports/memory-events.js'
import type { MemoryRecordReads, RecordScope, StoredRecord } from '#ports/memory-records.js'
import { isOutdated } from '#services/memory/extraction/outdated.js'
import { isOf } from './periods.js'
import { readQuestion } from './question.js'
import { closeness, fullCloseness, weightsOf } from './rank.js'
import { asks, speakers } from './speaker.js'
import { outdatedKeeps, successors } from './successors.js'

export interface Hit {
  record: StoredRecord
  /** From 0, which says nothing, to 1. */
  score: number
  why: Reasons
}

/** What a score is made of. */
export interface Reasons {
  /** Terms of the question that stand in it. */
  terms: readonly string[]
  /** By its own words, as part of what a record has that says every term. */
  words: number
  /** By those of the records around it in time. */
  neighbours: number
  /** By the best of its talk. */
  talk: number
  /** It is by, or about, somebody whom the question names. */
  named: boolean
  /** Its time is, or is soon after, the time that the question names. */
  timely: boolean
}

const candidates = 300
/** Of the records that have one term. A term with more tells little. */
const mostRead = { least: 1000, most: 5000 }
/** Of the candidates, those whose neighbours are looked at. */
const looked = 48
const near = { each: 2, withinMs: 30 * 60_000 }
/** Of the score of a record, what those beside it get: the next, and the one behind that. */
const shares = [0.4, 0.2]
/** The answer stands behind what asks. */
const answerShare = 0.3
const askingKeeps = 0.8
const talkShare = 0.5
const namedFactor = 2
const timelyFactor = 0.5

interface Parts {
  row: number
  record?: StoredRecord
  words: number
  neighbours: number
  talk: number
}

export async function retrieve(
  records: MemoryRecordReads,
  memory: MemoryKey,
  scope: RecordScope,
  text: string,
  { limit, now }: { limit: number; now: number },
): Promise<Hit[]> {
  const { terms, period } = readQuestion(text, now)
  const all = await records.count(memory, scope)
  const most = Math.min(mostRead.most, Math.max(mostRead.least, Math.ceil(all / 50)))
  const occurrences = await records.occurrences(memory, scope, terms, most)
  const counts = occurrences.map(({ length }) => length)
  const weights = weightsOf(terms, counts, all)
  const found = await records.rows(memory, leads(occurrences, weights, most, Math.max(candidates, limit)))
  if (period) found.push(...newOnes(found, await records.between(memory, scope, { ...period, limit: looked })))

  const speakerOf = speakers()
  const spoken = new Set(found.flatMap(({ text }) => speakerOf(text) ?? []))
  const names = terms.filter((term) => spoken.has(term))
  // Whom the question names is asked for by the speaker; the name in others' words only calls them.
  if (names.length < terms.length) for (const name of names) weights.delete(name)
  const full = Math.max(fullCloseness(weights), Number.EPSILON)
  const usualLength = found.reduce((sum, record) => sum + record.terms.length, 0) / Math.max(1, found.length)

  const parts = new Map<number, Parts>()
  for (const record of found)
    parts.set(record.row, { row: record.row, record, words: closeness(record, weights, usualLength) / full, neighbours: 0, talk: 0 })
  for (const { of, record } of await successors(records, memory, scope, found)) {
    const part = parts.get(record.row) ?? { row: record.row, record, words: 0, neighbours: 0, talk: 0 }
    part.words = Math.max(part.words, parts.get(of.row)?.words ?? 0)
    parts.set(record.row, part)
  }
  await lookAround()
  shareTalks()
  await fill()

  const hits = [...parts.values()]
    .flatMap(({ record, words, neighbours, talk }): Hit[] => {
      if (!record) return []
      const name = speakerOf(record.text)
      const named = names.length > 0 && names.some((term) => (name ?? record.terms).includes(term))
      const timely = period ? isOf(period, record.at) : 0
      const own = (words + neighbours + talk) * (asks(record.text) ? askingKeeps : 1) * (isOutdated(record) ? outdatedKeeps : 1)
      // A record of the right time alone fits a little, too.
      const raw = own * (named ? namedFactor : 1) * (1 + timelyFactor * timely) + (own > 0 ? 0 : 0.05 * timely)
      const why = { terms: terms.filter((term) => record.terms.includes(term)), words, neighbours, talk, named, timely: timely > 0 }
      return [{ record, score: asScore(raw), why }]
    })
    .toSorted((a, b) => b.score - a.score || b.record.at - a.record.at || b.record.row - a.record.row)
    .slice(0, limit)
  if (hits.length >= Math.min(limit, all)) return hits
  // As a search by meaning would, it answers with the nearest there are: what fits in nothing comes last, newest first, and scores 0.
  const others = await records.between(memory, scope, { from: Number.MIN_SAFE_INTEGER, until: Number.MAX_SAFE_INTEGER, limit })
  const known = new Set(hits.map(({ record }) => record.row))
  const rest = others.filter(({ row }) => !known.has(row)).map((record): Hit => ({ record, score: 0, why: nothing }))
  return [...hits, ...rest].slice(0, limit)

  /** Each of the best gives a share to the records beside it, which may have no word of the question. */
  async function lookAround(): Promise<void> {
    const best = [...parts.values()]
      .filter(({ words }) => words > 0)
      .toSorted((a, b) => b.words - a.words)
      .slice(0, looked)
      .flatMap(({ record, words }) => (record ? [{ record, words }] : []))
    const around = await records.around(
      memory,
      scope,
      best.map(({ record }) => record),
      near,
    )
    best.forEach(({ record, words }, at) => {
      const { before = [], after = [] } = around[at] ?? {}
      for (const side of [before, after])
        side.forEach(({ row, at: time }, distance) => {
          // Of records with one time nobody knows which stand beside each other; they are of one talk.
          if (time === record.at) return
          const answers = side === after && distance === 0 && asks(record.text)
          const to = parts.get(row) ?? { row, words: 0, neighbours: 0, talk: 0 }
          to.neighbours += words * ((shares[distance] ?? 0) + (answers ? answerShare : 0))
          parts.set(row, to)
        })
    })
  }

  /** Records of a namespace with no long silence between them are one talk. */
  function shareTalks(): void {
    const ordered = [...parts.values()]
      .flatMap((part) => (part.record ? [{ part, place: part.record }] : []))
      .toSorted((a, b) => (a.place.namespace < b.place.namespace ? -1 : a.place.namespace > b.place.namespace ? 1 : a.place.at - b.place.at))
    let talk: typeof ordered = []
    const close = () => {
      const best = Math.max(0, ...talk.map(({ part }) => part.words))
      for (const { part } of talk) part.talk = talkShare * best
      talk = []
    }
    for (const one of ordered) {
      const last = talk.at(-1)
      if (last && (last.place.namespace !== one.place.namespace || one.place.at - last.place.at > near.withinMs)) close()
      talk.push(one)
    }
    close()
  }

  /** Reads the neighbours that may be among the answer. */
  async function fill(): Promise<void> {
    const missing = [...parts.values()]
      .filter(({ record }) => !record)
      .toSorted((a, b) => b.neighbours - a.neighbours)
      .slice(0, 2 * limit)
    for (const record of await records.rows(
      memory,
      missing.map(({ row }) => row),
    )) {
      const part = parts.get(record.row)
      if (part) part.record = record
    }
  }
}

/** The rows whose terms say most in all. What stands everywhere leads to no record sooner than another, and to very many. */
function leads(occurrences: readonly number[][], weights: ReadonlyMap<string, number>, most: number, limit: number): number[] {
  const worth = [...weights.values()]
  const isTelling = (rows: readonly number[]) => rows.length > 0 && rows.length < most
  const isUsed = occurrences.some(isTelling) ? isTelling : () => true
  const sums = new Map<number, number>()
  occurrences.forEach((rows, at) => {
    if (isUsed(rows)) for (const row of rows) sums.set(row, (sums.get(row) ?? 0) + (worth[at] ?? 0))
  })
  if (sums.size <= limit) return [...sums.keys()]
  return [...sums]
    .toSorted((a, b) => b[1] - a[1] || b[0] - a[0])
    .slice(0, limit)
    .map(([row]) => row)
}

const nothing: Reasons = { terms: [], words: 0, neighbours: 0, talk: 0, named: false, timely: false }

const newOnes = (known: readonly StoredRecord[], others: readonly StoredRecord[]) => {
  const rows = new Set(known.map(({ row }) => row))
  return others.filter(({ row }) => !rows.has(row))
}

/** Every term in one record, and nothing else for it, is 0.7; more for it comes ever nearer to 1. */
const asScore = (raw: number) => 1 - Math.exp(-1.2 * raw)
