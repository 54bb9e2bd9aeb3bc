// A Converse request as a request of the Messages API.

import type { BedrockRuntime } from '@agentworks/model'
import type { Anthropic } from '@anthropic-ai/sdk'
import { unsupportedMember } from '#kernel/errors.js'
import { additionalFields, outputSchema } from '#ports/model-members.js'
import type { ModelRequest } from '#ports/model-provider.js'

/** The API wants a limit; Converse may leave it out. */
const defaultMaxTokens = 8_192

type Block = Anthropic.ContentBlockParam
type CacheControl = Anthropic.CacheControlEphemeral

export function toMessageRequest(model: string, request: ModelRequest): Anthropic.MessageCreateParamsStreaming {
  const { maxTokens, temperature, topP, stopSequences } = request.inferenceConfig ?? {}
  const system = cached(request.system ?? [], ({ text }) => (text === undefined ? [] : [{ type: 'text' as const, text }]))
  return {
    ...additionalFields(request.additionalModelRequestFields),
    model,
    stream: true,
    max_tokens: maxTokens ?? defaultMaxTokens,
    messages: (request.messages ?? []).map(toMessage),
    ...(system.length > 0 && { system }),
    ...(temperature !== undefined && { temperature }),
    ...(topP !== undefined && { top_p: topP }),
    ...(stopSequences && stopSequences.length > 0 && { stop_sequences: stopSequences }),
    ...tools(request.toolConfig),
    ...output(request.outputConfig),
  }
}

function toMessage({ role, content }: BedrockRuntime.Message, index: number): Anthropic.MessageParam {
  if (role === 'system') throw unsupportedMember(`messages.${index}.role`, 'the model provider anthropic takes system texts only in `system`.')
  return { role, content: cached(content, toBlock) }
}

function toBlock({ text, image, toolUse, toolResult, reasoningContent }: BedrockRuntime.ContentBlock): Block[] {
  if (text !== undefined) return [{ type: 'text', text }]
  if (image) return [toImage(image)]
  if (toolUse) return [{ type: 'tool_use', id: toolUse.toolUseId, name: toolUse.name, input: toolUse.input ?? {} }]
  if (toolResult) {
    const content = toolResult.content.map((part) =>
      part.image ? toImage(part.image) : { type: 'text' as const, text: part.text ?? JSON.stringify(part.json) },
    )
    return [{ type: 'tool_result', tool_use_id: toolResult.toolUseId, content, ...(toolResult.status === 'error' && { is_error: true }) }]
  }
  if (reasoningContent?.redactedContent) return [{ type: 'redacted_thinking', data: Buffer.from(reasoningContent.redactedContent).toString('utf8') }]
  const reasoning = reasoningContent?.reasoningText
  return reasoning ? [{ type: 'thinking', thinking: reasoning.text, signature: reasoning.signature ?? '' }] : []
}

function toImage({ format, source }: BedrockRuntime.ImageBlock): Anthropic.ImageBlockParam {
  return { type: 'image', source: { type: 'base64', media_type: `image/${format}`, data: Buffer.from(source.bytes ?? []).toString('base64') } }
}

/** A cache point stands behind what it covers; here it is a mark on the block before it. */
function cached<Item extends { cachePoint?: BedrockRuntime.CachePointBlock | undefined }, Out extends object>(
  items: readonly Item[],
  convert: (item: Item) => Out[],
): Out[] {
  const out: Out[] = []
  for (const item of items) {
    if (item.cachePoint) {
      const last = out.at(-1)
      const mark: CacheControl = { type: 'ephemeral', ...(item.cachePoint.ttl !== undefined && { ttl: item.cachePoint.ttl as '5m' | '1h' }) }
      if (last) Object.assign(last, { cache_control: mark })
    } else out.push(...convert(item))
  }
  return out
}

function tools(config: BedrockRuntime.ToolConfiguration | undefined): Partial<Anthropic.MessageCreateParamsStreaming> {
  const list = cached(config?.tools ?? [], ({ toolSpec }): Anthropic.Tool[] => {
    if (!toolSpec) return []
    const { name, description, inputSchema, strict } = toolSpec
    return [
      {
        name,
        ...(description !== undefined && { description }),
        input_schema: inputSchema.json as Anthropic.Tool.InputSchema,
        ...(strict && { strict }),
      },
    ]
  })
  if (list.length === 0) return {}
  const { toolChoice } = config ?? {}
  return {
    tools: list,
    ...(toolChoice?.auto && { tool_choice: { type: 'auto' as const } }),
    ...(toolChoice?.any && { tool_choice: { type: 'any' as const } }),
    ...(toolChoice?.tool && { tool_choice: { type: 'tool' as const, name: toolChoice.tool.name } }),
  }
}

function output(config: BedrockRuntime.OutputConfig | undefined): { output_config?: Anthropic.OutputConfig } {
  const definition = config?.textFormat?.structure.jsonSchema
  if (config?.effort === undefined && !definition) return {}
  return {
    output_config: {
      ...(config?.effort !== undefined && { effort: config.effort as Anthropic.OutputConfig['effort'] }),
      ...(definition && { format: { type: 'json_schema', schema: outputSchema(definition.schema) } }),
    },
  }
}
