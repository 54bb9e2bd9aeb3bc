// IngestData, and the jobs as their owner sees them: those that failed, and starting one again.
import { createHash } from 'node:crypto'
import type {
  IngestDataInput,
  IngestDataOutput,
  ListMemoryExtractionJobsInput,
  ListMemoryExtractionJobsOutput,
  StartMemoryExtractionJobInput,
  StartMemoryExtractionJobOutput,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, notFound } from '#kernel/errors.js'
import type { ExtractionJobs, FailedJob } from '#ports/extraction-jobs.js'
import { once } from '#services/idempotency/index.js'
import { eventIdOf } from '#services/memory/event-ids.js'
import { payloadText } from '#services/memory/event-input.js'
import { findActiveMemory, memoryKeyOf } from '#services/memory/find.js'
import { usualPage } from '#services/memory/limits.js'
import { listToken, readListToken } from '#services/memory/list-tokens.js'
import { checkedVariables } from '#services/memory/namespace-keys.js'
import type { MemoryPorts } from '#services/memory/ports.js'
import { laneOf, missingVariables, newJob } from './event-jobs.js'
import { kindOfStrategy } from './kinds.js'
import { ingestBytes } from './limits.js'
import { placingOf } from './placing.js'
import { untilIdle } from './wait.js'
import { workOf } from './work.js'
import type { Worker } from './worker.js'

type Ports = Pick<MemoryPorts, 'store' | 'events' | 'clock' | 'ids'> & { jobs: ExtractionJobs }

export function extractionOperations({ store, events, clock, ids, jobs }: Ports, work: Worker) {
  return {
    /** Straight to the strategies: no event is kept. */
    async IngestData(ctx: Context, input: IngestDataInput): Promise<IngestDataOutput> {
      const memoryKey = memoryKeyOf(ctx, input.memoryId)
      const { payload } = input.source.inline
      payloadText(payload, 'source.inline.payload', ingestBytes)
      const variables = checkedVariables(await findActiveMemory(store, memoryKey), input.extractionConfig?.namespaceVariables)
      const metadata = Object.fromEntries(Object.entries(input.metadata ?? {}).map(([key, { stringValue }]) => [key, stringValue]))
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'IngestData', input }, clock, async () => {
          const memory = await findActiveMemory(tx, memoryKey)
          const learning = memory.strategies.filter((strategy) => kindOfStrategy(strategy) !== 'SELF_MANAGED')
          if (learning.length === 0)
            throw invalid('memoryId', 'names a memory without a strategy that extracts; add one with UpdateMemory. A self-managed one takes no data')
          const session = { ...memoryKey, actorId: input.actorId, sessionId: input.sessionId ?? ids.uuid() }
          await events.within(tx).openSession(session, clock.now())
          const inside = jobs.within(tx)
          for (const strategy of learning) {
            const { missing, ...placing } = placingOf(strategy, { session, namespaceVariables: variables, metadata })
            if (missing.length > 0) throw invalid('extractionConfig.namespaceVariables', missingVariables(strategy, missing))
            const what = { kind: 'data' as const, ...placing, payload, at: input.contentTimestamp }
            await inside.put(newJob(strategy, { session }, what, { newId: ids.uuid, now: clock.now() }, laneOf(strategy, { session }, placing)))
          }
          return { sessionId: session.sessionId }
        }),
      )
      work.wake()
      return output
    },

    /** As AWS: jobs that can be started again, which are those that failed. With the header, after those at work have ended. */
    async ListMemoryExtractionJobs(ctx: Context, input: ListMemoryExtractionJobsInput): Promise<ListMemoryExtractionJobsOutput> {
      const { filter = {}, maxResults = usualPage, nextToken } = input
      const { status: _, ...wanted } = filter
      const memoryKey = memoryKeyOf(ctx, input.memoryId)
      await findActiveMemory(store, memoryKey)
      const list = { of: 'ListMemoryExtractionJobs', ...memoryKey, filter }
      const after = readListToken(list, nextToken)
      await untilIdle({ jobs, clock, work }, ctx, memoryKey, wanted)
      const found = await jobs.failed(memoryKey, wanted, { limit: maxResults + 1, ...(after !== undefined && { after: Number(after) }) })
      const page = found.slice(0, maxResults)
      const last = page.at(-1)
      return {
        jobs: page.map(presentJob),
        nextToken: last && found.length > maxResults ? listToken(list, String(last.place)) : undefined,
      }
    },

    async StartMemoryExtractionJob(ctx: Context, input: StartMemoryExtractionJobInput): Promise<StartMemoryExtractionJobOutput> {
      const memoryKey = memoryKeyOf(ctx, input.memoryId)
      const { jobId } = input.extractionJob
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'StartMemoryExtractionJob', input }, clock, async () => {
          await findActiveMemory(tx, memoryKey)
          if (!(await jobs.within(tx).restart(memoryKey, jobId, clock.now()))) throw notFound('Failed extraction job', jobId)
          return { jobId }
        }),
      )
      work.wake()
      return output
    },
  }
}

function presentJob(job: FailedJob) {
  const work = workOf(job)
  const messagesList =
    work.kind === 'data'
      ? // No event was kept; the model wants an id, and this one leads nowhere.
        work.payload.map((_, messageIndex) => ({ eventId: eventIdOf({ at: work.at, arrival: dataArrival(job.jobId) }), messageIndex }))
      : work.events.flatMap((key) => key.messages.map((messageIndex) => ({ eventId: eventIdOf(key), messageIndex })))
  return {
    jobID: job.jobId,
    messages: { messagesList },
    status: 'FAILED' as const,
    failureReason: job.reason,
    strategyId: job.strategyId,
    actorId: job.session.actorId,
    sessionId: job.session.sessionId,
  }
}

const dataArrival = (jobId: string) => Number.parseInt(createHash('sha256').update(jobId).digest('hex').slice(0, 12), 16)
