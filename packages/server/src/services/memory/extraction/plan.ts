// What a job writes in the end, all in one transaction with its own end.
import type { MemoryKey } from '#ports/memory-events.js'
import type { MemoryRecordWrites, NewRecord, RecordSource, StoredRecord } from '#ports/memory-records.js'
import { asRecord, type RecordFacts } from '#services/memory/new-record.js'
import { isOutdated, outdated } from './outdated.js'

export interface Plan {
  put: RecordFacts[]
  /** Of records that are there already. */
  outdate: { recordId: string; at: number; by: string }[]
}

export const emptyPlan = (): Plan => ({ put: [], outdate: [] })

export async function carryOut(records: MemoryRecordWrites, memory: MemoryKey, { put, outdate }: Plan, now: number): Promise<void> {
  for (const facts of put) await records.put(memory, asRecord(facts))
  for (const { recordId, ...mark } of outdate) {
    const found = await records.get(memory, recordId)
    // Deleted meanwhile by a client, or outdated by another: that stands.
    if (found && !isOutdated(found)) await records.put(memory, asRecord({ ...found, updatedAt: now, metadata: outdated(found.metadata, mark) }))
  }
}

/** Seen by the next candidates of the same job as if it were there. */
export function asKnown(facts: RecordFacts): StoredRecord {
  return { ...(asRecord(facts) satisfies NewRecord), row: 0 }
}

/** Events that a record which grows keeps as its sources: the latest. */
const keptSources = 200

export function joinedSource(before: RecordSource | undefined, source: RecordSource): RecordSource {
  return { ...source, eventIds: [...new Set([...(before?.eventIds ?? []), ...source.eventIds])].slice(-keptSources) }
}
