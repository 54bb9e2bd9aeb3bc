// What the owner asks of a memory: `memory explain` and `memory wait`.
import type { ExplainedRetrieval, ExtractionState, RetrievalQuestion } from '#services/memory/index.js'
import type { AnyRequest } from '#wire/server.js'
import { stringBody } from './string-body.js'

export interface MemoryAdmin {
  explain(memoryId: string, question: RetrievalQuestion): Promise<ExplainedRetrieval>
  extractionState(memoryId: string, filter: { actorId?: string; sessionId?: string }): Promise<ExtractionState>
}

export async function explainMemory({ explain }: MemoryAdmin, memoryId: string, request: AnyRequest): Promise<ExplainedRetrieval> {
  const { searchQuery = '', topK, filters = '', namespace, namespacePath, memoryStrategyId } = await stringBody(request)
  const lines = filters.split('\n').filter((line) => line.includes('='))
  return explain(memoryId, {
    searchQuery,
    namespace,
    namespacePath,
    memoryStrategyId,
    ...(topK !== undefined && { topK: Number(topK) }),
    filters: Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)])),
  })
}

export function learningOf({ extractionState }: MemoryAdmin, memoryId: string, search: URLSearchParams): Promise<ExtractionState> {
  const [actorId, sessionId] = [search.get('actorId'), search.get('sessionId')]
  return extractionState(memoryId, { ...(actorId !== null && { actorId }), ...(sessionId !== null && { sessionId }) })
}
