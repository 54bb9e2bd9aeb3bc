// Where a strategy's records go: a template with variables, which each event fills.
import type { MemoryStrategyType, NamespaceKeyEntry } from '@agentworks/model'
import { invalid } from '#kernel/errors.js'

/** `strategyId` is an older name of the same. */
export const builtInVariables = ['actorId', 'sessionId', 'memoryStrategyId', 'strategyId']

const ofActor = '/strategy/{memoryStrategyId}/actors/{actorId}/'
const ofSession = '/strategy/{memoryStrategyId}/actor/{actorId}/session/{sessionId}/'

/** Developer guide: memory-strategies, default namespaces. */
const defaults: Readonly<Record<Exclude<MemoryStrategyType, 'CUSTOM'>, string>> = {
  SEMANTIC: ofActor,
  USER_PREFERENCE: ofActor,
  SUMMARIZATION: ofSession,
  EPISODIC: ofSession,
}
/** A reflection stands above the episodes that it is about. */
export const defaultReflectionTemplate = '/strategy/{memoryStrategyId}/actor/{actorId}/'

export interface GivenNamespaces {
  namespaces?: readonly string[]
  /** The newer name of the same list. */
  namespaceTemplates?: readonly string[]
}

/** `undefined`: neither list was sent. */
export function templateIn({ namespaces, namespaceTemplates }: GivenNamespaces, field: string): string | undefined {
  const [older, newer] = [namespaces?.[0], namespaceTemplates?.[0]]
  if (older !== undefined && newer !== undefined && older !== newer)
    throw invalid(`${field}.namespaces`, 'is the older name of namespaceTemplates, and says something else; send one of the two')
  return newer ?? older
}

export function defaultTemplate(kind: Exclude<MemoryStrategyType, 'CUSTOM'>): string {
  return defaults[kind]
}

export const variablesOf = (template: string) => [...template.matchAll(/\{([^}]*)\}/g)].map(([, name = '']) => name)

export function checkTemplate(template: string, field: string, keys: readonly NamespaceKeyEntry[]): void {
  const known = [...builtInVariables, ...keys.map(({ key }) => key)]
  const unknown = variablesOf(template).find((name) => !known.includes(name))
  if (unknown !== undefined)
    throw invalid(
      `${field}.namespaceTemplates`,
      `has the variable {${unknown}}, which nothing fills; use {actorId}, {sessionId} or {memoryStrategyId}, or declare it in namespaceKeys`,
    )
}
