// One job of one strategy: read, think, and say what is to be written. It writes nothing itself, so that it can be run again.
import { setImmediate as aTurn } from 'node:timers/promises'
import type { MemoryRecordMetadataValue } from '@agentworks/model'
import { ServiceError } from '#kernel/errors.js'
import type { MemoryKey } from '#ports/memory-events.js'
import type { MemoryRecordReads, RecordScope, RecordSource, StoredRecord } from '#ports/memory-records.js'
import type { RecordFacts } from '#services/memory/new-record.js'
import { newRecordId } from '#services/memory/new-record.js'
import { termsOf } from '#services/memory/retrieval/words.js'
import { similarRecords } from './limits.js'
import type { ReadMaterial } from './material.js'
import type { Candidate, Decision, Learned, Mind } from './mind.js'
import { isOutdated, outdated } from './outdated.js'
import { asKnown, emptyPlan, type Plan } from './plan.js'
import { statementIn } from './record-texts.js'
import type { LearningWork } from './work.js'

export interface Lesson {
  memory: MemoryKey
  strategyId: string
  work: LearningWork
  material: ReadMaterial
  mind: Mind
  records: MemoryRecordReads
  source: RecordSource
  now: number
  newId(): string
}

/** Facts and preferences: extract, then decide for each what becomes of it beside similar ones. */
export async function learnFacts(kind: Learned, lesson: Lesson): Promise<Plan> {
  const { mind, material } = lesson
  const plan = emptyPlan()
  const planned = new Map<RecordFacts, StoredRecord>()
  const candidates = await mind.extract(kind, material)
  for (const candidate of candidates.toSorted((a, b) => a.at - b.at)) {
    const similar = await similarTo(candidate, plan, planned, lesson)
    take(candidate, await decided(kind, candidate, similar, mind), similar, plan, lesson)
    const fresh = plan.put.at(-1)
    if (fresh && !planned.has(fresh)) planned.set(fresh, asKnown(fresh))
    // Rules take no time of their own to wait for: everybody else has a turn between two.
    await aTurn()
  }
  return plan
}

export function recordOf(candidate: Candidate, { strategyId, work, source, now, newId }: Lesson, more: Partial<RecordFacts> = {}): RecordFacts {
  const strict = Object.entries(work.strict).map(([key, stringValue]) => [key, { stringValue }] as const)
  const metadata: Record<string, MemoryRecordMetadataValue> = { ...candidate.metadata, ...Object.fromEntries(strict) }
  const place = { namespace: work.namespace, strategyId, at: candidate.at, updatedAt: now, source }
  return { recordId: newRecordId(newId()), text: candidate.text, metadata, ...place, ...more }
}

/** Records of this strategy in its namespace, and of the same strict values: others are never compared, so never changed. */
export function scopeOf({ strategyId, work }: Pick<Lesson, 'strategyId' | 'work'>, namespace = work.namespace): RecordScope {
  const tests = Object.entries(work.strict).map(([key, stringValue]) => ({ key, operator: 'EQUALS_TO' as const, value: { stringValue } }))
  return { namespace, strategyId, tests }
}

/** Known ones, and those that this job is about to write. */
async function similarTo(candidate: Candidate, plan: Plan, planned: ReadonlyMap<RecordFacts, StoredRecord>, lesson: Lesson): Promise<StoredRecord[]> {
  const terms = termsOf(statementIn(candidate.text))
  const known = await lesson.records.matching(lesson.memory, scopeOf(lesson), terms, similarRecords)
  const gone = new Set(plan.outdate.map(({ recordId }) => recordId))
  const current = known.filter((record) => !isOutdated(record) && !gone.has(record.recordId))
  const wanted = new Set(terms)
  const own = [...planned].flatMap(([facts, record]) => (!isOutdated(facts) && record.terms.some((term) => wanted.has(term)) ? [record] : []))
  return [...own, ...current]
}

async function decided(kind: Learned, candidate: Candidate, similar: readonly StoredRecord[], mind: Mind): Promise<Decision> {
  try {
    return await mind.consolidate(kind, candidate, similar)
  } catch (fault) {
    // As AWS: a memory that cannot be consolidated is added. One that was not asked for, because the model was busy, is tried again.
    if (fault instanceof ServiceError && fault.code === 'ModelErrorException') return { operation: 'AddMemory' }
    throw fault
  }
}

function take(candidate: Candidate, decision: Decision, similar: readonly StoredRecord[], plan: Plan, lesson: Lesson): void {
  if (decision.operation === 'SkipMemory') return
  const fresh = recordOf(candidate, lesson)
  const rival = decision.operation === 'UpdateMemory' && similar.find(({ recordId }) => recordId === decision.recordId)
  if (!rival) return void plan.put.push(fresh)
  const { text } = decision
  // Came late, about an earlier time: what is known since then stands, and this is history.
  if (candidate.at < rival.at && text === undefined) {
    return void plan.put.push({ ...fresh, metadata: outdated(fresh.metadata, { at: rival.at, by: rival.recordId }) })
  }
  const at = Math.max(candidate.at, rival.at)
  plan.put.push({ ...fresh, at, ...(text !== undefined && { text }) })
  const planned = plan.put.find(({ recordId }) => recordId === rival.recordId)
  if (planned) planned.metadata = outdated(planned.metadata, { at, by: fresh.recordId })
  else plan.outdate.push({ recordId: rival.recordId, at, by: fresh.recordId })
}
