// What memory needs from the world. main.ts fills it in.
import type { PayloadType } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import type { Ids } from '#kernel/ids.js'
import type { ExtractionJobs } from '#ports/extraction-jobs.js'
import type { EventKey, MemoryEvents, MemoryKey, SessionKey } from '#ports/memory-events.js'
import type { MemoryRecords } from '#ports/memory-records.js'
import type { Store, Transaction } from '#ports/store.js'
import type { Log } from '#ports/telemetry.js'
import type { RolePassing } from '#services/identity/index.js'
import type { MemoryDocument } from './documents.js'
import type { SelfManagedDeliveries } from './extraction/delivery.js'
import type { MemoryModels } from './extraction/models.js'

/** An event that CreateEvent takes. */
export interface AcceptedEvent {
  memory: MemoryDocument
  session: SessionKey
  key: EventKey
  eventId: string
  /** Absent on the main branch. */
  branch?: string
  metadata: Readonly<Record<string, string>>
  payload: readonly PayloadType[]
  /** `SKIP`: nothing is extracted from it. */
  extractionMode?: 'SKIP'
  /** Checked against the memory's namespaceKeys. */
  namespaceVariables: Readonly<Record<string, string>>
}

/** What follows from an event: the extraction. */
export interface EventFollower {
  /** Before anything is written: throws for a call that it cannot follow. */
  checked?(ctx: Context): void
  /** Inside the event's transaction: what it writes is on disk with the event, and what it throws undoes both. */
  appended(tx: Transaction, event: AcceptedEvent): Promise<void>
  /** The event is on disk. CreateEvent answers when this resolves. A retry by the same token comes here, too, with the event that it made. */
  committed(ctx: Context, event: AcceptedEvent): Promise<void>
}

/** Rows of memories that are dropped with them: up to `limit` in one transaction, 0 when nothing is left. */
export interface MemoryRows {
  dropMemory(tx: Transaction, memory: MemoryKey, limit: number): Promise<number>
}

export interface MemoryPorts {
  store: Store
  events: MemoryEvents
  records: MemoryRecords
  jobs: ExtractionJobs
  models: MemoryModels
  deliveries: SelfManagedDeliveries
  clock: Clock
  ids: Ids
  passing: Pick<RolePassing, 'passRole'>
  log: Log
  /** Besides the extraction. */
  followers: readonly EventFollower[]
  /** Besides the events, the records and the jobs. */
  rows: readonly MemoryRows[]
  /** AWS's calls a second, or none: a machine of one's own has no neighbours. */
  quotas: 'aws' | 'none'
}
