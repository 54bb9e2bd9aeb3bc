// A Strands session in AgentCore Memory: each save is one event, with the words that are new, for people and strategies, and a blob of what
// changed, from which the agent is put together again.
import type { PayloadType } from '@aws-sdk/client-bedrock-agentcore'
import { InvalidCall } from '#client/invalid-call.js'
import type { MemoryClient } from '#memory/memory-client.js'
import type { MemorySession } from '#memory/memory-session.js'
import { payloadOf } from '#memory/messages.js'
import { type StrandsMessage, type StrandsSnapshot, type StrandsSnapshotStorage, wordsOf } from './snapshot.js'

export interface AgentCoreSessionStorageOptions {
  client: Pick<MemoryClient, 'session'>
  memoryId: string
  /** Whose talk it is. */
  actorId: string
}

/** Of the messages before: so many are dropped at the beginning, so many kept after these; then come new ones. */
interface Step {
  strandsSession: 1
  agentId: string
  dropped: number
  kept: number
  messages: StrandsMessage[]
  /** The snapshot without its messages. */
  rest: StrandsSnapshot
}

/**
 * For Strands' own session manager: `new SessionManager({ sessionId, storage: { snapshot: agentCoreSessionStorage(…) } })`. A session id has
 * up to 100 letters, digits, `-` and `_`.
 */
export function agentCoreSessionStorage({ client, memoryId, actorId }: AgentCoreSessionStorageOptions): StrandsSnapshotStorage {
  const known = new Map<string, StrandsMessage[]>()
  const sessionOf = (sessionId: string) => client.session({ memoryId, actorId, sessionId })
  const keyOf = (sessionId: string, agentId: string) => JSON.stringify([sessionId, agentId])

  async function read(sessionId: string, agentId: string): Promise<StrandsSnapshot | null> {
    const steps = await stepsOf(sessionOf(sessionId), agentId)
    const messages = steps.reduce<StrandsMessage[]>(after, [])
    known.set(keyOf(sessionId, agentId), messages)
    const last = steps.at(-1)
    return last ? { ...last.rest, data: { ...last.rest.data, messages } } : null
  }

  return {
    async saveSnapshot({ location: { sessionId, scope, scopeId }, isLatest, snapshot }) {
      if (scope !== 'agent')
        throw new InvalidCall('scope', 'a graph or swarm is no talk of a memory', 'Give its session manager a storage of files or S3')
      if (!isLatest) throw new InvalidCall('snapshotTrigger', 'asks for snapshots that stay, and a memory keeps the talk once', 'Leave it out')
      const key = keyOf(sessionId, scopeId)
      if (!known.has(key)) await read(sessionId, scopeId)
      const { messages, ...data } = snapshot.data as { messages: StrandsMessage[] }
      const step = stepTo(known.get(key) ?? [], messages)
      const said = payloadOf(
        step.messages.map((message) => ({ role: message.role === 'user' ? ('USER' as const) : ('ASSISTANT' as const), text: wordsOf(message) })),
      ).filter(({ conversational }) => conversational?.content?.text !== '')
      const blob: Step = { strandsSession: 1, agentId: scopeId, ...step, rest: { ...snapshot, data } }
      await sessionOf(sessionId).createEvent([...said, { blob: JSON.parse(JSON.stringify(blob)) } as PayloadType])
      known.set(key, [...messages])
    },
    loadSnapshot: ({ location: { sessionId, scopeId } }) => read(sessionId, scopeId),
    listSnapshotIds: async () => [],
    async deleteSession({ sessionId }) {
      const session = sessionOf(sessionId)
      for (const { eventId = '' } of await session.listEvents({ allBranches: true })) await session.deleteEvent(eventId)
      known.clear()
    },
    loadManifest: async ({ location: { sessionId } }) => {
      const [last] = await sessionOf(sessionId).listEvents({ maxResults: 1 })
      return { schemaVersion: '1.0', updatedAt: (last?.eventTimestamp ?? new Date(0)).toISOString() }
    },
    // It says nothing that the events do not.
    saveManifest: async () => undefined,
  }
}

async function stepsOf(session: MemorySession, agentId: string): Promise<Step[]> {
  const events = await session.listEvents()
  return events.flatMap(({ payload = [] }) =>
    payload.flatMap(({ blob }) => {
      const step = blob as Partial<Step> | undefined
      return step?.strandsSession === 1 && step.agentId === agentId ? [step as Step] : []
    }),
  )
}

const after = (messages: StrandsMessage[], { dropped, kept, messages: added }: Step) => [...messages.slice(dropped, dropped + kept), ...added]

function stepTo(before: readonly StrandsMessage[], now: readonly StrandsMessage[]): Pick<Step, 'dropped' | 'kept' | 'messages'> {
  const [texts, others] = [before, now].map((all) => all.map((message) => JSON.stringify(message))) as [string[], string[]]
  const first = others[0]
  const begin = first === undefined ? -1 : texts.indexOf(first)
  const dropped = begin < 0 ? texts.length : begin
  let kept = 0
  while (dropped + kept < texts.length && texts[dropped + kept] === others[kept]) kept += 1
  return { dropped, kept, messages: now.slice(kept) }
}
