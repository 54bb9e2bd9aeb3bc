// How far the learning is: what AWS's API does not tell, which lists only jobs that failed.
import type { Scope } from '#kernel/scope.js'
import type { JobFilter } from '#ports/extraction-jobs.js'
import { isGathering, workOf } from './extraction/work.js'
import { findActiveMemory, memoryKeyOf } from './find.js'
import type { MemoryPorts } from './ports.js'

export interface ExtractionState {
  /** Jobs that wait or are worked on. */
  unfinished: { jobId: string; strategyId: string; actorId: string; sessionId: string; attempts: number }[]
  /** Of self-managed strategies: what gathers until its trigger is not waited for. */
  gathering: number
  /** The first of those that failed: StartMemoryExtractionJob starts one again. */
  failed: { jobId: string; strategyId: string; reason: string }[]
}

const toldFailures = 20

export function extractionState({ store, jobs }: Pick<MemoryPorts, 'store' | 'jobs'>) {
  return async (scope: Scope, memoryId: string, filter: JobFilter): Promise<ExtractionState> => {
    const key = memoryKeyOf(scope, memoryId)
    await findActiveMemory(store, key)
    const waiting = await jobs.unfinished(key, filter)
    const unfinished = waiting.filter((job) => !isGathering(workOf(job)))
    const failed = await jobs.failed(key, filter, { limit: toldFailures })
    return {
      unfinished: unfinished.map(({ jobId, strategyId, session, attempts }) => {
        const { actorId, sessionId } = session
        return { jobId, strategyId, actorId, sessionId, attempts }
      }),
      gathering: waiting.length - unfinished.length,
      failed: failed.map(({ jobId, strategyId, reason }) => ({ jobId, strategyId, reason })),
    }
  }
}
