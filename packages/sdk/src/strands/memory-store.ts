// What was learned, as a memory store of Strands: searched by namespace, filled by the talk itself.
import { createHash, randomUUID } from 'node:crypto'
import type { MemoryClient } from '#memory/memory-client.js'
import type { RetrievalByNamespace } from '#memory/retrieval.js'
import { type StrandsMessage, wordsOf } from './snapshot.js'

export interface AgentCoreMemoryStoreOptions {
  client: Pick<MemoryClient, 'session' | 'recall' | 'retrieve'>
  memoryId: string
  actorId: string
  sessionId: string
  /** By namespace, with {actorId}, {sessionId} and {memoryStrategyId}; all that is the actor's when absent. */
  retrieval?: RetrievalByNamespace
  /** `agentcore` when absent; another for each store of one agent. */
  name?: string
  description?: string
  maxSearchResults?: number
  /** Whether the talk is also kept, from which strategies learn. Default false: a session storage keeps it already. */
  writable?: boolean
}

interface Entry {
  content: string
  metadata?: Record<string, string | number | string[]>
}

/** What `new MemoryManager({ stores: […] })` of Strands takes. */
export interface AgentCoreMemoryStore {
  readonly name: string
  readonly description: string
  readonly maxSearchResults: number
  readonly writable: boolean
  readonly extraction: boolean
  search(query: string, options?: { maxSearchResults?: number }): Promise<Entry[]>
  addMessages(messages: StrandsMessage[], context?: { readonly sequenceNumbers?: readonly number[] }): Promise<void>
}

const messagesOfAnEvent = 50

export function agentCoreMemoryStore(options: AgentCoreMemoryStoreOptions): AgentCoreMemoryStore {
  const { client, memoryId, actorId, sessionId, retrieval, name = 'agentcore', writable = false } = options
  const { description = 'What this user told in earlier talks: preferences, facts, summaries.', maxSearchResults = 10 } = options
  const names = { memoryId, actorId, sessionId }
  const run = randomUUID()
  return {
    name,
    description,
    maxSearchResults,
    writable,
    extraction: writable,
    async search(query, { maxSearchResults: most = maxSearchResults } = {}) {
      const found = retrieval ? await client.retrieve(names, query, retrieval) : await client.recall(names, query, { topK: most, relevanceScore: 0 })
      return found.slice(0, most).map(({ content, score = 0, memoryRecordId = '', namespaces = [] }) => ({
        content: content?.text ?? '',
        metadata: { score, memoryRecordId, namespaces },
      }))
    },
    async addMessages(messages, { sequenceNumbers = [] } = {}) {
      const session = client.session(names)
      for (let at = 0; at < messages.length; at += messagesOfAnEvent) {
        const said = messages.slice(at, at + messagesOfAnEvent).flatMap((message) => {
          const text = wordsOf(message)
          return text === '' ? [] : [{ role: message.role === 'user' ? ('USER' as const) : ('ASSISTANT' as const), text }]
        })
        // Strands gives a batch again that failed: by the numbers it is known as the same.
        const numbers = sequenceNumbers.slice(at, at + messagesOfAnEvent)
        const clientToken =
          numbers.length > 0
            ? createHash('sha256')
                .update(JSON.stringify([names, run, numbers]))
                .digest('hex')
            : randomUUID()
        if (said.length > 0) await session.addTurns(said, { clientToken })
      }
    },
  }
}
