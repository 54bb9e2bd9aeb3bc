// Chat completion chunks as Converse events.
import type { BedrockRuntime, ConverseStreamOutput } from '@agentworks/model'
import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { CompletionUsage } from 'openai/resources/completions'
import { malformedAnswer } from '#ports/model-faults.js'

export interface Answering {
  provider: string
  modelId: string
  latencyMs: () => number
  signal: AbortSignal
}

const stopReasons: Readonly<Record<string, BedrockRuntime.StopReason>> = {
  stop: 'end_turn',
  length: 'max_tokens',
  tool_calls: 'tool_use',
  function_call: 'tool_use',
  content_filter: 'content_filtered',
}

export async function* toEvents(
  chunks: AsyncIterable<ChatCompletionChunk>,
  { provider, modelId, latencyMs, signal }: Answering,
): AsyncGenerator<ConverseStreamOutput> {
  const blocks = openBlocks()
  let finish: string | undefined
  let usage: CompletionUsage | undefined
  yield { messageStart: { role: 'assistant' } }
  for await (const chunk of chunks) {
    if (!Array.isArray(chunk.choices)) throw malformedAnswer(provider, modelId, 'a piece has no choices')
    usage = chunk.usage ?? usage
    const [choice] = chunk.choices
    if (!choice) continue
    const text = choice.delta?.content ?? choice.delta?.refusal
    if (text) yield* blocks.text(text)
    for (const call of choice.delta?.tool_calls ?? []) {
      if (blocks.isNew(call.index) && !(call.id && call.function?.name)) throw malformedAnswer(provider, modelId, 'a tool call has no id or name')
      yield* blocks.call(call)
    }
    finish = choice.finish_reason ?? finish
  }
  // The library ends an aborted stream as if it were whole.
  signal.throwIfAborted()
  yield* blocks.end()
  if (finish === undefined) throw malformedAnswer(provider, modelId, 'it ended before it was complete')
  // Some servers say `stop` behind a tool call.
  const stopReason = blocks.hasCalls() && finish === 'stop' ? 'tool_use' : (stopReasons[finish] ?? 'end_turn')
  yield { messageStop: { stopReason } }
  yield { metadata: { usage: toUsage(usage), metrics: { latencyMs: latencyMs() } } }
}

/** Zero where a server counts nothing: an invented number would be billed by somebody. */
function toUsage(usage: CompletionUsage | undefined): BedrockRuntime.TokenUsage {
  const cached = usage?.prompt_tokens_details?.cached_tokens ?? 0
  const inputTokens = (usage?.prompt_tokens ?? 0) - cached
  const outputTokens = usage?.completion_tokens ?? 0
  return { inputTokens, outputTokens, totalTokens: inputTokens + cached + outputTokens, ...(cached > 0 && { cacheReadInputTokens: cached }) }
}

/** Text and calls come mixed in one delta form; Converse wants one block after the other. */
function openBlocks() {
  let index = -1
  let open: 'text' | number | undefined
  let calls = 0

  function* end(): Generator<ConverseStreamOutput> {
    if (open !== undefined) yield { contentBlockStop: { contentBlockIndex: index } }
    open = undefined
  }

  return {
    end,
    hasCalls: () => calls > 0,
    isNew: (call: number) => open !== call,
    *text(text: string): Generator<ConverseStreamOutput> {
      if (open !== 'text') {
        yield* end()
        index += 1
        open = 'text'
      }
      yield { contentBlockDelta: { delta: { text }, contentBlockIndex: index } }
    },
    *call(call: ChatCompletionChunk.Choice.Delta.ToolCall): Generator<ConverseStreamOutput> {
      if (open !== call.index) {
        yield* end()
        index += 1
        open = call.index
        calls += 1
        yield { contentBlockStart: { start: { toolUse: { toolUseId: call.id ?? '', name: call.function?.name ?? '' } }, contentBlockIndex: index } }
      }
      const input = call.function?.arguments
      if (input) yield { contentBlockDelta: { delta: { toolUse: { input } }, contentBlockIndex: index } }
    },
  }
}
