// What was learned, looked for in several namespaces at once, each with its own measure.
import { type BedrockAgentCoreClient, type MemoryRecordSummary, RetrieveMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore'
import { type NamespaceVariables, resolvedNamespace } from './namespaces.js'

export interface RetrievalConfig {
  /** How many records at most; 10 when absent. */
  topK?: number
  /** Records of a lower score are left out; 0.2 when absent. */
  relevanceScore?: number
  /** Only what this strategy learned; also the value of {memoryStrategyId}. */
  strategyId?: string
}

/** By namespace or the beginning of one, with {actorId}, {sessionId} and {memoryStrategyId} in it. */
export type RetrievalByNamespace = Readonly<Record<string, RetrievalConfig>>

const usual = { topK: 10, relevanceScore: 0.2 }

/** The best first; a record that two namespaces find is there once. */
export async function retrieve(
  data: BedrockAgentCoreClient,
  { memoryId, ...names }: NamespaceVariables & { memoryId: string },
  query: string,
  config: RetrievalByNamespace,
): Promise<MemoryRecordSummary[]> {
  const found = await Promise.all(
    Object.entries(config).map(async ([template, { topK = usual.topK, relevanceScore = usual.relevanceScore, strategyId }]) => {
      const namespacePath = resolvedNamespace(template, { ...names, memoryStrategyId: strategyId })
      const searchCriteria = { searchQuery: query, topK, ...(strategyId && { memoryStrategyId: strategyId }) }
      const { memoryRecordSummaries = [] } = await data.send(
        new RetrieveMemoryRecordsCommand({ memoryId, namespacePath, searchCriteria, maxResults: topK }),
      )
      return memoryRecordSummaries.filter(({ score = 1 }) => score >= relevanceScore)
    }),
  )
  const byId = new Map(found.flat().map((record) => [record.memoryRecordId, record]))
  return [...byId.values()].toSorted((one, other) => (other.score ?? 0) - (one.score ?? 0))
}
