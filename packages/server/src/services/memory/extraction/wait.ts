// AWS's CreateEvent never waits for what is learned from the event. Here a caller may ask it to: by a header, for so many seconds.
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { invalid } from '#kernel/errors.js'
import type { ExtractionJobs } from '#ports/extraction-jobs.js'
import type { AcceptedEvent } from '#services/memory/ports.js'
import { longestWaitSeconds } from './limits.js'
import { isGathering, workOf } from './work.js'
import type { Worker } from './worker.js'

export const waitHeader = 'x-agentworks-wait-for-extraction'

/** Throws a ValidationException for a header that says something else; `undefined` without one. */
export function secondsToWait({ headers }: Pick<Context, 'headers'>): number | undefined {
  const given = headers[waitHeader]
  if (given === undefined) return undefined
  const seconds = Number(given)
  if (!/^\d{1,3}$/.test(given) || seconds < 1 || seconds > longestWaitSeconds)
    throw invalid(waitHeader, `must be whole seconds from 1 to ${longestWaitSeconds}: how long CreateEvent may wait for the extraction`)
  return seconds
}

interface Waiting {
  jobs: ExtractionJobs
  clock: Clock
  work: Pick<Worker, 'onEnd'>
}

/** Resolves when no job of the event is left but failed ones, when the time is over, or when the caller goes. */
export async function untilLearned({ jobs, clock, work }: Waiting, event: AcceptedEvent, seconds: number, signal: AbortSignal): Promise<void> {
  const isOver = Promise.withResolvers<'over'>()
  const giveUp = () => isOver.resolve('over')
  const forget = clock.after(seconds * 1_000, giveUp)
  signal.addEventListener('abort', giveUp)
  let ended = Promise.withResolvers<void>()
  const endListening = work.onEnd(() => ended.resolve())
  try {
    // What ends while the jobs are read is not missed: the next look is renewed before it.
    for (let next = ended; !signal.aborted && (await isUnfinished(jobs, event)); next = ended) {
      if ((await Promise.race([isOver.promise, next.promise])) === 'over') return
      ended = Promise.withResolvers()
    }
  } finally {
    forget()
    endListening()
    signal.removeEventListener('abort', giveUp)
  }
}

async function isUnfinished(jobs: ExtractionJobs, { session, key }: AcceptedEvent): Promise<boolean> {
  const { actorId, sessionId } = session
  return (await jobs.unfinished(session, { actorId, sessionId })).some((job) => {
    const work = workOf(job)
    return !isGathering(work) && work.kind === 'events' && work.events.some(({ arrival }) => arrival === key.arrival)
  })
}
