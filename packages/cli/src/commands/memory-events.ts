// memory events: who talked, in which sessions; and a talk as people read it.
import { type MemoryClient, messagesOf } from '@agentworks/sdk/memory'
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { withMemory } from '#core/with-memory.js'

export interface MemoryEventsOptions {
  actor?: string
  session?: string
  branch?: string
  tail: number
}

export async function memoryEvents(invoked: Invoked, wanted: string, { actor, session, branch, tail }: MemoryEventsOptions): Promise<void> {
  if (session !== undefined && actor === undefined) throw wrongUsage('--session needs to be told whose it is', '--actor ACTOR')
  if (branch !== undefined && session === undefined) throw wrongUsage('--branch is a branch of one session', '--session SESSION')
  await withMemory(invoked, wanted, async (client, memoryId) => {
    if (actor !== undefined && session !== undefined)
      return showTalk(invoked, client, { memoryId, actorId: actor, sessionId: session }, { branch, tail })
    await showSessions(invoked, client, memoryId, actor)
  })
}

async function showSessions({ out }: Invoked, client: MemoryClient, memoryId: string, actor: string | undefined): Promise<void> {
  const manager = client.sessionManager(memoryId)
  const actors = actor === undefined ? (await manager.listActors()).map(({ actorId = '' }) => actorId) : [actor]
  const sessions = []
  for (const actorId of actors) sessions.push(...(await manager.getActor(actorId).listSessions()))
  out.document(sessions)
  if (sessions.length === 0) return out.line('nothing was said yet')
  const rows = sessions.map(({ actorId = '', sessionId = '', createdAt }) => [actorId, sessionId, createdAt?.toISOString() ?? '-'])
  for (const line of table(['ACTOR', 'SESSION', 'BEGUN'], rows)) out.line(line)
}

interface Names {
  memoryId: string
  actorId: string
  sessionId: string
}

async function showTalk({ out }: Invoked, client: MemoryClient, names: Names, { branch, tail }: { branch: string | undefined; tail: number }) {
  const events = await client.session(names).listEvents({
    maxResults: tail,
    ...(branch === undefined ? {} : { branchName: branch, includeParentBranches: true }),
  })
  out.document(events)
  if (events.length === 0) return out.line('nothing was said in it, or it has expired')
  for (const event of events) {
    out.line(`${event.eventTimestamp?.toISOString() ?? '-'}  ${event.eventId}${event.branch?.name === 'main' ? '' : `  (${event.branch?.name})`}`)
    for (const { role, text } of messagesOf(event)) out.line(indented(`${role}: ${text}`))
    for (const { blob, json } of event.payload ?? []) {
      if (blob !== undefined) out.line(indented(`blob: ${JSON.stringify(blob)}`))
      if (json !== undefined) out.line(indented(`json: ${JSON.stringify(json.content)}`))
    }
  }
}

const indented = (text: string) => `  ${text.replaceAll('\n', '\n    ')}`
