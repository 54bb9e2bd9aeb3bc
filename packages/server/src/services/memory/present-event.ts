// Events in AWS's shape.
import type { Event, PayloadType } from '@agentworks/model'
import { JsonText } from '#kernel/json-text.js'
import type { Branch, MemoryEventReads, SessionKey, StoredEvent } from '#ports/memory-events.js'
import { mainBranch } from './branches.js'
import { eventIdOf } from './event-ids.js'

type Presentable = Omit<StoredEvent, 'branch'> & { branch?: string | undefined }

export async function presentEvent(events: MemoryEventReads, session: SessionKey, event: Presentable): Promise<Event> {
  return present(session, event, event.branch === undefined ? undefined : await events.branch(session, event.branch))
}

export async function presentEvents(events: MemoryEventReads, session: SessionKey, all: readonly Presentable[]): Promise<Event[]> {
  const branches = new Map<string, Branch | undefined>()
  for (const { branch } of all) if (branch !== undefined && !branches.has(branch)) branches.set(branch, await events.branch(session, branch))
  return all.map((event) => present(session, event, branches.get(event.branch ?? '')))
}

function present({ memoryId, actorId, sessionId }: SessionKey, event: Presentable, branch: Branch | undefined): Event {
  const { at, metadata, payload } = event
  const names = Object.entries(metadata)
  return {
    memoryId,
    actorId,
    sessionId,
    eventId: eventIdOf(event),
    eventTimestamp: at,
    // As it is stored: a page of a hundred events would be parsed only to be written again.
    payload: (payload === '' ? [] : new JsonText(payload)) as PayloadType[],
    branch: branch ? { name: branch.name, rootEventId: eventIdOf(branch.root) } : { name: mainBranch },
    ...(names.length > 0 && { metadata: Object.fromEntries(names.map(([key, stringValue]) => [key, { stringValue }])) }),
  }
}
