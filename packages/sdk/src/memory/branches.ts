// Branches of a session: a talk goes on differently from any of its events.
import type { BedrockAgentCoreClient, Event } from '@aws-sdk/client-bedrock-agentcore'
import { messagesOf } from './messages.js'
import { everyEvent, isOfMain, type SessionNames } from './session-events.js'

export interface SessionBranch {
  name: string
  /** The event that it forked from; none of `main`. */
  rootEventId?: string
  eventCount: number
  firstEventId: string
  createdAt: Date
}

export interface TreeBranch extends SessionBranch {
  /** Oldest first, with what each event says. */
  events: { eventId: string; eventTimestamp: Date; messages: ReturnType<typeof messagesOf> }[]
  /** Those that forked from this one. */
  branches: TreeBranch[]
}

/** `main` first, the others by their first event. */
export async function branchesOf(data: BedrockAgentCoreClient, names: SessionNames): Promise<SessionBranch[]> {
  return (await eventsByBranch(data, names)).map(branchOf)
}

/** The talk with all its forks, from `main` on. */
export async function conversationTree(data: BedrockAgentCoreClient, names: SessionNames): Promise<TreeBranch | undefined> {
  const all = (await eventsByBranch(data, names)).map((events): TreeBranch => ({ ...branchOf(events), events: events.map(toldOf), branches: [] }))
  const [root] = all
  for (const branch of all.slice(1)) {
    const parent = all.find(({ name, events }) => name !== branch.name && events.some(({ eventId }) => eventId === branch.rootEventId))
    ;(parent ?? root)?.branches.push(branch)
  }
  return root
}

async function eventsByBranch(data: BedrockAgentCoreClient, names: SessionNames): Promise<Event[][]> {
  const byName = new Map<string, Event[]>([['main', []]])
  const events: Event[] = []
  for await (const event of everyEvent(data, names)) events.push(event)
  for (const event of events.toReversed()) {
    const name = isOfMain(event) ? 'main' : (event.branch?.name ?? '')
    const known = byName.get(name)
    if (known) known.push(event)
    else byName.set(name, [event])
  }
  return [...byName.values()].filter(({ length }) => length > 0)
}

function branchOf(events: Event[]): SessionBranch {
  const [first] = events
  const { branch, eventId = '', eventTimestamp = new Date(0) } = first ?? {}
  return {
    name: branch?.name ?? 'main',
    ...(branch?.rootEventId !== undefined && { rootEventId: branch.rootEventId }),
    eventCount: events.length,
    firstEventId: eventId,
    createdAt: eventTimestamp,
  }
}

function toldOf(event: Event) {
  return { eventId: event.eventId ?? '', eventTimestamp: event.eventTimestamp ?? new Date(0), messages: messagesOf(event) }
}
