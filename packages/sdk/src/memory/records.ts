// What a memory has learned: looked for, listed, read, written and forgotten.
import {
  BatchDeleteMemoryRecordsCommand,
  type BedrockAgentCoreClient,
  DeleteMemoryRecordCommand,
  type ExtractionJobMetadata,
  GetMemoryRecordCommand,
  ListMemoryExtractionJobsCommand,
  type MemoryMetadataFilterExpression,
  type MemoryRecord,
  type MemoryRecordSummary,
  paginateListMemoryExtractionJobs,
  paginateListMemoryRecords,
  paginateRetrieveMemoryRecords,
} from '@aws-sdk/client-bedrock-agentcore'
import { allOf } from '#client/all-pages.js'
import { InvalidCall } from '#client/invalid-call.js'
import { withHeaders } from '#client/own-headers.js'
import { usualTimeoutMs, type Waiting, WaitTimedOut, waitFor } from './wait.js'

/** One of them at most; without any, the whole memory, where the platform allows it. */
export interface InNamespace {
  /** This one exactly. */
  namespace?: string
  /** All that begin with it, by whole steps: `/facts/` is the path of `/facts/ada/`. */
  namespacePath?: string
}

export interface RecordSearch extends InNamespace {
  query: string
  /** 10 when absent, 100 at most. */
  topK?: number
  strategyId?: string
  /** 5 at most; before the search. */
  metadataFilters?: MemoryMetadataFilterExpression[]
}

export interface RecordList extends InNamespace {
  strategyId?: string
  /** All when absent. */
  maxResults?: number
  metadataFilters?: MemoryMetadataFilterExpression[]
}

export interface MemoryRecords {
  /** The best first, each with its score. */
  searchLongTermMemories(search: RecordSearch): Promise<MemoryRecordSummary[]>
  listLongTermMemoryRecords(list: RecordList): Promise<MemoryRecordSummary[]>
  getMemoryRecord(memoryRecordId: string): Promise<MemoryRecord>
  deleteMemoryRecord(memoryRecordId: string): Promise<void>
  /** How many were forgotten, and which could not be. */
  deleteAllLongTermMemoriesInNamespace(namespace: string): Promise<{ deleted: number; failed: { memoryRecordId: string; errorMessage: string }[] }>
  /**
   * On agentworks: resolves when all that was said is learned, with the jobs that failed; of one actor or session when named. Throws WaitTimedOut.
   * AWS answers at once, with the failed jobs alone.
   */
  waitForExtraction(of?: { actorId?: string; sessionId?: string }, waiting?: Pick<Waiting, 'timeoutMs' | 'signal'>): Promise<ExtractionJobMetadata[]>
  /** Resolves with what there is once something was learned; read-your-own-writes needs no waiting. */
  waitForMemories(list: RecordList, waiting?: Waiting): Promise<MemoryRecordSummary[]>
}

const batch = 100
/** Of the header, in one call. */
const longestWaitSeconds = 60

export function memoryRecords(data: BedrockAgentCoreClient, { memoryId }: { memoryId: string }): MemoryRecords {
  async function listLongTermMemoryRecords({ strategyId, maxResults = Number.POSITIVE_INFINITY, metadataFilters, ...where }: RecordList) {
    const input = { memoryId, ...oneOf(where), ...(strategyId && { memoryStrategyId: strategyId }), ...(metadataFilters && { metadataFilters }) }
    const found: MemoryRecordSummary[] = []
    for await (const { memoryRecordSummaries = [] } of paginateListMemoryRecords({ client: data, pageSize: batch }, input)) {
      found.push(...memoryRecordSummaries)
      if (found.length >= maxResults) break
    }
    return found.slice(0, maxResults)
  }

  return {
    async searchLongTermMemories({ query, topK = 10, strategyId, metadataFilters, ...where }) {
      const searchCriteria = {
        searchQuery: query,
        topK,
        ...(strategyId && { memoryStrategyId: strategyId }),
        ...(metadataFilters && { metadataFilters }),
      }
      const input = { memoryId, ...oneOf(where), searchCriteria }
      const pages = paginateRetrieveMemoryRecords({ client: data, pageSize: Math.max(1, Math.min(topK, batch)) }, input)
      return (await allOf(pages, ({ memoryRecordSummaries }) => memoryRecordSummaries)).slice(0, topK)
    },
    listLongTermMemoryRecords,
    async getMemoryRecord(memoryRecordId) {
      const { memoryRecord } = await data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId }))
      if (!memoryRecord) throw new Error('the platform answered without the record')
      return memoryRecord
    },
    async deleteMemoryRecord(memoryRecordId) {
      await data.send(new DeleteMemoryRecordCommand({ memoryId, memoryRecordId }))
    },
    async deleteAllLongTermMemoriesInNamespace(namespace) {
      const records = (await listLongTermMemoryRecords({ namespace })).map(({ memoryRecordId = '' }) => ({ memoryRecordId }))
      const failed: { memoryRecordId: string; errorMessage: string }[] = []
      for (let at = 0; at < records.length; at += batch) {
        const answer = await data.send(new BatchDeleteMemoryRecordsCommand({ memoryId, records: records.slice(at, at + batch) }))
        for (const { memoryRecordId = '', errorMessage = '' } of answer.failedRecords ?? []) failed.push({ memoryRecordId, errorMessage })
      }
      return { deleted: records.length - failed.length, failed }
    },
    async waitForExtraction(filter = {}, { timeoutMs = usualTimeoutMs, signal } = {}) {
      const deadline = performance.now() + timeoutMs
      for (;;) {
        const seconds = Math.max(1, Math.min(longestWaitSeconds, Math.ceil((deadline - performance.now()) / 1_000)))
        const from = performance.now()
        const command = new ListMemoryExtractionJobsCommand({ memoryId, filter })
        await data.send(withHeaders(command, { 'x-agentworks-wait-for-extraction': String(seconds) }), { abortSignal: signal })
        // It also answers when its time is over, and does not say which of the two it was.
        if (performance.now() - from < seconds * 1_000)
          return allOf(paginateListMemoryExtractionJobs({ client: data, pageSize: 50 }, { memoryId, filter }), ({ jobs }) => jobs)
        if (performance.now() >= deadline) throw new WaitTimedOut(`waited ${timeoutMs} ms for memory ${memoryId} to learn`)
      }
    },
    waitForMemories: (list, waiting) =>
      waitFor(`memory ${memoryId} to learn something in ${list.namespace ?? list.namespacePath ?? 'any namespace'}`, waiting, async () => {
        const found = await listLongTermMemoryRecords(list)
        return found.length > 0 ? found : undefined
      }),
  }
}

function oneOf({ namespace, namespacePath }: InNamespace): InNamespace {
  if (namespace !== undefined && namespacePath !== undefined)
    throw new InvalidCall('namespacePath', 'given together with namespace, and one of them says where', 'Leave one out')
  if (namespacePath !== undefined) return { namespacePath }
  return namespace === undefined ? {} : { namespace }
}
