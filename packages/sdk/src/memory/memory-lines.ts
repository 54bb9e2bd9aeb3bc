// A memory as lines of JSON, one thing a line. What reads them must know `agentworksMemory`, the version of the form.
import type { Memory } from '@aws-sdk/client-bedrock-agentcore-control'

/** The first line. */
export interface MemoryHead {
  agentworksMemory: 1
  memory: Pick<Memory, 'name' | 'description' | 'eventExpiryDuration' | 'indexedKeys' | 'namespaceKeys' | 'memoryExecutionRoleArn'>
  /** As CreateMemory takes them. */
  strategies: object[]
  /** The name of each strategy by the id that records carry. */
  strategyNames: Record<string, string>
}

export interface EventLine {
  event: {
    actorId: string
    sessionId: string
    eventId: string
    /** Milliseconds and all. */
    eventTimestamp: string
    payload: unknown[]
    branch?: { name?: string; rootEventId?: string }
    metadata?: Record<string, string>
  }
}

export interface RecordLine {
  record: {
    memoryRecordId: string
    text: string
    namespaces: string[]
    createdAt: string
    memoryStrategyId?: string
    metadata?: Record<string, unknown>
  }
}

export type MemoryLine = MemoryHead | EventLine | RecordLine
