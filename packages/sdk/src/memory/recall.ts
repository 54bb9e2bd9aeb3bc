// What was learned of one actor, wherever the memory's strategies put it.
import type { BedrockAgentCoreClient, MemoryRecordSummary } from '@aws-sdk/client-bedrock-agentcore'
import type { MemoryStrategy } from '@aws-sdk/client-bedrock-agentcore-control'
import { type RetrievalConfig, retrieve } from './retrieval.js'
import type { SessionNames } from './session-events.js'

/** In every session of the actor. What strategies keep by other things than the actor is left out where it could be somebody else's. */
export async function recall(
  data: BedrockAgentCoreClient,
  strategies: readonly MemoryStrategy[],
  names: SessionNames,
  query: string,
  config: RetrievalConfig = {},
): Promise<MemoryRecordSummary[]> {
  const paths = strategies.flatMap(({ strategyId, namespaceTemplates = [] }) =>
    namespaceTemplates.flatMap((one) => pathOf(one, names.actorId, strategyId)),
  )
  const found = await retrieve(data, names, query, Object.fromEntries(paths.map((path) => [path, config])))
  return found.slice(0, config.topK ?? found.length)
}

/** The template as far as it is known: `/summaries/{actorId}/{sessionId}/` is all of `/summaries/ada/`. */
function pathOf(template: string, actorId: string, strategyId = ''): string[] {
  const known = template.replaceAll('{actorId}', actorId).replaceAll(/\{(?:memoryStrategyId|strategyId)\}/g, strategyId)
  const cut = known.indexOf('{')
  const path = cut < 0 ? known : known.slice(0, cut)
  const isActors = template.includes('{actorId}') && template.indexOf('{actorId}') < (cutIn(template) ?? template.length)
  return path !== '' && isActors ? [path] : []
}

/** Where the first variable stands that has no value here. */
function cutIn(template: string): number | undefined {
  const found = /\{(?!actorId\}|memoryStrategyId\}|strategyId\})/.exec(template)
  return found?.index
}
