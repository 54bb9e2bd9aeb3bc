// Many records in one call. Each stands for itself: one that cannot be written is told among the failed, and the others are there.
import type {
  BatchCreateMemoryRecordsInput,
  BatchCreateMemoryRecordsOutput,
  BatchDeleteMemoryRecordsInput,
  BatchDeleteMemoryRecordsOutput,
  BatchUpdateMemoryRecordsInput,
  BatchUpdateMemoryRecordsOutput,
  MemoryRecordCreateInput,
  MemoryRecordDeleteInput,
  MemoryRecordOutput,
  MemoryRecordUpdateInput,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, notFound, ServiceError } from '#kernel/errors.js'
import type { MemoryKey } from '#ports/memory-events.js'
import type { MemoryRecordWrites, StoredRecord } from '#ports/memory-records.js'
import { once } from '#services/idempotency/index.js'
import type { MemoryDocument } from './documents.js'
import { findActiveMemory, memoryKeyOf } from './find.js'
import { asRecord, newRecordId } from './new-record.js'
import type { MemoryPorts } from './ports.js'
import { keptMetadata, systemKeys } from './record-metadata.js'

type Outputs = Pick<BatchCreateMemoryRecordsOutput, 'successfulRecords' | 'failedRecords'>

interface World {
  memory: MemoryDocument
  key: MemoryKey
  inside: MemoryRecordWrites
}

export function recordBatches({ store, records, clock, ids }: Pick<MemoryPorts, 'store' | 'records' | 'clock' | 'ids'>) {
  async function create({ memory, key, inside }: World, record: MemoryRecordCreateInput): Promise<string> {
    const { namespaces, content, timestamp, memoryStrategyId, metadata } = record
    const strategy = strategyOf(memory, memoryStrategyId)
    const recordId = newRecordId(ids.uuid())
    await inside.put(
      key,
      asRecord({
        recordId,
        namespace: namespaces[0] ?? '',
        strategyId: memoryStrategyId ?? '',
        text: content.text,
        at: timestamp,
        updatedAt: timestamp,
        metadata: keptMetadata(memory, strategy, metadata),
      }),
    )
    return recordId
  }

  async function update({ memory, key, inside }: World, given: MemoryRecordUpdateInput): Promise<string> {
    const { memoryRecordId, timestamp, content, namespaces, sourceNamespaces, memoryStrategyId, metadata } = given
    const before = await find(inside, key, memoryRecordId, sourceNamespaces?.[0])
    const strategyId = memoryStrategyId ?? before.strategyId
    // What the record has already may be of a strategy that is gone.
    const strategy =
      memoryStrategyId === undefined ? memory.strategies.find((one) => one.strategyId === strategyId) : strategyOf(memory, memoryStrategyId)
    const recordType = before.metadata[systemKeys.recordType]?.stringValue
    await inside.put(
      key,
      asRecord({
        ...before,
        ...(recordType !== undefined && { recordType }),
        namespace: namespaces?.[0] ?? before.namespace,
        strategyId,
        text: content?.text ?? before.text,
        updatedAt: timestamp,
        metadata: metadata ? keptMetadata(memory, strategy, metadata) : before.metadata,
      }),
    )
    return memoryRecordId
  }

  async function remove({ key, inside }: World, { memoryRecordId, namespace }: MemoryRecordDeleteInput): Promise<string> {
    await find(inside, key, memoryRecordId, namespace)
    await inside.delete(key, memoryRecordId)
    return memoryRecordId
  }

  async function find(inside: MemoryRecordWrites, key: MemoryKey, recordId: string, namespace: string | undefined): Promise<StoredRecord> {
    const found = await inside.get(key, recordId)
    if (!found || (namespace !== undefined && found.namespace !== namespace)) throw notFound('Memory record', recordId)
    return found
  }

  return {
    async BatchCreateMemoryRecords(ctx: Context, input: BatchCreateMemoryRecordsInput): Promise<BatchCreateMemoryRecordsOutput> {
      const key = memoryKeyOf(ctx, input.memoryId)
      refuseTwice(input.records, ({ requestIdentifier }) => requestIdentifier, 'requestIdentifier')
      return store.transaction((tx) =>
        once(tx, ctx, { operation: 'BatchCreateMemoryRecords', input }, clock, async () => {
          const world = { memory: await findActiveMemory(tx, key), key, inside: records.within(tx) }
          return each(
            input.records,
            (record) => create(world, record),
            ({ requestIdentifier }) => ({ memoryRecordId: '', requestIdentifier }),
          )
        }),
      )
    },

    async BatchUpdateMemoryRecords(ctx: Context, input: BatchUpdateMemoryRecordsInput): Promise<BatchUpdateMemoryRecordsOutput> {
      const key = memoryKeyOf(ctx, input.memoryId)
      refuseTwice(input.records, ({ memoryRecordId }) => memoryRecordId, 'memoryRecordId')
      return store.transaction(async (tx) => {
        const world = { memory: await findActiveMemory(tx, key), key, inside: records.within(tx) }
        return each(input.records, (record) => update(world, record), named)
      })
    },

    async BatchDeleteMemoryRecords(ctx: Context, input: BatchDeleteMemoryRecordsInput): Promise<BatchDeleteMemoryRecordsOutput> {
      const key = memoryKeyOf(ctx, input.memoryId)
      refuseTwice(input.records, ({ memoryRecordId }) => memoryRecordId, 'memoryRecordId')
      return store.transaction(async (tx) => {
        const world = { memory: await findActiveMemory(tx, key), key, inside: records.within(tx) }
        return each(input.records, (record) => remove(world, record), named)
      })
    },
  }
}

const named = ({ memoryRecordId }: { memoryRecordId: string }) => ({ memoryRecordId })

/** One after another, since they are one transaction. A fault of the platform undoes all, and is nobody's failed record. */
async function each<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<string>,
  name: (item: Item) => Pick<MemoryRecordOutput, 'memoryRecordId' | 'requestIdentifier'>,
): Promise<Outputs> {
  const outputs: Outputs = { successfulRecords: [], failedRecords: [] }
  for (const item of items) {
    try {
      outputs.successfulRecords.push({ ...name(item), memoryRecordId: await work(item), status: 'SUCCEEDED' })
    } catch (fault) {
      if (!(fault instanceof ServiceError)) throw fault
      outputs.failedRecords.push({ ...name(item), status: 'FAILED', errorCode: fault.status, errorMessage: fault.message })
    }
  }
  return outputs
}

function strategyOf(memory: MemoryDocument, strategyId: string | undefined) {
  if (strategyId === undefined) return undefined
  const found = memory.strategies.find((strategy) => strategy.strategyId === strategyId)
  if (!found) throw notFound('Memory strategy', strategyId)
  return found
}

/** The answer tells them apart by these names. */
function refuseTwice<Item>(items: readonly Item[], nameOf: (item: Item) => string, member: string): void {
  const names = items.map(nameOf)
  const at = names.findIndex((name, index) => names.indexOf(name) !== index)
  if (at >= 0) throw invalid(`records[${at}].${member}`, `${names[at]} is there twice; send each record once`)
}
