// What a job is about, as it is kept with it.
import type { PayloadType } from '@agentworks/model'
import type { EventKey } from '#ports/memory-events.js'

/** An event, by its key: it may be gone when its job's turn comes. */
export interface EventOfJob extends EventKey {
  /** Which items of its payload are read. */
  messages: readonly number[]
}

interface Placed {
  namespace: string
  /** Of an episodic strategy. */
  reflections?: string
  /** Values of the strategy's STRICTLY_CONSISTENT keys. */
  strict: Readonly<Record<string, string>>
}

/** To be learned from: events, or data that was sent for this alone (IngestData). */
export type LearningWork = Placed &
  ({ kind: 'events'; events: readonly EventOfJob[] } | { kind: 'data'; payload: readonly PayloadType[]; at: number })

/** Gathered for a self-managed strategy, until one of its triggers. */
export interface DeliveryWork {
  kind: 'delivery'
  events: readonly EventOfJob[]
  messages: number
  tokens: number
}

export type Work = LearningWork | DeliveryWork

export const workOf = ({ work }: { work: string }) => JSON.parse(work) as Work

/** Its waiting is the customer's own trigger, so that nobody waits for it. */
export const isGathering = (work: Work): work is DeliveryWork => work.kind === 'delivery'
