// Custom strategies: AWS's with the customer's prompts and models, or none of them (self-managed).
import type {
  CustomConfigurationInput,
  MemoryStrategyType,
  NamespaceKeyEntry,
  SelfManagedConfiguration,
  SelfManagedConfigurationInput,
  StrategyConfiguration,
  TriggerCondition,
  TriggerConditionInput,
} from '@agentworks/model'
import { invalid } from '#kernel/errors.js'
import { reflectionOverride } from './reflection.js'

/** API SelfManagedConfigurationInput: what holds where the customer says nothing. */
const usualTriggers: readonly TriggerCondition[] = [
  { messageBasedTrigger: { messageCount: 1 } },
  { tokenBasedTrigger: { tokenCount: 100 } },
  { timeBasedTrigger: { idleSessionTimeout: 10 } },
]
const usualWindow = 4

export function kindOf(input: CustomConfigurationInput): Exclude<MemoryStrategyType, 'CUSTOM'> {
  if (input.summaryOverride) return 'SUMMARIZATION'
  if (input.userPreferenceOverride) return 'USER_PREFERENCE'
  if (input.episodicOverride) return 'EPISODIC'
  return 'SEMANTIC'
}

export function overrideConfiguration(
  input: CustomConfigurationInput,
  template: string,
  field: string,
  keys: readonly NamespaceKeyEntry[],
): StrategyConfiguration {
  if (input.semanticOverride) {
    const { extraction, consolidation } = input.semanticOverride
    return {
      type: 'SEMANTIC_OVERRIDE',
      ...(extraction && { extraction: { customExtractionConfiguration: { semanticExtractionOverride: extraction } } }),
      ...(consolidation && { consolidation: { customConsolidationConfiguration: { semanticConsolidationOverride: consolidation } } }),
    }
  }
  if (input.summaryOverride) {
    const { consolidation } = input.summaryOverride
    return {
      type: 'SUMMARY_OVERRIDE',
      ...(consolidation && { consolidation: { customConsolidationConfiguration: { summaryConsolidationOverride: consolidation } } }),
    }
  }
  if (input.userPreferenceOverride) {
    const { extraction, consolidation } = input.userPreferenceOverride
    return {
      type: 'USER_PREFERENCE_OVERRIDE',
      ...(extraction && { extraction: { customExtractionConfiguration: { userPreferenceExtractionOverride: extraction } } }),
      ...(consolidation && { consolidation: { customConsolidationConfiguration: { userPreferenceConsolidationOverride: consolidation } } }),
    }
  }
  if (input.episodicOverride) {
    const { extraction, consolidation, reflection } = input.episodicOverride
    return {
      type: 'EPISODIC_OVERRIDE',
      ...(extraction && { extraction: { customExtractionConfiguration: { episodicExtractionOverride: extraction } } }),
      ...(consolidation && { consolidation: { customConsolidationConfiguration: { episodicConsolidationOverride: consolidation } } }),
      reflection: reflectionOverride(reflection, template, `${field}.episodicOverride.reflection`, keys),
    }
  }
  return { type: 'SELF_MANAGED', selfManagedConfiguration: selfManaged(input.selfManagedConfiguration, `${field}.selfManagedConfiguration`) }
}

function selfManaged(input: SelfManagedConfigurationInput, field: string): SelfManagedConfiguration {
  const { invocationConfiguration, triggerConditions, historicalContextWindowSize = usualWindow } = input
  return {
    invocationConfiguration,
    triggerConditions: triggerConditions ? triggersOf(triggerConditions, field) : [...usualTriggers],
    historicalContextWindowSize,
  }
}

/** Each kind once, with AWS's figure where none is given. */
export function triggersOf(inputs: readonly TriggerConditionInput[], field: string): TriggerCondition[] {
  const kinds = inputs.map((input) => Object.keys(input)[0])
  if (new Set(kinds).size < kinds.length) throw invalid(`${field}.triggerConditions`, 'names one kind of trigger twice; send each at most once')
  return inputs.map((input) => {
    if (input.messageBasedTrigger) return { messageBasedTrigger: { messageCount: 1, ...input.messageBasedTrigger } }
    if (input.tokenBasedTrigger) return { tokenBasedTrigger: { tokenCount: 100, ...input.tokenBasedTrigger } }
    return { timeBasedTrigger: { idleSessionTimeout: 10, ...input.timeBasedTrigger } }
  })
}
