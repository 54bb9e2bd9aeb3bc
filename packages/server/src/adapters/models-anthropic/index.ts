// Anthropic's own interface to its models.
import type { Anthropic, APIError as AnthropicError } from '@anthropic-ai/sdk'
import { ServiceError } from '#kernel/errors.js'
import { type ModelCapabilities, refuseBeyond } from '#ports/model-capabilities.js'
import { malformedAnswer, modelFault } from '#ports/model-faults.js'
import type { ModelProvider } from '#ports/model-provider.js'
import { toMessageRequest } from './request.js'
import { toEvents } from './stream.js'

export interface AnthropicOptions {
  apiKey: string
  baseUrl?: string | undefined
  /** Until the head of the answer. */
  timeoutMs?: number
  now: () => number
}

const can: ModelCapabilities = {
  request: ['messages', 'system', 'inferenceConfig', 'toolConfig', 'additionalModelRequestFields', 'outputConfig'],
  content: ['text', 'image', 'toolUse', 'toolResult', 'cachePoint', 'reasoningContent'],
  toolResult: ['text', 'json', 'image'],
  system: ['text', 'cachePoint'],
  tools: ['toolSpec', 'cachePoint'],
}

export function anthropicModels({ apiKey, baseUrl, timeoutMs = 300_000, now }: AnthropicOptions): ModelProvider {
  const provider = 'anthropic'
  let loaded: Promise<{ client: Anthropic; errors: ErrorClasses }> | undefined

  // The library costs a good part of the platform's start; who never asks this provider never loads it.
  async function load() {
    const { Anthropic, APIError, APIConnectionError, APIConnectionTimeoutError } = await import('@anthropic-ai/sdk')
    const baseURL = baseUrl ?? 'https://api.anthropic.com'
    // Retries belong to the caller's SDK: hidden ones here would multiply with its own. Its log would hold what models say.
    return {
      client: new Anthropic({ apiKey, authToken: null, baseURL, timeout: timeoutMs, maxRetries: 0, logLevel: 'off' }),
      errors: { APIError, APIConnectionError, APIConnectionTimeoutError },
    }
  }

  return {
    name: provider,
    async *converse(modelId, request, signal) {
      refuseBeyond(can, provider, request)
      const startedAt = now()
      const body = toMessageRequest(modelId, request)
      loaded ??= load()
      const { client, errors } = await loaded
      try {
        const events = await client.messages.create(body, { signal })
        const paths = request.additionalModelResponseFieldPaths
        yield* toEvents(events, { provider, modelId, latencyMs: () => now() - startedAt, paths })
      } catch (error) {
        signal.throwIfAborted()
        throw translated(error, errors, { provider, modelId })
      }
    },
  }
}

interface ErrorClasses {
  APIError: typeof AnthropicError
  APIConnectionError: new (...args: never[]) => Error
  APIConnectionTimeoutError: new (...args: never[]) => Error
}

// An error in the middle of a stream has no status of its own, only a type.
const typeStatus: Readonly<Record<string, number>> = {
  rate_limit_error: 429,
  overloaded_error: 529,
  api_error: 500,
  invalid_request_error: 400,
  timeout_error: 504,
}

function translated(cause: unknown, errors: ErrorClasses, { provider, modelId }: { provider: string; modelId: string }): ServiceError {
  if (cause instanceof ServiceError) return cause
  if (cause instanceof errors.APIConnectionTimeoutError) return modelFault({ provider, modelId, timedOut: true, cause })
  if (cause instanceof errors.APIConnectionError) return modelFault({ provider, modelId, cause })
  if (cause instanceof errors.APIError) {
    const status = typeStatus[cause.type ?? ''] ?? cause.status
    if (status !== undefined) return modelFault({ provider, modelId, status, said: cause.apiMessage ?? undefined, cause })
  }
  return malformedAnswer(provider, modelId, 'it broke off or is not the expected JSON', cause)
}
