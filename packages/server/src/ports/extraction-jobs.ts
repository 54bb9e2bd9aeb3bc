// Jobs of long-term memory: what is still to be learned from events. They are written in the store's transactions, so that an event and
// its jobs are on disk together, and records and the end of their job, too.
import type { MemoryKey, SessionKey } from './memory-events.js'
import type { Transaction } from './store.js'

export interface NewJob {
  jobId: string
  session: SessionKey
  strategyId: string
  /** Jobs of one lane run one after another: two at once would not see each other's records. */
  lane: string
  /** JSON text, given back as it is. */
  work: string
  /** Milliseconds: not before. */
  due: number
}

export interface WaitingJob extends NewJob {
  attempts: number
}

/** A job that is being worked on. */
export interface LeasedJob extends WaitingJob {
  /** Another one for each lease: what was taken from its holder cannot be ended by it. */
  lease: number
}

export interface FailedJob extends NewJob {
  /** Why the last attempt failed. */
  reason: string
  /** Place in the list, for the next page. */
  place: number
}

/** Any of these, all of those given. */
export interface JobFilter {
  strategyId?: string
  actorId?: string
  sessionId?: string
}

export interface ExtractionJobReads {
  /** Failed jobs, oldest first. */
  failed(memory: MemoryKey, filter: JobFilter, page: { limit: number; after?: number }): Promise<FailedJob[]>
  /** Those that wait or are worked on, oldest first; all when `limit` is absent. */
  unfinished(memory: MemoryKey, filter: JobFilter, limit?: number): Promise<WaitingJob[]>
  /** When the next waiting job is due whose lane is free. */
  nextDue(): Promise<number | undefined>
}

export interface ExtractionJobWrites {
  put(job: NewJob): Promise<void>
  /** A job that failed before it could begin. */
  putFailed(job: NewJob, reason: string): Promise<void>
  /** The youngest job of this strategy, session and lane that nobody has begun: more can be added to its work. */
  unstarted(job: Pick<NewJob, 'session' | 'strategyId' | 'lane'>): Promise<WaitingJob | undefined>
  /** Of one that nobody has begun. */
  change(jobId: string, to: Pick<NewJob, 'work' | 'due'>): Promise<void>
  /** Takes up to `limit` jobs that are due, at most one of a lane, and none of a lane at work; those whose lease ran out are due again. */
  lease(ask: { now: number; until: number; limit: number }): Promise<LeasedJob[]>
  /** Each of these: `false`, and nothing written, when the job is no longer held by this lease. */
  end(job: LeasedJob): Promise<boolean>
  postpone(job: LeasedJob, due: number): Promise<boolean>
  fail(job: LeasedJob, failure: { reason: string; now: number }): Promise<boolean>
  /** A failed job waits again, as if new. `false` for a job that is not there, or has not failed. */
  restart(memory: MemoryKey, jobId: string, now: number): Promise<boolean>
  /** After a start: whoever held a lease is gone. */
  freeAll(): Promise<void>
  /** Drops up to `limit` jobs that failed before `since` (milliseconds): 0 when there is nothing left. */
  dropFailed(memory: MemoryKey, old: { since: number; limit: number }): Promise<number>
  /** Drops up to `limit` rows of the memory: 0 when there is nothing left. */
  dropMemory(memory: MemoryKey, limit: number): Promise<number>
}

/** Promises: reads see the last committed state; what `within` gives writes inside the transaction, and throws once that has ended. */
export interface ExtractionJobs extends ExtractionJobReads {
  within(tx: Transaction): ExtractionJobWrites
}
