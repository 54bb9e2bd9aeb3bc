// A Converse request as a chat completion request.
import type { BedrockRuntime } from '@agentworks/model'
import type { ChatCompletionContentPart, ChatCompletionCreateParamsStreaming, ChatCompletionMessageParam } from 'openai/resources/chat/completions'
import { additionalFields, outputSchema } from '#ports/model-members.js'
import type { ModelRequest } from '#ports/model-provider.js'

export function toChatCompletion(model: string, request: ModelRequest, { isOpenAi }: { isOpenAi: boolean }): ChatCompletionCreateParamsStreaming {
  const { maxTokens, temperature, topP, stopSequences } = request.inferenceConfig ?? {}
  const system = (request.system ?? []).flatMap(({ text }) => (text === undefined ? [] : [text]))
  return {
    ...additionalFields(request.additionalModelRequestFields),
    model,
    stream: true,
    stream_options: { include_usage: true },
    messages: [
      ...(system.length > 0 ? [{ role: 'system' as const, content: system.join('\n\n') }] : []),
      ...(request.messages ?? []).flatMap(toMessages),
    ],
    // OpenAI's newer models refuse the old name, other servers often know no other.
    ...(maxTokens !== undefined && (isOpenAi ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens })),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stopSequences && stopSequences.length > 0 && { stop: stopSequences }),
    ...tools(request.toolConfig),
    ...output(request.outputConfig),
  }
}

function toMessages({ role, content }: BedrockRuntime.Message): ChatCompletionMessageParam[] {
  const text = content.flatMap((block) => (block.text === undefined ? [] : [block.text])).join('\n')
  if (role === 'system') return [{ role, content: text }]
  if (role === 'assistant') {
    const calls = content.flatMap(({ toolUse }) =>
      toolUse
        ? [{ id: toolUse.toolUseId, type: 'function' as const, function: { name: toolUse.name, arguments: JSON.stringify(toolUse.input ?? {}) } }]
        : [],
    )
    return [{ role, ...(text !== '' && { content: text }), ...(calls.length > 0 && { tool_calls: calls }) }]
  }
  // Results come first: they must stand right behind the calls that they answer.
  const results = content.flatMap(({ toolResult }) =>
    toolResult ? [{ role: 'tool' as const, tool_call_id: toolResult.toolUseId, content: resultText(toolResult) }] : [],
  )
  const parts = content.flatMap(toPart)
  return [...results, ...(parts.length > 0 ? [{ role: 'user' as const, content: parts.every(({ type }) => type === 'text') ? text : parts }] : [])]
}

function toPart({ text, image }: BedrockRuntime.ContentBlock): ChatCompletionContentPart[] {
  if (text !== undefined) return [{ type: 'text', text }]
  if (!image?.source.bytes) return []
  return [{ type: 'image_url', image_url: { url: `data:image/${image.format};base64,${Buffer.from(image.source.bytes).toString('base64')}` } }]
}

/** The protocol has no field for failure, so the text must say it. */
function resultText({ content, status }: BedrockRuntime.ToolResultBlock): string {
  const text = content.map((part) => part.text ?? JSON.stringify(part.json)).join('\n')
  return status === 'error' ? `The tool failed: ${text}` : text
}

function tools(config: BedrockRuntime.ToolConfiguration | undefined): Partial<ChatCompletionCreateParamsStreaming> {
  const specs = (config?.tools ?? []).flatMap(({ toolSpec }) => (toolSpec ? [toolSpec] : []))
  if (specs.length === 0) return {}
  const { toolChoice } = config ?? {}
  return {
    tools: specs.map(({ name, description, inputSchema, strict }) => ({
      type: 'function',
      function: {
        name,
        ...(description !== undefined && { description }),
        parameters: inputSchema.json as Record<string, unknown>,
        ...(strict && { strict }),
      },
    })),
    ...(toolChoice?.auto && { tool_choice: 'auto' as const }),
    ...(toolChoice?.any && { tool_choice: 'required' as const }),
    ...(toolChoice?.tool && { tool_choice: { type: 'function' as const, function: { name: toolChoice.tool.name } } }),
  }
}

function output(config: BedrockRuntime.OutputConfig | undefined): Record<string, unknown> {
  const definition = config?.textFormat?.structure.jsonSchema
  return {
    ...(config?.effort !== undefined && { reasoning_effort: config.effort }),
    ...(definition && {
      response_format: {
        type: 'json_schema',
        json_schema: {
          name: definition.name ?? 'answer',
          ...(definition.description !== undefined && { description: definition.description }),
          schema: outputSchema(definition.schema),
          strict: true,
        },
      },
    }),
  }
}
