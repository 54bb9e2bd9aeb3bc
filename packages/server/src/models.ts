// Which model providers the environment gives us, and which one answers by default.
import { anthropicModels } from '#adapters/models-anthropic/index.js'
import { bedrockModels } from '#adapters/models-bedrock/index.js'
import { offlineModel } from '#adapters/models-offline/index.js'
import { ollamaModels } from '#adapters/models-ollama/index.js'
import { openAiModels } from '#adapters/models-openai/index.js'
import { systemClock } from '#kernel/clock.js'
import { detectProvider, foreignCredentials, modelRoutes, models } from '#services/models/index.js'
import { ConfigError } from './config.js'

type Environment = Readonly<Record<string, string | undefined>>

/** Throws ConfigError on settings that lead nowhere: a typing error should stop the start, not one call much later. */
export function modelsFrom(env: Environment) {
  try {
    return modelsOf(env)
  } catch (fault) {
    throw new ConfigError(fault instanceof Error ? fault.message : String(fault))
  }
}

function modelsOf(env: Environment) {
  const fallback = detectProvider(env)
  const { now } = systemClock
  const { ANTHROPIC_API_KEY, OPENAI_API_KEY, OPENAI_BASE_URL, OLLAMA_HOST } = env
  const providers = {
    offline: offlineModel({ now }),
    ...(ANTHROPIC_API_KEY && { anthropic: anthropicModels({ apiKey: ANTHROPIC_API_KEY, baseUrl: env.ANTHROPIC_BASE_URL, now }) }),
    ...((OPENAI_API_KEY || OPENAI_BASE_URL) && { openai: openAiModels({ apiKey: OPENAI_API_KEY ?? 'none', baseUrl: OPENAI_BASE_URL, now }) }),
    ...(OLLAMA_HOST && { ollama: ollamaModels({ host: OLLAMA_HOST, now }) }),
    ...((foreignCredentials(env) || fallback.provider === 'bedrock') && {
      bedrock: bedrockModels({ region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? 'us-east-1' }),
    }),
  }
  return {
    provider: {
      name: fallback.model && fallback.provider !== 'offline' ? `${fallback.provider}:${fallback.model}` : fallback.provider,
      reason: fallback.reason,
    },
    operations: models({ clock: systemClock, providers, fallback }),
    /** Throws ServiceError for an id that leads nowhere. */
    providerOf: (modelId: string) => modelRoutes({ providers, fallback })(modelId).provider.name,
  }
}
