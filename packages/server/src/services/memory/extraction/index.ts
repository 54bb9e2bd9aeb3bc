// Strategies at work: from events to records.

import { ServiceError } from '#kernel/errors.js'
import type { LeasedJob } from '#ports/extraction-jobs.js'
import type { Transaction } from '#ports/store.js'
import { livingSince } from '#services/memory/documents.js'
import { findActiveMemory } from '#services/memory/find.js'
import type { EventFollower, MemoryPorts, MemoryRows } from '#services/memory/ports.js'
import { deliver } from './delivery.js'
import { putJobsOf } from './event-jobs.js'
import { kindOfStrategy } from './kinds.js'
import { type Lesson, learnFacts } from './learn.js'
import { learnEpisode, learnSummary } from './learn-session.js'
import { episodeTurns, historyTurns } from './limits.js'
import { readMaterial } from './material.js'
import { mindOf } from './models.js'
import { extractionOperations } from './operations.js'
import { carryOut, type Plan } from './plan.js'
import { secondsToWait, untilLearned } from './wait.js'
import { isGathering, workOf } from './work.js'
import { worker } from './worker.js'

export function extraction(ports: Omit<MemoryPorts, 'followers' | 'rows'>) {
  const { store, events, records, jobs, clock, ids, log, models, deliveries } = ports
  const work = worker({ store, jobs, clock, log, run })

  /** Nothing is left to do where the memory, the strategy or all of the events are gone. */
  async function run(job: LeasedJob, signal: AbortSignal): Promise<(tx: Transaction) => Promise<void>> {
    const { account, region, memoryId } = job.session
    const memory = await findActiveMemory(store, job.session).catch(orNothing)
    const strategy = memory?.strategies.find(({ strategyId }) => strategyId === job.strategyId)
    if (!memory || !strategy) return nothing
    const kind = kindOfStrategy(strategy)
    const since = livingSince(memory, clock.now())
    const about = workOf(job)
    if (isGathering(about)) {
      if (kind === 'SELF_MANAGED') await deliver(events, deliveries, { memory, strategy, job, work: about, since })
      return nothing
    }
    const material = await readMaterial(events, strategy, job, about, { since, history: kind === 'EPISODIC' ? episodeTurns : historyTurns })
    if (!material || kind === 'SELF_MANAGED') return nothing
    const roleArn = memory.memoryExecutionRoleArn
    const mind = mindOf(models, clock, { strategy, scope: { account, region }, signal, ...(roleArn !== undefined && { roleArn }) })
    const lesson: Lesson = {
      memory: { account, region, memoryId },
      strategyId: strategy.strategyId,
      work: about,
      material,
      mind,
      records,
      source: { actorId: job.session.actorId, sessionId: job.session.sessionId, eventIds: material.eventIds, by: mind.name },
      now: clock.now(),
      newId: ids.uuid,
    }
    const plan = await planOf(kind, lesson)
    return async (tx) => {
      // Removed while its job ran: nobody wants its records any more.
      const now = await findActiveMemory(tx, lesson.memory).catch(orNothing)
      if (now?.strategies.some(({ strategyId }) => strategyId === job.strategyId))
        await carryOut(records.within(tx), lesson.memory, plan, clock.now())
    }
  }

  const follower: EventFollower = {
    checked: (ctx) => void secondsToWait(ctx),
    appended: (tx, event) => putJobsOf(event, jobs.within(tx), { now: clock.now(), newId: ids.uuid }),
    async committed(ctx, event) {
      // Most events of a memory without strategies are one of many a second, and there is nothing to look for.
      if (event.memory.strategies.length > 0) work.wake()
      await untilLearned({ jobs, clock, work }, ctx, event)
    },
  }

  return {
    operations: extractionOperations(ports, work),
    follower,
    rows: { dropMemory: (tx, memory, limit) => jobs.within(tx).dropMemory(memory, limit) } satisfies MemoryRows,
    start: work.start,
    stop: work.stop,
  }
}

function planOf(kind: 'SEMANTIC' | 'USER_PREFERENCE' | 'SUMMARIZATION' | 'EPISODIC', lesson: Lesson): Promise<Plan> {
  if (kind === 'SUMMARIZATION') return learnSummary(lesson)
  return kind === 'EPISODIC' ? learnEpisode(lesson) : learnFacts(kind, lesson)
}

const nothing = async () => {}

function orNothing(fault: unknown): undefined {
  if (fault instanceof ServiceError && fault.code === 'ResourceNotFoundException') return undefined
  throw fault
}
