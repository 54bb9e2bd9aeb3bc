// What thinks about a conversation: a model, or the rules that stand in for one. It reads and decides; it writes nothing.
import type { MetadataSchemaEntry, Role } from '@agentworks/model'
import type { RecordMetadata, StoredRecord } from '#ports/memory-records.js'

export interface Turn {
  role: Role
  text: string
  /** Milliseconds. */
  at: number
}

/** What one strategy is given to learn from. */
export interface Material {
  turns: readonly Turn[]
  /** What was said before, oldest first. */
  history: readonly Turn[]
  /** Keys whose values are to be found. */
  inferred: readonly MetadataSchemaEntry[]
}

/** What may become a record. */
export interface Candidate {
  /** In the form of its strategy. */
  text: string
  at: number
  metadata: RecordMetadata
}

export type Learned = 'SEMANTIC' | 'USER_PREFERENCE'

/** Developer guide: memory-custom-strategy, the operations of a consolidation. */
export type Decision =
  | { operation: 'AddMemory' }
  /** The record is outdated by `text`, or by the candidate where none is given. */
  | { operation: 'UpdateMemory'; recordId: string; text?: string }
  | { operation: 'SkipMemory' }

export interface Reflection {
  /** Of the reflection that this one replaces. */
  recordId?: string
  text: string
}

/** Throws ServiceError as its model does, and one of ModelErrorException for an answer that cannot be read. */
export interface Mind {
  /** For people: who learned a record. */
  readonly name: string
  extract(kind: Learned, material: Material): Promise<Candidate[]>
  consolidate(kind: Learned, candidate: Candidate, similar: readonly StoredRecord[]): Promise<Decision>
  /** The whole summary of a session again, with what these turns add. */
  summarize(material: Material, before: string): Promise<Candidate>
  /** `undefined`: what the user wanted is still open. */
  episode(material: Material): Promise<Candidate | undefined>
  reflect(episode: Candidate, before: readonly StoredRecord[]): Promise<Reflection[]>
}
