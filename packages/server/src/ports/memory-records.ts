// Long-term memory: records in namespaces, found by their words. They are many, so they have rows of their own beside the store's
// documents, written in the store's transactions. What a word is, and how well a record fits a question, is said by the service; this
// port keeps the terms that it is given and finds records by them.
import type { MemoryRecordMetadataValue } from '@agentworks/model'
import type { MemoryKey } from './memory-events.js'
import type { Transaction } from './store.js'

export type RecordMetadata = Readonly<Record<string, MemoryRecordMetadataValue>>

/** What a record was learned from. Kept as it is. */
export interface RecordSource {
  actorId?: string
  sessionId?: string
  eventIds: readonly string[]
  /** Which step of which model or rule wrote it, in words for people. */
  by?: string
}

export interface NewRecord {
  /** Unique in its memory. */
  recordId: string
  /** '' for none. */
  namespace: string
  /** '' for none. */
  strategyId: string
  text: string
  /** Of `text`, each as often as it stands there. Letters and digits of any script alone: anything else is not found again. */
  terms: readonly string[]
  /** When it was true or said, in whole milliseconds. */
  at: number
  updatedAt: number
  metadata: RecordMetadata
  source?: RecordSource
}

export interface StoredRecord extends NewRecord {
  /** Grows with each new record: tells two apart that have the same time. */
  row: number
}

/** One condition on metadata. The value's kind is the kind that the key's values have. */
export interface RecordTest {
  key: string
  operator:
    | 'EQUALS_TO'
    | 'CONTAINS'
    | 'EXISTS'
    | 'NOT_EXISTS'
    | 'GREATER_THAN'
    | 'GREATER_THAN_OR_EQUALS'
    | 'LESS_THAN'
    | 'LESS_THAN_OR_EQUALS'
    | 'BEFORE'
    | 'AFTER'
  /** Absent for EXISTS and NOT_EXISTS alone. */
  value?: MemoryRecordMetadataValue
}

/** Which records of a memory: all of these conditions. */
export interface RecordScope {
  /** Exactly this one. */
  namespace?: string
  /** This one, with or without its last slash, and all beneath it. */
  namespacePath?: string
  strategyId?: string
  tests?: readonly RecordTest[]
}

/** Where a record stands in a list: by namespace, newest first in each. */
export type RecordPlace = Pick<StoredRecord, 'namespace' | 'at' | 'row'>

export interface RecordPage {
  limit: number
  /** Only records behind this one. */
  after?: RecordPlace
}

/** The records beside one, the nearest first. */
export interface Around {
  before: readonly Beside[]
  after: readonly Beside[]
}

export type Beside = Pick<StoredRecord, 'row' | 'at'>

export interface MemoryRecordReads {
  get(memory: MemoryKey, recordId: string): Promise<StoredRecord | undefined>
  page(memory: MemoryKey, scope: RecordScope, page: RecordPage): Promise<StoredRecord[]>
  /** How many records the namespaces of the scope have: its other conditions do not count. */
  count(memory: MemoryKey, scope: RecordScope): Promise<number>
  /** For each term the rows of the scope's records that have it; the newest `most` where there are more, and newest first then. */
  occurrences(memory: MemoryKey, scope: RecordScope, terms: readonly string[], most: number): Promise<number[][]>
  /** Records of the scope with any of the terms, those first that fit best by the adapter's own measure. */
  matching(memory: MemoryKey, scope: RecordScope, terms: readonly string[], limit: number): Promise<StoredRecord[]>
  /** For each place: up to `each` records before and after it in the order of time in its namespace, no further away than `withinMs`. */
  around(memory: MemoryKey, scope: RecordScope, places: readonly RecordPlace[], near: { each: number; withinMs: number }): Promise<Around[]>
  /** Those of these rows that the memory has, in no order. */
  rows(memory: MemoryKey, rows: readonly number[]): Promise<StoredRecord[]>
  /** Records of the scope of a time, newest first; `until` is exclusive. */
  between(memory: MemoryKey, scope: RecordScope, time: { from: number; until: number; limit: number }): Promise<StoredRecord[]>
}

export interface MemoryRecordWrites extends MemoryRecordReads {
  /** Inserts it, or replaces the one of its id. */
  put(memory: MemoryKey, record: NewRecord): Promise<void>
  /** `false` when there was nothing to delete. */
  delete(memory: MemoryKey, recordId: string): Promise<boolean>
  /** Drops up to `limit` rows of whatever the memory has: 0 when there is nothing left. */
  dropMemory(memory: MemoryKey, limit: number): Promise<number>
}

/**
 * Promises: reads see the last committed state, searches too; what `within` gives reads and writes inside the transaction, and throws
 * once that has ended.
 */
export interface MemoryRecords extends MemoryRecordReads {
  within(tx: Transaction): MemoryRecordWrites
}
