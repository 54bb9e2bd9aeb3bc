// Converse is ConverseStream added up.
import type { BedrockRuntime, ConverseResponse, ConverseStreamOutput } from '@agentworks/model'
import { ServiceError } from '#kernel/errors.js'

type Block = BedrockRuntime.ContentBlock

export async function sumOf(events: AsyncIterable<ConverseStreamOutput>): Promise<ConverseResponse> {
  const open = new Map<number, OpenBlock>()
  let stop: BedrockRuntime.MessageStopEvent | undefined
  let metadata: BedrockRuntime.ConverseStreamMetadataEvent | undefined
  let role: BedrockRuntime.ConversationRole = 'assistant'
  for await (const event of events) {
    if (event.messageStart) role = event.messageStart.role
    if (event.contentBlockStart) blockAt(open, event.contentBlockStart.contentBlockIndex).start = event.contentBlockStart.start
    if (event.contentBlockDelta) add(blockAt(open, event.contentBlockDelta.contentBlockIndex), event.contentBlockDelta.delta)
    stop = event.messageStop ?? stop
    metadata = event.metadata ?? metadata
  }
  if (!stop || !metadata) throw broken('it ended before it was complete')
  const content = [...open.entries()].sort(([a], [b]) => a - b).map(([, block]) => closed(block))
  const { usage, metrics, ...more } = metadata
  return { output: { message: { role, content } }, stopReason: stop.stopReason, usage, metrics, ...extra(stop), ...more }
}

interface OpenBlock {
  start?: BedrockRuntime.ContentBlockStart
  text: string
  toolInput: string
  reasoning?: { text: string; signature?: string; redacted: Uint8Array[] }
}

function blockAt(open: Map<number, OpenBlock>, index: number): OpenBlock {
  const known = open.get(index)
  if (known) return known
  const fresh = { text: '', toolInput: '' }
  open.set(index, fresh)
  return fresh
}

function add(block: OpenBlock, delta: BedrockRuntime.ContentBlockDelta): void {
  if (delta.text !== undefined) block.text += delta.text
  else if (delta.toolUse) block.toolInput += delta.toolUse.input
  else if (delta.reasoningContent) {
    block.reasoning ??= { text: '', redacted: [] }
    block.reasoning.text += delta.reasoningContent.text ?? ''
    if (delta.reasoningContent.signature !== undefined)
      block.reasoning.signature = (block.reasoning.signature ?? '') + delta.reasoningContent.signature
    if (delta.reasoningContent.redactedContent) block.reasoning.redacted.push(delta.reasoningContent.redactedContent)
  } else {
    const [kind] = Object.entries(delta).flatMap(([member, value]) => (value === undefined ? [] : [member]))
    throw new ServiceError('ModelErrorException', `The answer holds ${kind ?? 'something'} that Converse cannot carry here yet. Use ConverseStream.`)
  }
}

function closed({ start, text, toolInput, reasoning }: OpenBlock): Block {
  if (start?.toolUse) return { toolUse: { ...start.toolUse, input: parsedInput(toolInput) } }
  if (reasoning) {
    const { signature, redacted } = reasoning
    if (redacted.length > 0) return { reasoningContent: { redactedContent: Buffer.concat(redacted) } }
    return { reasoningContent: { reasoningText: { text: reasoning.text, ...(signature !== undefined && { signature }) } } }
  }
  return { text }
}

function parsedInput(json: string): unknown {
  if (json === '') return {}
  try {
    return JSON.parse(json)
  } catch (cause) {
    throw broken('the arguments of its tool call are not JSON', cause)
  }
}

function extra({ additionalModelResponseFields: fields }: BedrockRuntime.MessageStopEvent) {
  return fields === undefined ? {} : { additionalModelResponseFields: fields }
}

function broken(what: string, cause?: unknown): ServiceError {
  return new ServiceError('ModelErrorException', `The model's answer cannot be used: ${what}.`, { cause })
}
