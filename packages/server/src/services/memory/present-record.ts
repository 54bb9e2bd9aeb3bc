// Records in AWS's shape.
import type { MemoryRecord } from '@agentworks/model'
import type { StoredRecord } from '#ports/memory-records.js'
import { systemKeys } from './record-metadata.js'

export function presentRecord({ recordId, text, strategyId, namespace, at, metadata }: StoredRecord): MemoryRecord {
  // Told as createdAt, or kept for filters alone.
  const { [systemKeys.createdAt]: _created, [systemKeys.updatedAt]: _updated, ...told } = metadata
  return {
    memoryRecordId: recordId,
    content: { text },
    memoryStrategyId: strategyId,
    namespaces: namespace === '' ? [] : [namespace],
    createdAt: at,
    ...(Object.keys(told).length > 0 && { metadata: told }),
  }
}
