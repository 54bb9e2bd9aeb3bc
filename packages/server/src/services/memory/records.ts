// Records one by one and in lists: get, delete, list, and found by a question.
import type {
  DeleteMemoryRecordInput,
  DeleteMemoryRecordOutput,
  GetMemoryRecordInput,
  GetMemoryRecordOutput,
  ListMemoryRecordsInput,
  ListMemoryRecordsOutput,
  MemoryMetadataFilterExpression,
  RetrieveMemoryRecordsInput,
  RetrieveMemoryRecordsOutput,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, notFound } from '#kernel/errors.js'
import type { MemoryRecordReads, RecordPlace, RecordScope, StoredRecord } from '#ports/memory-records.js'
import type { MemoryDocument } from './documents.js'
import { findActiveMemory, memoryKeyOf } from './find.js'
import { usualPage, usualTopK } from './limits.js'
import { listToken, readListToken } from './list-tokens.js'
import type { MemoryPorts } from './ports.js'
import { presentRecord } from './present-record.js'
import { recordTests } from './record-metadata.js'
import { type Hit, retrieve } from './retrieval/retrieve.js'

export function recordOperations({ store, records, clock }: Pick<MemoryPorts, 'store' | 'records' | 'clock'>) {
  return {
    async GetMemoryRecord(ctx: Context, { memoryId, memoryRecordId, namespace }: GetMemoryRecordInput): Promise<GetMemoryRecordOutput> {
      const memory = memoryKeyOf(ctx, memoryId)
      await findActiveMemory(store, memory)
      const found = await records.get(memory, memoryRecordId)
      if (!isIn(found, namespace)) throw notFound('Memory record', memoryRecordId)
      return { memoryRecord: presentRecord(found) }
    },

    async DeleteMemoryRecord(ctx: Context, { memoryId, memoryRecordId, namespace }: DeleteMemoryRecordInput): Promise<DeleteMemoryRecordOutput> {
      const memory = memoryKeyOf(ctx, memoryId)
      const isGone = await store.transaction(async (tx) => {
        await findActiveMemory(tx, memory)
        const inside = records.within(tx)
        return isIn(await inside.get(memory, memoryRecordId), namespace) && inside.delete(memory, memoryRecordId)
      })
      if (!isGone) throw notFound('Memory record', memoryRecordId)
      return { memoryRecordId }
    },

    async ListMemoryRecords(ctx: Context, input: ListMemoryRecordsInput): Promise<ListMemoryRecordsOutput> {
      const { memoryId, maxResults = usualPage, nextToken, metadataFilters, ...rest } = input
      const key = memoryKeyOf(ctx, memoryId)
      const scope = scopeOf(await findActiveMemory(store, key), { ...rest, metadataFilters }, 'metadataFilters')
      const list = { of: 'ListMemoryRecords', ...key, ...rest, metadataFilters }
      const after = placeIn(readListToken(list, nextToken))
      const found = await records.page(key, scope, { limit: maxResults + 1, ...(after && { after }) })
      const page = found.slice(0, maxResults)
      const last = page.at(-1)
      return {
        memoryRecordSummaries: page.map(presentRecord),
        nextToken: last && found.length > page.length ? listToken(list, JSON.stringify([last.namespace, last.at, last.row])) : undefined,
      }
    },

    /** `topK` says how many there are in all, `maxResults` how many of them an answer has. */
    async RetrieveMemoryRecords(ctx: Context, input: RetrieveMemoryRecordsInput): Promise<RetrieveMemoryRecordsOutput> {
      const { memoryId, searchCriteria, maxResults = 100, nextToken, ...rest } = input
      const { searchQuery, topK = usualTopK, ...criteria } = searchCriteria
      const key = memoryKeyOf(ctx, memoryId)
      const scope = scopeOf(await findActiveMemory(store, key), { ...rest, ...criteria }, 'searchCriteria.metadataFilters')
      const list = { of: 'RetrieveMemoryRecords', ...key, ...rest, searchCriteria }
      const after = readListToken(list, nextToken)
      const hits = await retrieve(records, key, scope, searchQuery, { limit: topK, now: clock.now() })
      const left = after === undefined ? hits : behind(hits, after)
      const page = left.slice(0, maxResults)
      const last = page.at(-1)
      return {
        memoryRecordSummaries: page.map(({ record, score }) => ({ ...presentRecord(record), score })),
        nextToken: last && left.length > page.length ? listToken(list, JSON.stringify([last.score, last.record.recordId])) : undefined,
      }
    },
  }
}

interface Asked {
  namespace?: string | undefined
  namespacePath?: string | undefined
  memoryStrategyId?: string | undefined
  metadataFilters?: MemoryMetadataFilterExpression[] | undefined
}

/** Of which records a call is. Without a namespace or a path: of all that the memory has. */
export function scopeOf(memory: MemoryDocument, { namespace, namespacePath, memoryStrategyId, metadataFilters }: Asked, field: string): RecordScope {
  if (namespace !== undefined && namespacePath !== undefined)
    throw invalid(
      'namespacePath',
      'cannot be sent with namespace: one asks for a namespace alone, the other for all beneath a path; send one of the two',
    )
  return {
    ...(namespace !== undefined && { namespace }),
    ...(namespacePath !== undefined && { namespacePath }),
    ...(memoryStrategyId !== undefined && { strategyId: memoryStrategyId }),
    tests: recordTests(memory, metadataFilters, field),
  }
}

/** With a namespace, a record of another one is as if it were not there. */
function isIn(record: Awaited<ReturnType<MemoryRecordReads['get']>>, namespace: string | undefined): record is StoredRecord {
  return record !== undefined && (namespace === undefined || record.namespace === namespace)
}

function placeIn(key: string | undefined): RecordPlace | undefined {
  if (key === undefined) return undefined
  const [namespace, at, row] = JSON.parse(key) as [string, number, number]
  return { namespace, at, row }
}

/** The search is done again: what came or went between two pages moves nothing that was told before. */
function behind(hits: readonly Hit[], token: string): Hit[] {
  const [score, recordId] = JSON.parse(token) as [number, string]
  const at = hits.findIndex(({ record }) => record.recordId === recordId)
  return at >= 0 ? hits.slice(at + 1) : hits.filter((hit) => hit.score < score)
}
