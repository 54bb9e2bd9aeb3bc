// A turn with a model of yours: what is known is looked up, the model answers, both sides are kept.
import type { BedrockAgentCoreClient, Event, MemoryRecordSummary } from '@aws-sdk/client-bedrock-agentcore'
import type { EventOptions } from './memory-session.js'
import type { Message } from './messages.js'
import { type RetrievalByNamespace, retrieve } from './retrieval.js'
import type { SessionNames } from './session-events.js'

export interface LlmTurnOptions extends Omit<EventOptions, 'clientToken'> {
  userInput: string
  /** Your model: gets what was asked and what is known, and answers. When it throws, nothing is kept. */
  llm(userInput: string, memories: MemoryRecordSummary[]): string | Promise<string>
  /** Where to look; nowhere when absent. */
  retrieval?: RetrievalByNamespace
}

export interface LlmTurn {
  memories: MemoryRecordSummary[]
  response: string
  event: Event
}

interface Parts {
  data: BedrockAgentCoreClient
  names: SessionNames
  addTurns(messages: readonly Message[], options?: EventOptions): Promise<Event>
}

export async function llmTurn({ data, names, addTurns }: Parts, { userInput, llm, retrieval = {}, ...options }: LlmTurnOptions): Promise<LlmTurn> {
  const memories = await retrieve(data, names, userInput, retrieval)
  const response = await llm(userInput, memories)
  const said: Message[] = [
    { role: 'USER', text: userInput },
    { role: 'ASSISTANT', text: response },
  ]
  // AWS refuses an empty text.
  const event = await addTurns(
    said.filter(({ text }) => text !== ''),
    options,
  )
  return { memories, response, event }
}
