// The turns of a conversation in AgentCore Memory: read once, then carried along and written after each answer.
import { type BedrockAgentCoreClient, CreateEventCommand } from '@aws-sdk/client-bedrock-agentcore'
import { payloadOf } from '#memory/messages.js'
import { lastMessages } from '#memory/session-events.js'

/** One thing that was said. */
export interface Turn {
  role: 'USER' | 'ASSISTANT'
  content: string
}

export interface SessionMemory {
  /** The latest ones, oldest first. */
  turns(): Promise<Turn[]>
  /** What the user said and what the agent answered: one event, as the official clients write it. */
  remember(said: Turn[]): Promise<void>
}

export interface MemoryParts {
  data: BedrockAgentCoreClient
  memoryId: string
  actorId: string
  sessionId: string
  /** Messages, not bytes. */
  contextWindow: number
  now: () => Date
}

export function sessionMemory({ data, memoryId, actorId, sessionId, contextWindow, now }: MemoryParts): SessionMemory {
  let known: Promise<Turn[]> | undefined
  const names = { memoryId, actorId, sessionId }

  async function read(): Promise<Turn[]> {
    const messages = await lastMessages(data, names, contextWindow)
    return messages.flatMap(({ role, text }) => (role === 'USER' || role === 'ASSISTANT' ? [{ role, content: text }] : []))
  }

  return {
    async turns() {
      known ??= read()
      try {
        return (await known).slice(-contextWindow)
      } catch (error) {
        known = undefined
        throw error
      }
    },
    async remember(said) {
      if (said.length === 0) return
      const payload = payloadOf(said.map(({ role, content }) => ({ role, text: content })))
      await data.send(new CreateEventCommand({ ...names, eventTimestamp: now(), payload }))
      ;(await known)?.push(...said)
    },
  }
}
