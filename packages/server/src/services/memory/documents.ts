// What is kept of a memory. Its events, records and jobs have rows of their own, behind ports.
import type { IndexedKey, MemoryRecordSchema, MemoryStrategyType, NamespaceKeyEntry, StrategyConfiguration } from '@agentworks/model'
import { formatArn } from '#kernel/arn.js'
import type { Scope } from '#kernel/scope.js'
import { collection } from '#ports/store.js'
import type { MemoryStatus, StrategyStatus } from './states.js'

export interface MemoryDocument {
  id: string
  name: string
  status: MemoryStatus
  eventExpiryDuration: number
  createdAt: number
  updatedAt: number
  description?: string
  memoryExecutionRoleArn?: string
  strategies: StrategyDocument[]
  indexedKeys: IndexedKey[]
  namespaceKeys: NamespaceKeyEntry[]
}

export interface StrategyDocument {
  strategyId: string
  name: string
  type: MemoryStrategyType
  status: StrategyStatus
  /** AWS allows one. */
  namespaceTemplate: string
  description?: string
  /** In AWS's answers' form. Of an episodic strategy, and of every custom one. */
  configuration?: StrategyConfiguration
  memoryRecordSchema?: MemoryRecordSchema
  createdAt: number
  updatedAt: number
}

export const memories = collection<MemoryDocument>('memories')
export const memoryNames = collection<{ id: string }>('memory-names')

export const memoryArn = (scope: Scope, id: string) => formatArn('bedrock-agentcore', scope, `memory/${id}`)

const dayMs = 86_400_000

/** Events that arrived before this have expired. AWS does not say from when the days count; by arrival, an import of old talks is kept. */
export const livingSince = ({ eventExpiryDuration }: MemoryDocument, now: number) => now - eventExpiryDuration * dayMs
