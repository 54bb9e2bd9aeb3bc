// The turns of a conversation in AgentCore Memory: read once, then carried along and written after each answer.
import { type BedrockAgentCoreClient, CreateEventCommand, ListEventsCommand, type PayloadType } from '@aws-sdk/client-bedrock-agentcore'

/** One thing that was said. */
export interface Turn {
  role: 'USER' | 'ASSISTANT'
  content: string
}

/** The platform does not keep memory; the message says what to do. */
export class MemoryUnavailable extends Error {
  override readonly name = 'MemoryUnavailable'
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
    const events: { at: number; turns: Turn[] }[] = []
    let nextToken: string | undefined
    do {
      const page = await data.send(new ListEventsCommand({ ...names, maxResults: 100, nextToken }))
      for (const { eventTimestamp, payload = [] } of page.events ?? [])
        events.push({ at: eventTimestamp?.getTime() ?? 0, turns: payload.flatMap(turnOf) })
      nextToken = page.nextToken
    } while (nextToken)
    // In which order AWS lists them is not said.
    return events.toSorted((one, other) => one.at - other.at).flatMap(({ turns }) => turns)
  }

  return {
    async turns() {
      known ??= read()
      try {
        return (await known).slice(-contextWindow)
      } catch (error) {
        known = undefined
        throw told(error, memoryId)
      }
    },
    async remember(said) {
      const payload = said.map(({ role, content }) => ({ conversational: { role, content: { text: content } } }))
      try {
        await data.send(new CreateEventCommand({ ...names, eventTimestamp: now(), payload }))
      } catch (error) {
        throw told(error, memoryId)
      }
      ;(await known)?.push(...said)
    },
  }
}

function turnOf({ conversational }: PayloadType): Turn[] {
  const role = conversational?.role
  const text = conversational?.content?.text
  return text !== undefined && (role === 'USER' || role === 'ASSISTANT') ? [{ role, content: text }] : []
}

function told(error: unknown, memoryId: string): unknown {
  if (!(error instanceof Error) || error.name !== 'UnsupportedOperationException') return error
  return new MemoryUnavailable(
    `memory: this platform does not execute AgentCore Memory, so ${memoryId} can carry nothing from turn to turn. Leave memory out, or use an endpoint that has it. (${error.message})`,
    { cause: error },
  )
}
