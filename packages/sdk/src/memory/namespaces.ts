// Namespaces as templates: `/facts/{actorId}/`.
import { InvalidCall } from '#client/invalid-call.js'

export interface NamespaceVariables {
  actorId: string
  sessionId: string
  memoryStrategyId?: string | undefined
}

/** Throws InvalidCall for a variable that has no value here. */
export function resolvedNamespace(template: string, { memoryStrategyId, ...names }: NamespaceVariables): string {
  const known: Record<string, string | undefined> = { ...names, memoryStrategyId, strategyId: memoryStrategyId }
  return template.replaceAll(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = known[name]
    if (value !== undefined) return value
    const fix = /strategyId/i.test(name) ? 'Name the strategy (strategyId)' : `Use ${Object.keys(names).join(', ')}, or write the value itself`
    throw new InvalidCall('namespace', `{${name}} has no value in ${JSON.stringify(template)}`, fix)
  })
}
