// Where the records of a strategy go: its template, filled by what an event brings.
import type { MetadataSchemaEntry } from '@agentworks/model'
import type { SessionKey } from '#ports/memory-events.js'
import type { StrategyDocument } from '#services/memory/documents.js'
import { variablesOf } from '#services/memory/namespaces.js'
import { reflectionTemplateOf } from '#services/memory/reflection.js'

export interface Placing {
  namespace: string
  reflections?: string
  strict: Readonly<Record<string, string>>
  /** Variables that nobody filled: nothing can be written. */
  missing: readonly string[]
}

interface Brought {
  session: SessionKey
  namespaceVariables: Readonly<Record<string, string>>
  metadata: Readonly<Record<string, string>>
}

export function placingOf(strategy: StrategyDocument, { session, namespaceVariables, metadata }: Brought): Placing {
  const { strategyId, namespaceTemplate, configuration, memoryRecordSchema } = strategy
  const values: Readonly<Record<string, string>> = {
    ...namespaceVariables,
    actorId: session.actorId,
    sessionId: session.sessionId,
    memoryStrategyId: strategyId,
    strategyId,
  }
  const filled = (template: string) => template.replace(/\{([^}]*)\}/g, (whole, name: string) => values[name] ?? whole)
  const reflections = reflectionTemplateOf(configuration?.reflection)
  const strictKeys = (memoryRecordSchema?.metadataSchema ?? []).filter(isStrict).map(({ key }) => key)
  return {
    namespace: filled(namespaceTemplate),
    ...(reflections !== undefined && { reflections: filled(reflections) }),
    strict: Object.fromEntries(Object.entries(metadata).filter(([key]) => strictKeys.includes(key))),
    missing: [namespaceTemplate, reflections ?? ''].flatMap(variablesOf).filter((name) => values[name] === undefined),
  }
}

export const isStrict = ({ extractionType }: MetadataSchemaEntry) => extractionType === 'STRICTLY_CONSISTENT'
