// Whose talks they are: a user, or whoever an agent talks with.
import { randomUUID } from 'node:crypto'
import { paginateListSessions, type SessionSummary } from '@aws-sdk/client-bedrock-agentcore'
import { allOf } from '#client/all-pages.js'
import { type MemorySession, memorySession, type SessionParts } from './memory-session.js'

export interface Actor {
  readonly memoryId: string
  readonly actorId: string
  listSessions(): Promise<SessionSummary[]>
  /** A new one when no id is given. It is there from its first event on. */
  session(sessionId?: string): MemorySession
}

export function actorOf(parts: SessionParts, memoryId: string, actorId: string): Actor {
  return {
    memoryId,
    actorId,
    listSessions: () =>
      allOf(paginateListSessions({ client: parts.data, pageSize: 100 }, { memoryId, actorId }), ({ sessionSummaries }) => sessionSummaries),
    session: (sessionId = randomUUID()) => memorySession(parts, { memoryId, actorId, sessionId }),
  }
}
