// Models that speak OpenAI's chat completions: OpenAI itself, and every server that is compatible with it.
import type { OpenAI, APIError as OpenAiError } from 'openai'
import { ServiceError } from '#kernel/errors.js'
import { type ModelCapabilities, refuseBeyond } from '#ports/model-capabilities.js'
import { malformedAnswer, modelFault } from '#ports/model-faults.js'
import type { ModelProvider } from '#ports/model-provider.js'
import { toChatCompletion } from './request.js'
import { toEvents } from './stream.js'

export interface OpenAiOptions {
  /** What the provider is called in errors; default `openai`. */
  name?: string
  apiKey: string
  /** Default: OpenAI's own. Ends in `/v1` as a rule. */
  baseUrl?: string | undefined
  /** Until the head of the answer. */
  timeoutMs?: number
  now: () => number
}

// Cache points are accepted and not sent: these servers cache by themselves and usage tells what they did.
const can: ModelCapabilities = {
  request: ['messages', 'system', 'inferenceConfig', 'toolConfig', 'additionalModelRequestFields', 'outputConfig'],
  content: ['text', 'image', 'toolUse', 'toolResult', 'cachePoint'],
  toolResult: ['text', 'json'],
  system: ['text', 'cachePoint'],
  tools: ['toolSpec', 'cachePoint'],
}

export function openAiModels({ name = 'openai', apiKey, baseUrl, timeoutMs = 300_000, now }: OpenAiOptions): ModelProvider {
  let loaded: Promise<{ client: OpenAI; errors: ErrorClasses }> | undefined

  // The library costs a good part of the platform's start; who never asks this provider never loads it.
  async function load() {
    const { OpenAI, APIError, APIConnectionError, APIConnectionTimeoutError } = await import('openai')
    const baseURL = baseUrl ?? 'https://api.openai.com/v1'
    // Retries belong to the caller's SDK: hidden ones here would multiply with its own. Its log would hold what models say.
    return {
      client: new OpenAI({ apiKey, baseURL, timeout: timeoutMs, maxRetries: 0, logLevel: 'off' }),
      errors: { APIError, APIConnectionError, APIConnectionTimeoutError },
    }
  }

  return {
    name,
    async *converse(modelId, request, signal) {
      refuseBeyond(can, name, request)
      const startedAt = now()
      const body = toChatCompletion(modelId, request, { isOpenAi: baseUrl === undefined })
      loaded ??= load()
      const { client, errors } = await loaded
      try {
        const chunks = await client.chat.completions.create(body, { signal })
        yield* toEvents(chunks, { provider: name, modelId, latencyMs: () => now() - startedAt, signal })
      } catch (error) {
        signal.throwIfAborted()
        throw translated(error, errors, { provider: name, modelId })
      }
    },
  }
}

interface ErrorClasses {
  APIError: typeof OpenAiError
  APIConnectionError: new (...args: never[]) => Error
  APIConnectionTimeoutError: new (...args: never[]) => Error
}

function translated(cause: unknown, errors: ErrorClasses, { provider, modelId }: { provider: string; modelId: string }): ServiceError {
  if (cause instanceof ServiceError) return cause
  if (cause instanceof errors.APIConnectionTimeoutError) return modelFault({ provider, modelId, timedOut: true, cause })
  if (cause instanceof errors.APIConnectionError) return modelFault({ provider, modelId, cause })
  if (cause instanceof errors.APIError && cause.status !== undefined)
    return modelFault({ provider, modelId, status: cause.status, said: cause.message, cause })
  return malformedAnswer(
    provider,
    modelId,
    cause instanceof errors.APIError ? 'it reported an error in the middle' : 'it broke off or is not the expected JSON',
    cause,
  )
}
