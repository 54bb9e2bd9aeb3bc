// Why a question finds what it finds: for each record the words that it shares with the question, its score, what the search was held to,
// and the events that it was learned from. AWS has nothing like it.
import type { PayloadType } from '@agentworks/model'
import { invalid } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { SessionKey } from '#ports/memory-events.js'
import type { RecordSource } from '#ports/memory-records.js'
import { livingSince, type MemoryDocument } from './documents.js'
import { eventIdOf, eventKeyOf } from './event-ids.js'
import { isOutdated, successorOf } from './extraction/outdated.js'
import { findActiveMemory, memoryKeyOf } from './find.js'
import { usualTopK } from './limits.js'
import type { MemoryPorts } from './ports.js'
import { scopeOf } from './records.js'
import { type Reasons, retrieve } from './retrieval/retrieve.js'

export interface RetrievalQuestion {
  searchQuery: string
  namespace?: string | undefined
  namespacePath?: string | undefined
  memoryStrategyId?: string | undefined
  topK?: number | undefined
  /** Metadata that must be equal, as texts. */
  filters?: Readonly<Record<string, string>>
}

export interface ExplainedRecord {
  memoryRecordId: string
  text: string
  namespace: string
  memoryStrategyId: string
  createdAt: number
  score: number
  /** Of the question, in the form that words are compared in. */
  sharedTerms: readonly string[]
  /** What the score is made of besides: 0 or false for what says nothing for it. */
  parts: Omit<Reasons, 'terms'>
  /** Absent for a record that its owner wrote. */
  learnedBy?: string
  learnedFrom: { eventId: string; at?: number; said?: string[] }[]
  /** The newer record that made it untrue. */
  outdatedBy?: string
}

export interface ExplainedRetrieval {
  memoryId: string
  /** How many records the namespaces hold that were searched. */
  searched: number
  /** What a record had to fulfil before it was looked at. */
  heldTo: string[]
  records: ExplainedRecord[]
}

const most = { query: 10_000, topK: 100 }

export function explainRetrieval({ store, records, events, clock }: MemoryPorts) {
  return async (scope: Scope, memoryId: string, question: RetrievalQuestion): Promise<ExplainedRetrieval> => {
    const { searchQuery, topK = usualTopK, filters = {}, ...where } = question
    if (searchQuery.trim() === '' || searchQuery.length > most.query) throw invalid('searchQuery', `must have 1 to ${most.query} characters`)
    if (!Number.isInteger(topK) || topK < 1 || topK > most.topK) throw invalid('topK', `must be a whole number from 1 to ${most.topK}`)
    const key = memoryKeyOf(scope, memoryId)
    const memory = await findActiveMemory(store, key)
    const metadataFilters = Object.entries(filters).map(([name, text]) => equalTo(memory, name, text))
    const searched = scopeOf(memory, { ...where, metadataFilters }, 'filters')
    const hits = await retrieve(records, key, searched, searchQuery, { limit: topK, now: clock.now() })
    return {
      memoryId: key.memoryId,
      searched: await records.count(key, searched),
      heldTo: [
        ...Object.entries(where).flatMap(([name, value]) => (value === undefined ? [] : [`${name} ${value}`])),
        ...Object.entries(filters).map(([name, text]) => `${name} = ${text}`),
      ],
      records: await Promise.all(
        hits.map(async ({ record, score, why: { terms, ...parts } }) => ({
          memoryRecordId: record.recordId,
          text: record.text,
          namespace: record.namespace,
          memoryStrategyId: record.strategyId,
          createdAt: record.at,
          score,
          sharedTerms: terms,
          parts,
          ...(isOutdated(record) && { outdatedBy: successorOf(record) ?? '' }),
          ...(record.source?.by !== undefined && { learnedBy: record.source.by }),
          learnedFrom: record.source ? await provenance(memory, key, record.source) : [],
        })),
      ),
    }
  }

  function provenance(memory: MemoryDocument, key: ReturnType<typeof memoryKeyOf>, { actorId, sessionId, eventIds }: RecordSource) {
    const living = { since: livingSince(memory, clock.now()) }
    return Promise.all(
      eventIds.map(async (eventId) => {
        const eventKey = eventKeyOf(eventId)
        if (!eventKey || actorId === undefined || sessionId === undefined) return { eventId }
        const session: SessionKey = { ...key, actorId, sessionId }
        const found = await events.get(session, eventKey, living)
        // Deleted or expired: the record outlives what it was learned from.
        if (!found) return { eventId, at: eventKey.at }
        const said = (JSON.parse(found.payload) as PayloadType[]).flatMap(({ conversational }) =>
          conversational ? [`${conversational.role}: ${conversational.content.text}`] : [],
        )
        return { eventId: eventIdOf(found), at: found.at, said }
      }),
    )
  }
}

function equalTo({ indexedKeys }: MemoryDocument, metadataKey: string, text: string) {
  const isNumber = indexedKeys.find(({ key }) => key === metadataKey)?.type === 'NUMBER'
  if (isNumber && !Number.isFinite(Number(text))) throw invalid('filters', `"${metadataKey}" is of type NUMBER, and ${JSON.stringify(text)} is none`)
  const isList = indexedKeys.find(({ key }) => key === metadataKey)?.type === 'STRINGLIST'
  const metadataValue = isNumber ? { numberValue: Number(text) } : { stringValue: text }
  return { left: { metadataKey }, operator: isList ? ('CONTAINS' as const) : ('EQUALS_TO' as const), right: { metadataValue } }
}
