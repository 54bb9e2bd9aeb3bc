// A new strategy from what the customer sent: one of AWS's four, or a custom one over them or managed by its owner.
import type { MemoryRecordSchema, MemoryStrategyInput, MemoryStrategyType, NamespaceKeyEntry, StrategyConfiguration } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import { invalid, quotaExceeded } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import { kindOf, overrideConfiguration } from './custom-strategies.js'
import type { StrategyDocument } from './documents.js'
import { strategiesPerMemory } from './limits.js'
import { checkSchema } from './metadata-schema.js'
import { checkTemplate, defaultTemplate, type GivenNamespaces, templateIn } from './namespaces.js'
import { reflectionConfiguration } from './reflection.js'

export interface StrategyWorld {
  clock: Clock
  ids: Ids
  namespaceKeys: readonly NamespaceKeyEntry[]
}

/** What every kind of strategy is given. */
interface Given extends GivenNamespaces {
  name: string
  description?: string
  memoryRecordSchema?: MemoryRecordSchema
}

interface Parts {
  type: MemoryStrategyType
  /** What it does, whoever's prompts it does it with. */
  kind: Exclude<MemoryStrategyType, 'CUSTOM'>
  given: Given
  configuration: (template: string) => StrategyConfiguration | undefined
}

export function newStrategies(world: StrategyWorld, inputs: readonly MemoryStrategyInput[], field: string): StrategyDocument[] {
  return inputs.map((input, at) => newStrategy(world, input, `${field}[${at}]`))
}

function newStrategy({ clock, ids, namespaceKeys }: StrategyWorld, input: MemoryStrategyInput, at: string): StrategyDocument {
  const [member = ''] = Object.keys(input)
  const field = `${at}.${member}`
  const { type, kind, given, configuration } = partsOf(input, field, namespaceKeys)
  const namespaceTemplate = templateIn(given, field) ?? defaultTemplate(kind)
  checkStrategyTemplate(namespaceTemplate, kind, field, namespaceKeys)
  checkSchema(given.memoryRecordSchema, kind, `${field}.memoryRecordSchema`)
  const now = clock.now()
  const made = configuration(namespaceTemplate)
  return {
    strategyId: `${given.name}-${ids.alphanumeric(10)}`,
    name: given.name,
    type,
    status: 'ACTIVE',
    namespaceTemplate,
    ...(given.description !== undefined && { description: given.description }),
    ...(made && { configuration: made }),
    ...(given.memoryRecordSchema && { memoryRecordSchema: given.memoryRecordSchema }),
    createdAt: now,
    updatedAt: now,
  }
}

function partsOf(input: MemoryStrategyInput, field: string, keys: readonly NamespaceKeyEntry[]): Parts {
  const plain = (type: Parts['kind'], given: Given): Parts => ({ type, kind: type, given, configuration: () => undefined })
  if (input.semanticMemoryStrategy) return plain('SEMANTIC', input.semanticMemoryStrategy)
  if (input.summaryMemoryStrategy) return plain('SUMMARIZATION', input.summaryMemoryStrategy)
  if (input.userPreferenceMemoryStrategy) return plain('USER_PREFERENCE', input.userPreferenceMemoryStrategy)
  if (input.episodicMemoryStrategy) {
    const given = input.episodicMemoryStrategy
    const reflection = (template: string) => ({
      reflection: {
        episodicReflectionConfiguration: reflectionConfiguration(given.reflectionConfiguration, template, `${field}.reflectionConfiguration`, keys),
      },
    })
    return { type: 'EPISODIC', kind: 'EPISODIC', given, configuration: reflection }
  }
  const given = input.customMemoryStrategy
  const { configuration } = given
  if (!configuration)
    throw invalid(`${field}.configuration`, 'is required of a custom strategy: name the strategy that it overrides, or selfManagedConfiguration')
  return {
    type: 'CUSTOM',
    kind: kindOf(configuration),
    given,
    configuration: (template) => overrideConfiguration(configuration, template, `${field}.configuration`, keys),
  }
}

export function checkStrategyTemplate(template: string, kind: Parts['kind'], field: string, keys: readonly NamespaceKeyEntry[]): void {
  checkTemplate(template, field, keys)
  // AWS: a summary is of one session, so that records of two sessions must not meet in a namespace.
  if (kind === 'SUMMARIZATION' && !template.includes('{sessionId}'))
    throw invalid(`${field}.namespaceTemplates`, 'must contain {sessionId}: a summary is of one session')
}

/** What holds for all strategies of a memory together. */
export function checkTogether(strategies: readonly StrategyDocument[], memoryExecutionRoleArn: string | undefined, field: string): void {
  if (strategies.length > strategiesPerMemory)
    throw quotaExceeded(`A memory has at most ${strategiesPerMemory} strategies; this call would make it ${strategies.length}.`)
  const names = strategies.map(({ name }) => name)
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw invalid(field, `two strategies of this memory would be named ${twice}; give each a name of its own`)
  if (memoryExecutionRoleArn === undefined && strategies.some(({ type }) => type === 'CUSTOM'))
    throw invalid('memoryExecutionRoleArn', 'is required of a memory with a custom strategy: its models and its topic are used as that role')
}
