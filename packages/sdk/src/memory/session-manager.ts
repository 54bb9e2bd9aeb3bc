// One memory: its actors, their sessions, and what was learned of all of them.
import { type ActorSummary, type BedrockAgentCoreClient, paginateListActors } from '@aws-sdk/client-bedrock-agentcore'
import { allOf } from '#client/all-pages.js'
import { type Actor, actorOf } from './actor.js'
import type { MemorySession } from './memory-session.js'
import { type MemoryRecords, memoryRecords } from './records.js'

export interface MemorySessionManager extends MemoryRecords {
  readonly memoryId: string
  /** Goes on with the session, or begins one. */
  createMemorySession(names: { actorId: string; sessionId?: string }): MemorySession
  getActor(actorId: string): Actor
  listActors(): Promise<ActorSummary[]>
}

export function sessionManager(data: BedrockAgentCoreClient, memoryId: string, now: () => Date): MemorySessionManager {
  const parts = { data, now }
  return {
    memoryId,
    ...memoryRecords(data, { memoryId }),
    createMemorySession: ({ actorId, sessionId }) => actorOf(parts, memoryId, actorId).session(sessionId),
    getActor: (actorId) => actorOf(parts, memoryId, actorId),
    listActors: () => allOf(paginateListActors({ client: data, pageSize: 100 }, { memoryId }), ({ actorSummaries }) => actorSummaries),
  }
}
