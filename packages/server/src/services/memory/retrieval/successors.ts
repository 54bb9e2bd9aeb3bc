// A record that a newer one outdated answers with that one: who asks where somebody lives wants the new home, which may share no word with
// the question.
import type { MemoryKey } from '#ports/memory-events.js'
import type { MemoryRecordReads, RecordScope, StoredRecord } from '#ports/memory-records.js'
import { isOutdated, successorOf } from '#services/memory/extraction/outdated.js'

/** Of its score, what an outdated record keeps. */
export const outdatedKeeps = 0.3
/** A home that changed more often between is found by its own words. */
const mostSteps = 8

/** The newest in the place of each outdated record; those that the scope leaves out, or that are gone, have none. */
export async function successors(
  records: MemoryRecordReads,
  memory: MemoryKey,
  scope: RecordScope,
  found: readonly StoredRecord[],
): Promise<{ of: StoredRecord; record: StoredRecord }[]> {
  const known = new Map(found.map((record) => [record.recordId, record]))
  const all: { of: StoredRecord; record: StoredRecord }[] = []
  for (const of of found.filter(isOutdated)) {
    let record: StoredRecord | undefined = of
    for (let step = 0; record && isOutdated(record) && step < mostSteps; step += 1) record = await read(successorOf(record), of)
    if (record && !isOutdated(record)) all.push({ of, record })
  }
  return all

  async function read(recordId: string | undefined, { namespace }: StoredRecord): Promise<StoredRecord | undefined> {
    const seen = known.get(recordId ?? '')
    // What was not found itself may break the filters of the question, and nobody tries them again here.
    if (seen || recordId === undefined || (scope.tests ?? []).length > 0) return seen
    const record = await records.get(memory, recordId)
    return record?.namespace === namespace ? record : undefined
  }
}
