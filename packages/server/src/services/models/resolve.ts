// From a model id to the provider that answers and the name it knows the model by.
import { invalid } from '#kernel/errors.js'
import type { ModelProvider } from '#ports/model-provider.js'

export const providerNames = ['openai', 'anthropic', 'bedrock', 'ollama', 'offline'] as const
export type ProviderName = (typeof providerNames)[number]

export interface ModelRoutes {
  /** Those that are configured. `offline` always is. */
  providers: Readonly<Partial<Record<ProviderName, ModelProvider>>> & { readonly offline: ModelProvider }
  /** Model ids of the user's own: `{"us.amazon.nova-lite-v1:0": "ollama:llama3.2"}`. */
  map?: Readonly<Record<string, string>>
  /** Answers every id that names no provider. Without `model` the provider gets the id as it was asked for. */
  fallback: { provider: ProviderName; model?: string | undefined }
}

export interface Resolved {
  provider: ModelProvider
  name: string
}

const whatIsMissing: Readonly<Record<ProviderName, string>> = {
  openai: 'set OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server,',
  anthropic: 'set ANTHROPIC_API_KEY',
  bedrock: 'give the platform AWS credentials of its own',
  ollama: 'set OLLAMA_HOST',
  offline: '',
}

/** Throws at once on a map that leads nowhere: a typing error there should stop the start, not one call much later. */
export function modelRoutes({ providers, map = {}, fallback }: ModelRoutes): (modelId: string) => Resolved {
  for (const [from, to] of Object.entries(map)) {
    if (!named(to))
      throw new Error(`The model map sends ${from} to ${to}, which names no provider. Write one of ${providerNames.join(', ')} before a colon.`)
  }

  function configured(provider: ProviderName): ModelProvider {
    const found = providers[provider]
    if (found) return found
    throw invalid(
      'modelId',
      `names the model provider ${provider}, which is not configured; ${whatIsMissing[provider]} and start again, or ask for offline`,
    )
  }

  return (modelId) => {
    const wanted = named(modelId) ?? named(map[modelId] ?? '')
    if (wanted) return { provider: configured(wanted.provider), name: wanted.name }
    if (modelId.startsWith('google:')) {
      throw invalid(
        'modelId',
        'names the model provider google, which is not executed by this version of agentworks; use openai: with OPENAI_BASE_URL at a compatible endpoint',
      )
    }
    return { provider: configured(fallback.provider), name: fallback.model ?? modelId }
  }
}

function named(modelId: string): { provider: ProviderName; name: string } | undefined {
  if (modelId === 'offline') return { provider: 'offline', name: 'offline' }
  const provider = providerNames.find((one) => modelId.startsWith(`${one}:`))
  const name = provider && modelId.slice(provider.length + 1)
  return provider && name ? { provider, name } : undefined
}
