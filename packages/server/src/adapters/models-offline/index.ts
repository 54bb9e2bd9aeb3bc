// The offline model: a rehearsal without network or mind. It picks tools by their words, fills arguments from the text, and repeats
// what tools answered. It always says what it is. For first runs and tests; the same request always gets the same answer.
import { createHash } from 'node:crypto'
import type { BedrockRuntime } from '@agentworks/model'
import { type ModelCapabilities, refuseBeyond } from '#ports/model-capabilities.js'
import type { ModelProvider, ModelRequest } from '#ports/model-provider.js'
import { responseFields, stopSequenceFields } from '#ports/model-response-fields.js'
import { plan } from './plan.js'

// Temperature and the like are accepted: a model with one outcome keeps to every distribution. Cache points are accepted and cache nothing, which usage says.
const can: ModelCapabilities = {
  request: ['messages', 'system', 'inferenceConfig', 'toolConfig'],
  content: ['text', 'toolUse', 'toolResult', 'cachePoint', 'reasoningContent'],
  toolResult: ['text', 'json'],
  system: ['text', 'cachePoint'],
  tools: ['toolSpec', 'cachePoint'],
}

export function offlineModel({ now }: { now: () => number }): ModelProvider {
  return {
    name: 'offline',
    async *converse(_modelId, request, signal) {
      const startedAt = now()
      refuseBeyond(can, 'offline', request)
      const next = plan(request)
      const limit = request.inferenceConfig?.maxTokens ?? Number.POSITIVE_INFINITY
      yield { messageStart: { role: 'assistant' } }
      let outputTokens: number
      let stopReason: BedrockRuntime.StopReason
      let stopSequence: string | null = null
      const json = next.call && JSON.stringify(next.call.input)
      if (next.call && json !== undefined && tokensOf(json) <= limit) {
        yield* toolUse(next.call.name, json, request)
        outputTokens = tokensOf(json) + tokensOf(next.call.name)
        stopReason = 'tool_use'
      } else {
        const cut = cutText(next.call ? `[offline model] calls ${next.call.name}` : next.say, limit, request.inferenceConfig?.stopSequences ?? [])
        yield* text(cut.text, signal)
        outputTokens = tokensOf(cut.text)
        // A call that does not fit into the limit is not begun: half a call is no use to anybody.
        stopReason = next.call ? 'max_tokens' : cut.stopReason
        stopSequence = cut.stopSequence
      }
      yield { messageStop: { stopReason, ...responseFields(request.additionalModelResponseFieldPaths, stopSequenceFields(stopSequence)) } }
      const inputTokens = tokensOf(JSON.stringify([request.system, request.messages, request.toolConfig]))
      const usage = { inputTokens, outputTokens, totalTokens: inputTokens + outputTokens, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 }
      yield { metadata: { usage, metrics: { latencyMs: now() - startedAt } } }
    },
  }
}

function* toolUse(name: string, json: string, request: ModelRequest): Generator<BedrockRuntime.ConverseStreamOutput> {
  const position = request.messages?.length ?? 0
  const toolUseId = `tooluse_${createHash('sha256').update(`${position} ${name} ${json}`).digest('base64url').slice(0, 22)}`
  yield { contentBlockStart: { start: { toolUse: { toolUseId, name } }, contentBlockIndex: 0 } }
  for (const piece of json.match(/.{1,24}/gsu) ?? []) yield { contentBlockDelta: { delta: { toolUse: { input: piece } }, contentBlockIndex: 0 } }
  yield { contentBlockStop: { contentBlockIndex: 0 } }
}

/** Plain text starts no block of its own: Bedrock sends contentBlockStart for tools only. */
function* text(said: string, signal: AbortSignal): Generator<BedrockRuntime.ConverseStreamOutput> {
  for (const piece of said.match(/(?:\S+\s*){1,2}|\s+/g) ?? []) {
    signal.throwIfAborted()
    yield { contentBlockDelta: { delta: { text: piece }, contentBlockIndex: 0 } }
  }
  yield { contentBlockStop: { contentBlockIndex: 0 } }
}

const charactersPerToken = 4

function tokensOf(said: string): number {
  return Math.ceil(said.length / charactersPerToken)
}

interface Cut {
  text: string
  stopReason: BedrockRuntime.StopReason
  stopSequence: string | null
}

function cutText(said: string, maxTokens: number, stopSequences: readonly string[]): Cut {
  const first = stopSequences
    .map((stop) => ({ stop, at: said.indexOf(stop) }))
    .filter(({ at }) => at >= 0)
    .sort((one, other) => one.at - other.at)[0]
  const stopped = first ? said.slice(0, first.at) : said
  if (tokensOf(stopped) > maxTokens) return { text: stopped.slice(0, maxTokens * charactersPerToken), stopReason: 'max_tokens', stopSequence: null }
  return { text: stopped, stopReason: first ? 'stop_sequence' : 'end_turn', stopSequence: first?.stop ?? null }
}
