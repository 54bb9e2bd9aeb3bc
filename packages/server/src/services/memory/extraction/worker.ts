// Works on jobs as they come: several at once, one of a lane. What it took and could not end is taken again, after a kill, too.
import type { Clock } from '#kernel/clock.js'
import type { ExtractionJobs, LeasedJob } from '#ports/extraction-jobs.js'
import type { Store, Transaction } from '#ports/store.js'
import type { Log } from '#ports/telemetry.js'
import { failureOf } from './failures.js'
import { jobsAtOnce, leaseMs, longestNapMs, retryAfterMs } from './limits.js'

interface WorkerPorts {
  store: Store
  jobs: ExtractionJobs
  clock: Clock
  log: Log
  /** Does the work of a job, and gives what is to be written in the transaction that ends it. */
  run(job: LeasedJob, signal: AbortSignal): Promise<(tx: Transaction) => Promise<void>>
}

export interface Worker {
  /** Takes up what an earlier process left. */
  start(): Promise<void>
  /** Something may be due. */
  wake(): void
  /** Calls back when a job has ended or failed; the returned function ends that. */
  onEnd(listener: () => void): () => void
  /** Resolves when nothing is at work; what is under way is left for the next start. */
  stop(): Promise<void>
}

export function worker({ store, jobs, clock, log, run }: WorkerPorts): Worker {
  const atWork = new Set<Promise<void>>()
  const listeners = new Set<() => void>()
  const stopping = new AbortController()
  let taking: Promise<void> | undefined
  let isAwaited = false
  let cancelNap = () => {}
  let isOpen = false

  function wake(): void {
    if (!isOpen) return
    isAwaited = true
    taking ??= takeAll()
      .catch((fault: unknown) => complain('extraction jobs could not be taken', fault))
      .finally(() => {
        taking = undefined
      })
  }

  async function takeAll(): Promise<void> {
    while (isAwaited && isOpen) {
      isAwaited = false
      cancelNap()
      const due = await jobs.nextDue()
      const now = clock.now()
      if (due !== undefined && due <= now && atWork.size < jobsAtOnce) {
        const lease = { now, until: now + leaseMs, limit: jobsAtOnce - atWork.size }
        for (const job of await store.transaction((tx) => jobs.within(tx).lease(lease))) begin(job)
        isAwaited = true
      } else if (due !== undefined && due > now) {
        cancelNap = clock.after(Math.min(due - now, longestNapMs), wake)
      }
    }
  }

  function begin(job: LeasedJob): void {
    const work = workOn(job).finally(() => {
      atWork.delete(work)
      for (const listener of [...listeners]) listener()
      wake()
    })
    atWork.add(work)
  }

  async function workOn(job: LeasedJob): Promise<void> {
    try {
      const write = await run(job, stopping.signal)
      await store.transaction(async (tx) => {
        // Of somebody else meanwhile, who does it again: nothing of this is written.
        if (await jobs.within(tx).end(job)) await write(tx)
      })
    } catch (fault) {
      if (!stopping.signal.aborted) await giveBack(job, fault).catch((second: unknown) => complain('an extraction job could not be put back', second))
    }
  }

  async function giveBack(job: LeasedJob, fault: unknown): Promise<void> {
    const { reason, isTransient } = failureOf(fault)
    const wait = isTransient ? retryAfterMs[job.attempts - 1] : undefined
    await store.transaction((tx) => {
      const inside = jobs.within(tx)
      return wait === undefined ? inside.fail(job, { reason, now: clock.now() }) : inside.postpone(job, clock.now() + wait)
    })
    if (wait === undefined) log.warn('an extraction job failed', { jobId: job.jobId, strategyId: job.strategyId, error: errorOf(fault) })
  }

  const complain = (message: string, fault: unknown) => log.error(message, { error: errorOf(fault) })

  return {
    async start() {
      isOpen = true
      await store.transaction((tx) => jobs.within(tx).freeAll())
      wake()
    },
    wake,
    onEnd(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async stop() {
      isOpen = false
      cancelNap()
      stopping.abort(new Error('the platform stops'))
      await taking
      await Promise.all(atWork)
    },
  }
}

const errorOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault))
