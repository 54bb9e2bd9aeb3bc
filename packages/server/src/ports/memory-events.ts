// Short-term memory: events of actors in sessions. They are many, so they have rows of their own beside the store's documents,
// and are written in the store's transactions: an event and what follows from it are on disk together, or neither is.
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from './store.js'

/** Names one memory for ever: ids are never given twice. */
export interface MemoryKey extends Scope {
  memoryId: string
}

export interface SessionKey extends MemoryKey {
  actorId: string
  sessionId: string
}

/** Where an event stands in its session: by its own timestamp, and by arrival where two are the same. */
export interface EventKey {
  /** eventTimestamp in whole milliseconds, 0 or more. */
  at: number
  /** Given at the append: greater than that of every earlier event of any memory. `arrivedAt` turns it into a time. */
  arrival: number
}

export interface NewEvent {
  at: number
  /** Absent on the main branch. Any other was put by `putBranch`. */
  branch?: string
  metadata: Readonly<Record<string, string>>
  /** JSON text, given back as it is. */
  payload: string
}

export interface StoredEvent extends NewEvent, EventKey {
  actorId: string
  sessionId: string
}

export interface Branch {
  name: string
  /** The event that it forks from, and that event's own branch (absent: the main one). */
  root: EventKey & { branch?: string }
}

/** The events of one branch, up to and with `upTo` where that is given. */
export interface BranchPart {
  /** Absent: the main branch. */
  name?: string
  upTo?: EventKey
}

export type MetadataTest = { key: string; operator: 'EQUALS_TO'; value: string } | { key: string; operator: 'EXISTS' | 'NOT_EXISTS' }

/** What arrived before `since` (milliseconds) has expired: it is as if it were not there, though its row may be. */
export interface Living {
  since: number
}

export interface EventPage extends Living {
  limit: number
  /** The page ends with the event by which its payloads have so many bytes; for pages with payloads. */
  bytes?: number
  /** Only events behind this one, in the order asked for. */
  after?: EventKey
  order: 'newest first' | 'oldest first'
  /** Any of these; absent: all branches. */
  branches?: readonly BranchPart[]
  /** All of these. */
  metadata?: readonly MetadataTest[]
  /** `false` answers with the empty text in place of each payload, and reads none from the disk. */
  payloads: boolean
}

export interface NamePage extends Living {
  limit: number
  /** Only names greater than this, in byte order of UTF-8. */
  after?: string
}

export interface SessionRow {
  sessionId: string
  /** When its first event arrived, in milliseconds. */
  createdAt: number
}

/** A client token that was used for an append, so that a retry finds the event that it made. */
export interface EventToken {
  token: string
  fingerprint: string
  sessionId: string
  key: EventKey
}

export interface MemoryEventReads {
  get(session: SessionKey, key: EventKey, living: Living): Promise<StoredEvent | undefined>
  /** True where another session of the memory has this event. */
  isElsewhere(session: SessionKey, key: EventKey, living: Living): Promise<boolean>
  page(session: SessionKey, page: EventPage): Promise<StoredEvent[]>
  /** Events of a memory in order of arrival, of any session; `after` is an arrival. For export, and for work that follows events. */
  byArrival(memory: MemoryKey, page: Living & { after?: number; limit: number }): Promise<StoredEvent[]>
  /** Actors that have a session. */
  actors(memory: MemoryKey, page: NamePage): Promise<string[]>
  /** Sessions of an actor; `withEvents` leaves out those whose events are gone, or that never had any. */
  sessions(memory: MemoryKey, actorId: string, page: NamePage & { withEvents: boolean }): Promise<SessionRow[]>
  branch(session: SessionKey, name: string): Promise<Branch | undefined>
  /** `undefined` for one that was used before `since` (milliseconds). */
  token(memory: MemoryKey, token: string, since: number): Promise<EventToken | undefined>
}

export interface MemoryEventWrites extends MemoryEventReads {
  /** Makes the session, if this is its first event. */
  append(session: SessionKey, event: NewEvent): Promise<EventKey>
  /** Makes a session that has no event yet, as of `createdAt`; nothing changes for one that is there. */
  openSession(session: SessionKey, createdAt: number): Promise<void>
  putBranch(session: SessionKey, branch: Branch): Promise<void>
  /** Used when the event of its key arrived. */
  putToken(memory: MemoryKey, token: EventToken): Promise<void>
  /** `false` when there was nothing to delete. */
  delete(session: SessionKey, key: EventKey): Promise<boolean>
  /**
   * Drops up to `limit` events that arrived before `since`, and older sessions with their branches, once their last event is gone.
   * The number of rows dropped: 0 when there is nothing left to drop now.
   */
  dropExpired(memory: MemoryKey, living: Living & { limit: number }): Promise<number>
  /** Drops up to `limit` tokens of all memories that were used before `since`. */
  dropTokens(living: Living & { limit: number }): Promise<number>
  /** Drops up to `limit` rows of whatever the memory has: 0 when there is nothing left. */
  dropMemory(memory: MemoryKey, limit: number): Promise<number>
}

/**
 * Promises: reads see the last committed state; what `within` gives reads and writes inside the transaction, and throws once that has
 * ended. Every page is a range of keys, however many rows come before it.
 */
export interface MemoryEvents extends MemoryEventReads {
  within(tx: Transaction): MemoryEventWrites
}

/** Arrivals are times with room for so many within a millisecond; the next one has its number where more come. */
export const arrivalsPerMs = 1024

/** When it arrived, in milliseconds. */
export const arrivedAt = (arrival: number) => Math.floor(arrival / arrivalsPerMs)
