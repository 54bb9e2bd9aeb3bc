// What a newer record made untrue stays, marked: when, and by which. AWS marks such records invalid, too; how, it does not tell.
import type { MemoryRecordMetadataValue } from '@agentworks/model'
import type { NewRecord, RecordMetadata } from '#ports/memory-records.js'

const outdatedKeys = { at: 'x-agentworks-outdatedAt', by: 'x-agentworks-outdatedBy' } as const

export const isOutdated = ({ metadata }: Pick<NewRecord, 'metadata'>) => metadata[outdatedKeys.at] !== undefined

export const successorOf = ({ metadata }: Pick<NewRecord, 'metadata'>) => metadata[outdatedKeys.by]?.stringValue

export function outdated(metadata: RecordMetadata, { at, by }: { at: number; by: string }): Record<string, MemoryRecordMetadataValue> {
  return { ...metadata, [outdatedKeys.at]: { dateTimeValue: at }, [outdatedKeys.by]: { stringValue: by } }
}

/** What an export tells of a record must come back by an import. */
export const isOutdatedKey = (key: string): boolean => key === outdatedKeys.at || key === outdatedKeys.by
