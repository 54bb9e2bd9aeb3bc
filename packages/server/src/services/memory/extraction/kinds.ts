// What a strategy does, whoever's prompts and models it does it with.
import type { MemoryStrategyType, SelfManagedConfiguration } from '@agentworks/model'
import type { StrategyDocument } from '#services/memory/documents.js'
import type { Overrides } from './model-mind.js'

type Kind = Exclude<MemoryStrategyType, 'CUSTOM'> | 'SELF_MANAGED'

const kindOfOverride = {
  SEMANTIC_OVERRIDE: 'SEMANTIC',
  SUMMARY_OVERRIDE: 'SUMMARIZATION',
  USER_PREFERENCE_OVERRIDE: 'USER_PREFERENCE',
  EPISODIC_OVERRIDE: 'EPISODIC',
  SELF_MANAGED: 'SELF_MANAGED',
} as const

export function kindOfStrategy({ type, configuration }: StrategyDocument): Kind {
  return type === 'CUSTOM' ? kindOfOverride[configuration?.type ?? 'SEMANTIC_OVERRIDE'] : type
}

export function selfManagedOf({ configuration }: StrategyDocument): SelfManagedConfiguration | undefined {
  return configuration?.selfManagedConfiguration
}

export function overridesOf({ configuration }: StrategyDocument): Overrides {
  const extraction = configuration?.extraction?.customExtractionConfiguration
  const consolidation = configuration?.consolidation?.customConsolidationConfiguration
  const reflection = configuration?.reflection?.customReflectionConfiguration?.episodicReflectionOverride
  const [extracting] = Object.values(extraction ?? {})
  const [consolidating] = Object.values(consolidation ?? {})
  return {
    ...(extracting && { extraction: extracting }),
    ...(consolidating && { consolidation: consolidating }),
    ...(reflection && { reflection }),
  }
}
