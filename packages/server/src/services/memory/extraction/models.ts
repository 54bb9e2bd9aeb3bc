// Which mind a strategy thinks with, step by step: the rules where the offline model would answer, a model otherwise.
import type { Clock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { StrategyDocument } from '#services/memory/documents.js'
import { overridesOf } from './kinds.js'
import { modelMs } from './limits.js'
import type { Mind } from './mind.js'
import { type Ask, modelMind, type StepOverride } from './model-mind.js'
import { offlineMind } from './offline/index.js'

export interface Question {
  scope: Scope
  /** Whose permission the model is used with; absent: the platform's own. */
  roleArn?: string
  /** Absent: the platform's default. */
  modelId?: string
  system: string
  prompt: string
  signal: AbortSignal
}

export interface MemoryModels {
  /** Name of the provider that answers for a model id; throws ServiceError for one that leads nowhere. */
  providerOf(modelId?: string): string
  /** The answer's text. Rejects with ServiceError. */
  ask(question: Question): Promise<string>
}

interface Thinker {
  strategy: StrategyDocument
  scope: Scope
  roleArn?: string
  signal: AbortSignal
}

export function mindOf(models: MemoryModels, clock: Clock, { strategy, scope, roleArn, signal }: Thinker): Mind {
  const overrides = overridesOf(strategy)
  const ask: Ask = ({ modelId, ...rest }) =>
    inTime(clock, signal, (limit) =>
      models.ask({ ...rest, scope, signal: limit, ...(modelId !== undefined && { modelId, ...(roleArn !== undefined && { roleArn }) }) }),
    )
  const pick = ({ modelId }: StepOverride = {}): Mind => {
    const provider = models.providerOf(modelId)
    return provider === 'offline' ? offlineMind : modelMind(modelId ?? provider, ask, overrides)
  }
  const [extracting, consolidating, reflecting] = [pick(overrides.extraction), pick(overrides.consolidation), pick(overrides.reflection)]
  const prompts = Object.values(overrides).some(
    (step: StepOverride) => step.appendToPrompt !== undefined && models.providerOf(step.modelId) === 'offline',
  )
  return {
    name: `${extracting.name}${prompts ? '; the prompts of the override need a model' : ''}`,
    extract: (...asked) => extracting.extract(...asked),
    consolidate: (...asked) => consolidating.consolidate(...asked),
    summarize: (...asked) => consolidating.summarize(...asked),
    episode: (...asked) => extracting.episode(...asked),
    reflect: (...asked) => reflecting.reflect(...asked),
  }
}

async function inTime(clock: Clock, signal: AbortSignal, work: (signal: AbortSignal) => Promise<string>): Promise<string> {
  const late = new AbortController()
  let leave = () => {}
  let forget = () => {}
  const limit = new Promise<never>((_, reject) => {
    const silent = () => {
      const fault = new ServiceError('ModelTimeoutException', `The model did not answer within ${modelMs / 1_000} s.`)
      reject(fault)
      late.abort(fault)
    }
    forget = clock.after(modelMs, silent)
    // At a stop nobody waits for a model that does not listen.
    leave = () => reject(signal.reason)
    signal.addEventListener('abort', leave)
  })
  try {
    return await Promise.race([work(AbortSignal.any([signal, late.signal])), limit])
  } finally {
    forget()
    signal.removeEventListener('abort', leave)
  }
}
