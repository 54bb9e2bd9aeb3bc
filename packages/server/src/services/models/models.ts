// Converse and ConverseStream over whichever provider the model id leads to.
import type { ConverseRequest, ConverseResponse, ConverseStreamOutput, ConverseStreamRequest, ConverseStreamResponse } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import type { Context } from '#kernel/context.js'
import { unsupportedMember } from '#kernel/errors.js'
import { type ModelRoutes, modelRoutes } from './resolve.js'
import { sumOf } from './sum.js'
import { watched } from './watched.js'

export interface ModelsOptions extends ModelRoutes {
  clock: Clock
  /** How long a provider may say nothing, before its first word and between two; then ModelTimeoutException. */
  silenceMs?: number
}

export function models({ clock, silenceMs = 300_000, ...routes }: ModelsOptions) {
  const resolve = modelRoutes(routes)

  function answer(context: Context, { modelId, ...request }: ConverseRequest | ConverseStreamRequest): AsyncGenerator<ConverseStreamOutput> {
    const { provider, name } = resolve(modelId)
    if (request.promptVariables && !modelId.startsWith('arn:')) {
      throw unsupportedMember('promptVariables', 'prompts that are kept on the server do not exist here; send messages.')
    }
    return watched((signal) => provider.converse(name, request, signal), { clock, silenceMs, signal: context.signal, provider: provider.name })
  }

  return {
    async Converse(context: Context, input: ConverseRequest): Promise<ConverseResponse> {
      return sumOf(answer(context, input))
    },

    /** What fails before the provider's first word is an ordinary error, with a status of its own. */
    async ConverseStream(context: Context, input: ConverseStreamRequest): Promise<ConverseStreamResponse> {
      const events = answer(context, input)
      const first = await events.next()
      return { stream: resumed(first, events) }
    },
  }
}

/** The stream again with the event that was taken from its front. Leaving it early closes the provider's. */
async function* resumed(
  first: IteratorResult<ConverseStreamOutput>,
  rest: AsyncGenerator<ConverseStreamOutput>,
): AsyncGenerator<ConverseStreamOutput> {
  try {
    if (!first.done) yield first.value
    yield* rest
  } finally {
    await rest.return(undefined)
  }
}
