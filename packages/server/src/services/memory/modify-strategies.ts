// UpdateMemory's changes to strategies: some go, some change, some come, in this order.
import type { ModifyMemoryStrategies, ModifyMemoryStrategyInput, ModifyStrategyConfiguration, StrategyConfiguration } from '@agentworks/model'
import { invalid, notFound } from '#kernel/errors.js'
import { triggersOf } from './custom-strategies.js'
import type { StrategyDocument } from './documents.js'
import { checkSchema } from './metadata-schema.js'
import { templateIn } from './namespaces.js'
import { checkAbove, reflectionConfiguration, reflectionOverride, reflectionTemplateOf } from './reflection.js'
import { checkStrategyTemplate, newStrategies, type StrategyWorld } from './strategies.js'

const field = 'memoryStrategies'

export function modifiedStrategies(world: StrategyWorld, before: readonly StrategyDocument[], changes: ModifyMemoryStrategies): StrategyDocument[] {
  const { addMemoryStrategies = [], modifyMemoryStrategies = [], deleteMemoryStrategies = [] } = changes
  const touched = [...modifyMemoryStrategies, ...deleteMemoryStrategies].map(({ memoryStrategyId }) => memoryStrategyId)
  for (const [at, id] of touched.entries()) {
    if (!before.some(({ strategyId }) => strategyId === id)) throw notFound('Memory strategy', id)
    if (touched.indexOf(id) !== at) throw invalid(field, `names the strategy ${id} twice; change or delete each once`)
  }
  const kept = before.filter(({ strategyId }) => !deleteMemoryStrategies.some(({ memoryStrategyId }) => memoryStrategyId === strategyId))
  const changed = kept.map((strategy) => {
    const at = modifyMemoryStrategies.findIndex(({ memoryStrategyId }) => memoryStrategyId === strategy.strategyId)
    const change = modifyMemoryStrategies[at]
    return change ? modified(world, strategy, change, `${field}.modifyMemoryStrategies[${at}]`) : strategy
  })
  return [...changed, ...newStrategies(world, addMemoryStrategies, `${field}.addMemoryStrategies`)]
}

function modified(
  { clock, namespaceKeys }: StrategyWorld,
  strategy: StrategyDocument,
  change: ModifyMemoryStrategyInput,
  at: string,
): StrategyDocument {
  const { description, memoryRecordSchema } = change
  const kind = workOf(strategy)
  const namespaceTemplate = templateIn(change, at) ?? strategy.namespaceTemplate
  checkStrategyTemplate(namespaceTemplate, kind, at, namespaceKeys)
  checkSchema(memoryRecordSchema, kind, `${at}.memoryRecordSchema`)
  const configuration = change.configuration
    ? configurationOf(strategy, change.configuration, namespaceTemplate, `${at}.configuration`, namespaceKeys)
    : strategy.configuration
  const reflection = reflectionTemplateOf(configuration?.reflection)
  if (reflection !== undefined) checkAbove(reflection, namespaceTemplate, `${at}.configuration.reflection`)
  return {
    ...strategy,
    namespaceTemplate,
    ...(description !== undefined && { description }),
    ...(memoryRecordSchema && { memoryRecordSchema }),
    ...(configuration && { configuration }),
    updatedAt: clock.now(),
  }
}

/** What a strategy does, whoever's prompts it does it with. */
function workOf({ type, configuration }: Pick<StrategyDocument, 'type' | 'configuration'>) {
  if (type !== 'CUSTOM') return type
  switch (configuration?.type) {
    case 'SUMMARY_OVERRIDE':
      return 'SUMMARIZATION'
    case 'USER_PREFERENCE_OVERRIDE':
      return 'USER_PREFERENCE'
    case 'EPISODIC_OVERRIDE':
      return 'EPISODIC'
    default:
      return 'SEMANTIC'
  }
}

/** Steps that are not named stay as they are. */
function configurationOf(
  strategy: StrategyDocument,
  change: ModifyStrategyConfiguration,
  template: string,
  at: string,
  keys: StrategyWorld['namespaceKeys'],
): StrategyConfiguration {
  const before = strategy.configuration ?? {}
  const { extraction, consolidation, reflection, selfManagedConfiguration } = change
  if (extraction) mustBeOf(strategy, Object.keys(extraction.customExtractionConfiguration)[0], `${at}.extraction`)
  if (consolidation) mustBeOf(strategy, Object.keys(consolidation.customConsolidationConfiguration)[0], `${at}.consolidation`)
  if (reflection && workOf(strategy) !== 'EPISODIC') throw invalid(`${at}.reflection`, `is for episodic strategies; ${strategy.name} is none`)
  return {
    ...before,
    ...(extraction && { extraction }),
    ...(consolidation && { consolidation }),
    ...(reflection && { reflection: newReflection(strategy, reflection, template, `${at}.reflection`, keys) }),
    ...(selfManagedConfiguration && {
      selfManagedConfiguration: newSelfManaged(strategy, selfManagedConfiguration, `${at}.selfManagedConfiguration`),
    }),
  }
}

function newReflection(
  strategy: StrategyDocument,
  given: NonNullable<ModifyStrategyConfiguration['reflection']>,
  template: string,
  at: string,
  keys: StrategyWorld['namespaceKeys'],
) {
  if (given.episodicReflectionConfiguration)
    return { episodicReflectionConfiguration: reflectionConfiguration(given.episodicReflectionConfiguration, template, at, keys) }
  mustBeOf(strategy, 'episodicReflectionOverride', at)
  return reflectionOverride(given.customReflectionConfiguration.episodicReflectionOverride, template, at, keys)
}

function newSelfManaged(strategy: StrategyDocument, given: NonNullable<ModifyStrategyConfiguration['selfManagedConfiguration']>, at: string) {
  const before = strategy.configuration?.selfManagedConfiguration
  if (!before) throw invalid(at, `is for self-managed strategies; ${strategy.name} is none`)
  const { triggerConditions, invocationConfiguration, historicalContextWindowSize = before.historicalContextWindowSize } = given
  return {
    triggerConditions: triggerConditions ? triggersOf(triggerConditions, at) : before.triggerConditions,
    invocationConfiguration: { ...before.invocationConfiguration, ...invocationConfiguration },
    historicalContextWindowSize,
  }
}

const overrideNames = { SEMANTIC: 'semantic', SUMMARIZATION: 'summary', USER_PREFERENCE: 'userPreference', EPISODIC: 'episodic' }

function mustBeOf(strategy: StrategyDocument, override: string | undefined, at: string): void {
  const isCustom = strategy.type === 'CUSTOM' && strategy.configuration?.type !== 'SELF_MANAGED'
  if (!isCustom)
    throw invalid(at, `changes a step of a custom strategy; ${strategy.name} has AWS's own steps, so delete it and add a custom one with an override`)
  if (!override?.startsWith(overrideNames[workOf(strategy)]))
    throw invalid(at, `holds ${override}, which is of another kind of strategy than ${strategy.name}`)
}
