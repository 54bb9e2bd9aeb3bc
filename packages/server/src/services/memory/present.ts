// Documents in AWS's shapes.
import type { Memory, MemoryStrategy, MemorySummary } from '@agentworks/model'
import type { Scope } from '#kernel/scope.js'
import { type MemoryDocument, memoryArn, type StrategyDocument } from './documents.js'

export function presentMemory(scope: Scope, memory: MemoryDocument): Memory {
  const { strategies, indexedKeys, namespaceKeys, ...rest } = memory
  return {
    ...rest,
    arn: memoryArn(scope, memory.id),
    strategies: strategies.map(presentStrategy),
    // Empty lists break the model's own bounds, so what is not there is not told.
    ...(indexedKeys.length > 0 && { indexedKeys }),
    ...(namespaceKeys.length > 0 && { namespaceKeys }),
  }
}

function presentStrategy({ namespaceTemplate, ...rest }: StrategyDocument): MemoryStrategy {
  return { ...rest, namespaces: [namespaceTemplate], namespaceTemplates: [namespaceTemplate] }
}

export function presentSummary(scope: Scope, { id, status, createdAt, updatedAt }: MemoryDocument): MemorySummary {
  return { id, arn: memoryArn(scope, id), status, createdAt, updatedAt }
}
