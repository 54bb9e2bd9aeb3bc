// Events of the Messages API as Converse events.

import type { BedrockRuntime, ConverseStreamOutput } from '@agentworks/model'
import type { Anthropic } from '@anthropic-ai/sdk'
import { malformedAnswer } from '#ports/model-faults.js'
import { responseFields, stopSequenceFields } from '#ports/model-response-fields.js'

export interface Answering {
  provider: string
  modelId: string
  latencyMs: () => number
  /** `additionalModelResponseFieldPaths` of the request. */
  paths?: readonly string[] | undefined
}

const stopReasons: Readonly<Record<Anthropic.StopReason, BedrockRuntime.StopReason>> = {
  end_turn: 'end_turn',
  max_tokens: 'max_tokens',
  stop_sequence: 'stop_sequence',
  tool_use: 'tool_use',
  pause_turn: 'end_turn',
  refusal: 'content_filtered',
  model_context_window_exceeded: 'model_context_window_exceeded',
}

interface Counted {
  input_tokens?: number | null
  output_tokens?: number | null
  cache_read_input_tokens?: number | null
  cache_creation_input_tokens?: number | null
}

export async function* toEvents(
  events: AsyncIterable<Anthropic.RawMessageStreamEvent>,
  { provider, modelId, latencyMs, paths }: Answering,
): AsyncGenerator<ConverseStreamOutput> {
  let counted: Counted = {}
  let stopReason: BedrockRuntime.StopReason | undefined
  let stopSequence: string | null = null
  let isComplete = false
  for await (const event of events) {
    switch (event.type) {
      case 'message_start':
        counted = event.message.usage
        yield { messageStart: { role: 'assistant' } }
        break
      case 'content_block_start':
        yield* started(event)
        break
      case 'content_block_delta':
        yield* delta(event)
        break
      case 'content_block_stop':
        yield { contentBlockStop: { contentBlockIndex: event.index } }
        break
      case 'message_delta':
        counted = { ...counted, ...present(event.usage) }
        stopReason = event.delta.stop_reason ? stopReasons[event.delta.stop_reason] : stopReason
        stopSequence = event.delta.stop_sequence
        break
      case 'message_stop':
        isComplete = true
    }
  }
  if (!isComplete || stopReason === undefined) throw malformedAnswer(provider, modelId, 'it ended before it was complete')
  yield { messageStop: { stopReason, ...responseFields(paths, stopSequenceFields(stopSequence)) } }
  yield { metadata: { usage: toUsage(counted), metrics: { latencyMs: latencyMs() } } }
}

function* started({ content_block: block, index }: Anthropic.RawContentBlockStartEvent): Generator<ConverseStreamOutput> {
  if (block.type === 'tool_use')
    yield { contentBlockStart: { start: { toolUse: { toolUseId: block.id, name: block.name } }, contentBlockIndex: index } }
  // Opaque text to us and to the caller, who only ever sends it back.
  else if (block.type === 'redacted_thinking')
    yield { contentBlockDelta: { delta: { reasoningContent: { redactedContent: Buffer.from(block.data) } }, contentBlockIndex: index } }
}

function* delta({ delta, index }: Anthropic.RawContentBlockDeltaEvent): Generator<ConverseStreamOutput> {
  const converted = toDelta(delta)
  if (converted) yield { contentBlockDelta: { delta: converted, contentBlockIndex: index } }
}

function toDelta(delta: Anthropic.RawContentBlockDelta): BedrockRuntime.ContentBlockDelta | undefined {
  switch (delta.type) {
    case 'text_delta':
      return { text: delta.text }
    case 'input_json_delta':
      return { toolUse: { input: delta.partial_json } }
    case 'thinking_delta':
      return { reasoningContent: { text: delta.thinking } }
    case 'signature_delta':
      return { reasoningContent: { signature: delta.signature } }
    default:
      // Citations: only for documents with citations, which are refused on the way in.
      return undefined
  }
}

function toUsage(counted: Counted): BedrockRuntime.TokenUsage {
  const inputTokens = counted.input_tokens ?? 0
  const outputTokens = counted.output_tokens ?? 0
  const read = counted.cache_read_input_tokens ?? 0
  const written = counted.cache_creation_input_tokens ?? 0
  return {
    inputTokens,
    outputTokens,
    totalTokens: inputTokens + outputTokens + read + written,
    cacheReadInputTokens: read,
    cacheWriteInputTokens: written,
  }
}

/** Later counts replace earlier ones only where they say something. */
function present(counted: Counted): Counted {
  return Object.fromEntries(Object.entries(counted).filter(([, value]) => typeof value === 'number'))
}
