// From a job to what its strategy reads: the turns of its events that are still there, and what was said before them.
import type { MetadataSchemaEntry } from '@agentworks/model'
import type { LeasedJob } from '#ports/extraction-jobs.js'
import type { MemoryEvents, StoredEvent } from '#ports/memory-events.js'
import type { StrategyDocument } from '#services/memory/documents.js'
import { eventIdOf } from '#services/memory/event-ids.js'
import type { Material, Turn } from './mind.js'
import { isStrict } from './placing.js'
import { turnsOf, turnsOfEvent } from './turns.js'
import type { LearningWork, Work } from './work.js'

export interface ReadMaterial extends Material {
  eventIds: readonly string[]
}

type Events = Pick<MemoryEvents, 'get' | 'page'>

/** `undefined`: nothing is left to read, such as after DeleteEvent. */
export async function readMaterial(
  events: Events,
  strategy: StrategyDocument,
  job: LeasedJob,
  work: LearningWork,
  { since, history }: { since: number; history: number },
): Promise<ReadMaterial | undefined> {
  const inferred = inferredKeys(strategy)
  if (work.kind === 'data') return { turns: turnsOf(work.payload, work.at), history: [], inferred, eventIds: [] }
  const found = await eventsOf(events, job, work, since)
  const [first] = found
  if (!first) return undefined
  return {
    turns: found.flatMap(turnsOfEvent),
    history: await turnsBefore(events, job, first, { since, limit: history }),
    inferred,
    eventIds: found.map(eventIdOf),
  }
}

/** In the order of their own time: those that came late stand where they belong. */
export async function eventsOf(events: Events, { session }: LeasedJob, work: Work, since: number): Promise<StoredEvent[]> {
  if (work.kind === 'data') return []
  const found = await Promise.all(work.events.map((key) => events.get(session, key, { since })))
  return found.filter((event) => event !== undefined).toSorted((a, b) => a.at - b.at || a.arrival - b.arrival)
}

/** The last turns before an event on its own branch, oldest first. */
export async function turnsBefore(
  events: Events,
  { session }: LeasedJob,
  { at, arrival, branch }: StoredEvent,
  { since, limit }: { since: number; limit: number },
): Promise<Turn[]> {
  if (limit === 0) return []
  const page = await events.page(session, {
    since,
    limit,
    after: { at, arrival },
    order: 'newest first',
    branches: [branch === undefined ? {} : { name: branch }],
    payloads: true,
  })
  return page.toReversed().flatMap(turnsOfEvent).slice(-limit)
}

const inferredKeys = ({ memoryRecordSchema }: StrategyDocument): MetadataSchemaEntry[] =>
  (memoryRecordSchema?.metadataSchema ?? []).filter((entry) => !isStrict(entry))
