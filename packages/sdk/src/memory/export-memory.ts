// Everything in a memory, a line at a time; one session is held at once, since its branches need the events that they fork from first.
import {
  type BedrockAgentCoreClient,
  type Event,
  type MemoryRecordSummary,
  paginateListActors,
  paginateListMemoryRecords,
  paginateListSessions,
} from '@aws-sdk/client-bedrock-agentcore'
import type { Memory, MemoryStrategy, MemoryStrategyInput } from '@aws-sdk/client-bedrock-agentcore-control'
import type { Memories } from './memories.js'
import type { EventLine, MemoryHead, MemoryLine, RecordLine } from './memory-lines.js'
import { everyEvent, isOfMain } from './session-events.js'

export async function* exportMemory(
  memories: Pick<Memories, 'getMemory'>,
  data: BedrockAgentCoreClient,
  memoryId: string,
): AsyncGenerator<MemoryLine, void, undefined> {
  yield headOf(await memories.getMemory(memoryId))
  const pages = { client: data, pageSize: 100 }
  for await (const { actorSummaries = [] } of paginateListActors(pages, { memoryId }))
    for (const { actorId = '' } of actorSummaries)
      for await (const { sessionSummaries = [] } of paginateListSessions(pages, { memoryId, actorId }))
        for (const { sessionId = '' } of sessionSummaries) {
          const events: Event[] = []
          for await (const event of everyEvent(data, { memoryId, actorId, sessionId })) events.push(event)
          yield* events.toReversed().map(eventLine)
        }
  for await (const { memoryRecordSummaries = [] } of paginateListMemoryRecords(pages, { memoryId })) yield* memoryRecordSummaries.map(recordLine)
}

function headOf({ name, description, eventExpiryDuration, indexedKeys, namespaceKeys, memoryExecutionRoleArn, strategies = [] }: Memory): MemoryHead {
  return {
    agentworksMemory: 1,
    memory: { name, description, eventExpiryDuration, indexedKeys, namespaceKeys, memoryExecutionRoleArn },
    strategies: strategies.flatMap(inputOf),
    strategyNames: Object.fromEntries(strategies.map(({ strategyId = '', name = '' }) => [strategyId, name])),
  }
}

/** A custom one holds prompts and roles of its owner, in another form than it is made of: whoever imports it makes it first. */
function inputOf({ type, name, description, namespaceTemplates, memoryRecordSchema, configuration }: MemoryStrategy): MemoryStrategyInput[] {
  const given = { name, description, namespaceTemplates, memoryRecordSchema }
  switch (type) {
    case 'SEMANTIC':
      return [{ semanticMemoryStrategy: given }]
    case 'SUMMARIZATION':
      return [{ summaryMemoryStrategy: given }]
    case 'USER_PREFERENCE':
      return [{ userPreferenceMemoryStrategy: given }]
    case 'EPISODIC': {
      const reflectionConfiguration = configuration?.reflection?.episodicReflectionConfiguration
      return [{ episodicMemoryStrategy: { ...given, ...(reflectionConfiguration && { reflectionConfiguration }) } }]
    }
    default:
      return []
  }
}

function eventLine(event: Event): EventLine {
  const { actorId = '', sessionId = '', eventId = '', eventTimestamp = new Date(0), payload = [], branch, metadata = {} } = event
  const texts = Object.entries(metadata).map(([key, value]): [string, string] => [key, value.stringValue ?? ''])
  return {
    event: {
      actorId,
      sessionId,
      eventId,
      eventTimestamp: eventTimestamp.toISOString(),
      payload,
      ...(!isOfMain(event) && branch && { branch: { name: branch.name, rootEventId: branch.rootEventId } }),
      ...(texts.length > 0 && { metadata: Object.fromEntries(texts) }),
    },
  }
}

function recordLine({
  memoryRecordId = '',
  content,
  namespaces = [],
  createdAt = new Date(0),
  memoryStrategyId,
  metadata = {},
}: MemoryRecordSummary): RecordLine {
  const own = Object.entries(metadata).filter(([key]) => !key.startsWith('x-amz-'))
  return {
    record: {
      memoryRecordId,
      text: content?.text ?? '',
      namespaces,
      createdAt: createdAt.toISOString(),
      ...(memoryStrategyId && { memoryStrategyId }),
      ...(own.length > 0 && { metadata: Object.fromEntries(own) }),
    },
  }
}
