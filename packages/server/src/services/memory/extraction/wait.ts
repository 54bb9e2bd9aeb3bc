// AWS's calls never wait for what is learned. Here a caller may ask for it: by a header, for so many seconds, on CreateEvent and on
// ListMemoryExtractionJobs.
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { invalid } from '#kernel/errors.js'
import type { ExtractionJobs, JobFilter, WaitingJob } from '#ports/extraction-jobs.js'
import type { MemoryKey } from '#ports/memory-events.js'
import type { AcceptedEvent } from '#services/memory/ports.js'
import { longestWaitSeconds } from './limits.js'
import { isGathering, type Work, workOf } from './work.js'
import type { Worker } from './worker.js'

export const waitHeader = 'x-agentworks-wait-for-extraction'

/** Throws a ValidationException for a header that says something else; `undefined` without one. */
export function secondsToWait({ headers }: Pick<Context, 'headers'>): number | undefined {
  const given = headers[waitHeader]
  if (given === undefined) return undefined
  const seconds = Number(given)
  if (!/^\d{1,3}$/.test(given) || seconds < 1 || seconds > longestWaitSeconds)
    throw invalid(waitHeader, `must be whole seconds from 1 to ${longestWaitSeconds}: how long the call may wait for the extraction`)
  return seconds
}

const firstLook = 10

interface Waiting {
  jobs: ExtractionJobs
  clock: Clock
  work: Pick<Worker, 'onEnd'>
}

/** Resolves when no job of the event is left but failed ones, when the header's time is over, or when the caller goes. */
export async function untilLearned(waiting: Waiting, ctx: Context, { session, key }: AcceptedEvent): Promise<void> {
  const { actorId, sessionId } = session
  const isOfEvent = (work: Work) => work.kind === 'events' && work.events.some(({ arrival }) => arrival === key.arrival)
  await untilNone(waiting, ctx, { memory: session, filter: { actorId, sessionId }, isMeant: isOfEvent })
}

/** The same for all jobs of a memory, or those that the filter is about. */
export async function untilIdle(waiting: Waiting, ctx: Context, memory: MemoryKey, filter: JobFilter): Promise<void> {
  // Gathered until a trigger: nobody knows when that is.
  await untilNone(waiting, ctx, { memory, filter, isMeant: (work, { due }) => !isGathering(work) || due <= waiting.clock.now() })
}

interface Meant {
  memory: MemoryKey
  filter: JobFilter
  isMeant(work: Work, job: WaitingJob): boolean
}

async function untilNone({ jobs, clock, work }: Waiting, ctx: Context, { memory, filter, isMeant }: Meant): Promise<void> {
  const seconds = secondsToWait(ctx)
  if (seconds === undefined) return
  const isOver = Promise.withResolvers<'over'>()
  const giveUp = () => isOver.resolve('over')
  const forget = clock.after(seconds * 1_000, giveUp)
  ctx.signal.addEventListener('abort', giveUp)
  let ended = Promise.withResolvers<void>()
  const endListening = work.onEnd(() => ended.resolve())
  const isAny = (some: readonly WaitingJob[]) => some.some((job) => isMeant(workOf(job), job))
  // Mostly the first will do; where many wait, nobody reads them all each time that one has ended.
  const isUnfinished = async () => isAny(await jobs.unfinished(memory, filter, firstLook)) || isAny(await jobs.unfinished(memory, filter))
  try {
    // What ends while the jobs are read is not missed: the next look is renewed before it.
    for (let next = ended; !ctx.signal.aborted && (await isUnfinished()); next = ended) {
      if ((await Promise.race([isOver.promise, next.promise])) === 'over') return
      ended = Promise.withResolvers()
    }
  } finally {
    forget()
    endListening()
    ctx.signal.removeEventListener('abort', giveUp)
  }
}
