// Which provider the environment shows, in the contract's order. A key that happens to be there decides nothing else.
import { type ProviderName, providerNames } from './resolve.js'

export interface DetectedProvider {
  provider: ProviderName
  /** Absent: the provider is asked for the id that the caller names. */
  model?: string | undefined
  /** For people: what decided. */
  reason: string
}

type Environment = Readonly<Record<string, string | undefined>>

// What a provider is asked for when a caller names a model that it does not have. AGENTWORKS_MODEL says otherwise.
const defaultModels = { anthropic: 'claude-sonnet-5', openai: 'gpt-5-mini', ollama: 'llama3.2' } as const

/** Throws on an AGENTWORKS_MODEL that names no provider. */
export function detectProvider(env: Environment): DetectedProvider {
  if (env.AGENTWORKS_MODEL) return chosen(env.AGENTWORKS_MODEL)
  if (env.ANTHROPIC_API_KEY) return { provider: 'anthropic', model: defaultModels.anthropic, reason: 'ANTHROPIC_API_KEY is set' }
  if (env.OPENAI_API_KEY) {
    const reason = env.OPENAI_BASE_URL ? 'OPENAI_API_KEY and OPENAI_BASE_URL are set' : 'OPENAI_API_KEY is set'
    return { provider: 'openai', model: defaultModels.openai, reason }
  }
  if (env.OLLAMA_HOST) return { provider: 'ollama', model: defaultModels.ollama, reason: 'OLLAMA_HOST is set' }
  const credentials = foreignCredentials(env)
  if (credentials) return { provider: 'bedrock', reason: `${credentials} is set` }
  return { provider: 'offline', model: 'offline', reason: 'the environment shows no model provider' }
}

/** The variable that shows AWS credentials of the user's own; none when the environment points at a server like this one: then they are ours. */
export function foreignCredentials(env: Environment): string | undefined {
  if (isLocal(env.AWS_ENDPOINT_URL_BEDROCK_RUNTIME ?? env.AWS_ENDPOINT_URL)) return undefined
  if (env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) return 'AWS_ACCESS_KEY_ID'
  return [
    'AWS_BEARER_TOKEN_BEDROCK',
    'AWS_PROFILE',
    'AWS_WEB_IDENTITY_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ].find((name) => env[name])
}

function chosen(value: string): DetectedProvider {
  const [name, ...rest] = value.split(':')
  const provider = providerNames.find((one) => one === name)
  if (!provider) throw new Error(`AGENTWORKS_MODEL is ${JSON.stringify(value)}; it must be provider:name with one of ${providerNames.join(', ')}.`)
  const model = rest.join(':') || (provider === 'bedrock' ? undefined : provider === 'offline' ? 'offline' : defaultModels[provider])
  return { provider, model, reason: `AGENTWORKS_MODEL is ${value}` }
}

function isLocal(endpoint: string | undefined): boolean {
  if (!endpoint) return false
  try {
    const { hostname } = new URL(endpoint)
    return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
  } catch {
    return false
  }
}
