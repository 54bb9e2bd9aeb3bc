// The jobs that follow from an event, in the event's own transaction: one for each strategy, or more work for one that nobody has begun.
import { canonicalJson } from '#kernel/canonical-json.js'
import type { ExtractionJobWrites, NewJob, WaitingJob } from '#ports/extraction-jobs.js'
import type { StrategyDocument } from '#services/memory/documents.js'
import type { AcceptedEvent } from '#services/memory/ports.js'
import { gathered } from './gathering.js'
import { kindOfStrategy } from './kinds.js'
import { messagesPerJob } from './limits.js'
import { placingOf } from './placing.js'
import { readableIn } from './turns.js'
import { type LearningWork, type Work, workOf } from './work.js'

export interface JobWorld {
  now: number
  newId(): string
}

export async function putJobsOf(event: AcceptedEvent, jobs: ExtractionJobWrites, world: JobWorld): Promise<void> {
  if (event.extractionMode === 'SKIP' || readableIn(event.payload).length === 0) return
  for (const strategy of event.memory.strategies) {
    if (kindOfStrategy(strategy) === 'SELF_MANAGED') await gatherFor(strategy, event, jobs, world)
    else await learnFrom(strategy, event, jobs, world)
  }
}

async function learnFrom(strategy: StrategyDocument, event: AcceptedEvent, jobs: ExtractionJobWrites, world: JobWorld): Promise<void> {
  const { missing, ...placing } = placingOf(strategy, event)
  const events = [{ ...event.key, messages: readableIn(event.payload) }]
  const job = newJob(strategy, event, { kind: 'events', ...placing, events }, world, laneOf(strategy, event, placing))
  if (missing.length > 0) return jobs.putFailed(job, missingVariables(strategy, missing))
  const waiting = await jobs.unstarted(job)
  const more = waiting && joined(waiting, events)
  if (waiting && more) await jobs.change(waiting.jobId, { work: JSON.stringify(more), due: waiting.due })
  else await jobs.put(job)
}

function joined(waiting: WaitingJob, events: (LearningWork & { kind: 'events' })['events']): Work | undefined {
  const work = workOf(waiting)
  if (work.kind !== 'events') return undefined
  const all = [...work.events, ...events]
  return all.reduce((sum, { messages }) => sum + messages.length, 0) <= messagesPerJob ? { ...work, events: all } : undefined
}

async function gatherFor(strategy: StrategyDocument, event: AcceptedEvent, jobs: ExtractionJobWrites, world: JobWorld): Promise<void> {
  const fresh = newJob(strategy, event, { kind: 'delivery', events: [], messages: 0, tokens: 0 }, world, laneOf(strategy, event, {}))
  const waiting = await jobs.unstarted(fresh)
  const before = waiting && workOf(waiting)
  const { work, due } = gathered(strategy, event, before?.kind === 'delivery' ? before : undefined, world.now)
  if (waiting) await jobs.change(waiting.jobId, { work: JSON.stringify(work), due: Math.min(due, waiting.due <= world.now ? waiting.due : due) })
  else await jobs.put({ ...fresh, work: JSON.stringify(work), due })
}

export function newJob(
  strategy: StrategyDocument,
  { session }: Pick<AcceptedEvent, 'session'>,
  work: Work,
  { newId, now }: JobWorld,
  lane: string,
): NewJob {
  return { jobId: newId(), session, strategyId: strategy.strategyId, lane, work: JSON.stringify(work), due: now }
}

/** Jobs that write to one namespace must see each other's records; those of other values of a strict key never meet. */
export function laneOf(
  { strategyId }: StrategyDocument,
  { session: { account, region, memoryId, sessionId } }: Pick<AcceptedEvent, 'session'>,
  placing: Partial<Pick<LearningWork, 'namespace' | 'strict'>>,
): string {
  return canonicalJson([account, region, memoryId, strategyId, placing.namespace ?? sessionId, placing.strict ?? {}])
}

export function missingVariables({ name, namespaceTemplate }: StrategyDocument, missing: readonly string[]): string {
  const names = missing.map((variable) => `{${variable}}`).join(', ')
  return `The namespace of strategy ${name}, ${namespaceTemplate}, needs ${names}; send extractionConfig.namespaceVariables with the event.`
}
