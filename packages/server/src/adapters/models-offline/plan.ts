// What the offline model does next: call a tool, or say something. Decided by the conversation alone, so that the same one always ends the same way.
import type { BedrockRuntime } from '@agentworks/model'
import { invalid } from '#kernel/errors.js'
import type { ModelRequest } from '#ports/model-provider.js'
import { answerFromPurpose, answerFromResults, askForMissing, refuseByInstructions, type ToolOutcome } from './answer.js'
import { fillArguments } from './arguments.js'
import { type Choice, chooseAny, chooseTool, type OfferedTool, sameCall } from './choose.js'
import { readSchema } from './schema.js'

export type Plan = { call: { name: string; input: Record<string, unknown> } } | { say: string; call?: undefined }

/** Beyond this the rest of a request is not read: the finders are made for sentences. */
const longestRequest = 8_000

export function plan(request: ModelRequest): Plan {
  const messages = request.messages ?? []
  const { text, since } = lastRequest(messages)
  const system = [
    ...(request.system ?? []).flatMap((block) => (block.text === undefined ? [] : [block.text])),
    ...messages.filter(({ role }) => role === 'system').map(textOf),
  ].join('\n')
  const outcomes = outcomesOf(since)
  const tools = offered(request)
  const refusal = outcomes.length === 0 && !request.toolConfig?.toolChoice ? refuseByInstructions(system, text) : undefined
  if (refusal !== undefined) return { say: refusal }
  const choice = choose(text, tools, outcomes, request.toolConfig?.toolChoice)
  const isRepeated = choice && outcomes.some((outcome) => sameCall(outcome, { name: choice.tool.name, input: choice.input }))
  if (choice && !isRepeated && choice.missing.length === 0) return { call: { name: choice.tool.name, input: choice.input } }
  if (outcomes.length > 0) return { say: answerFromResults(outcomes) }
  if (choice && choice.missing.length > 0) return { say: askForMissing(choice.tool.name, choice.missing) }
  return {
    say: answerFromPurpose(system, text, tools),
  }
}

/** One step of a request is one call. After its result comes the next step, if the request has one, else the answer. */
function choose(text: string, tools: OfferedTool[], outcomes: ToolOutcome[], toolChoice: BedrockRuntime.ToolChoice | undefined): Choice | undefined {
  if (toolChoice?.tool) {
    const named = tools.find(({ name }) => name === toolChoice.tool.name)
    if (!named) throw invalid('toolConfig.toolChoice.tool.name', `names ${toolChoice.tool.name}, which is not among the tools of this request`)
    return { tool: named, fit: 0, ...fillArguments(named.schema, text, true) }
  }
  if (toolChoice?.any) return chooseTool(text, tools.filter(fillable(text))) ?? chooseAny(text, tools)
  if (outcomes.some(({ failed }) => failed)) return undefined
  const steps = text.split(/(?<=[.;!?])\s+(?:and\s+)?then,?\s+/i)
  const step = steps[outcomes.length]
  return step === undefined || step === '' ? undefined : chooseTool(step, tools)
}

const fillable = (text: string) => (tool: OfferedTool) => fillArguments(tool.schema, text).missing.length === 0

function offered(request: ModelRequest): OfferedTool[] {
  return (request.toolConfig?.tools ?? []).flatMap(({ toolSpec }) =>
    toolSpec ? [{ name: toolSpec.name, description: toolSpec.description ?? '', schema: readSchema(toolSpec.inputSchema.json) }] : [],
  )
}

/** The user's last words, and every message that came after them. */
function lastRequest(messages: readonly BedrockRuntime.Message[]): { text: string; since: readonly BedrockRuntime.Message[] } {
  const at = messages.findLastIndex(
    (message) => message.role === 'user' && textOf(message) !== '' && !message.content.some(({ toolResult }) => toolResult),
  )
  const request = messages[at]
  return { text: request ? textOf(request).slice(0, longestRequest) : '', since: messages.slice(at + 1) }
}

function outcomesOf(messages: readonly BedrockRuntime.Message[]): ToolOutcome[] {
  const blocks = messages.flatMap(({ content }) => content)
  return blocks.flatMap(({ toolResult }) => {
    if (!toolResult) return []
    const use = blocks.find((block) => block.toolUse?.toolUseId === toolResult.toolUseId)?.toolUse
    return [{ name: use?.name ?? 'the tool', input: use?.input ?? {}, failed: toolResult.status === 'error', content: toolResult.content }]
  })
}

function textOf(message: BedrockRuntime.Message): string {
  return message.content
    .flatMap(({ text }) => (text === undefined ? [] : [text]))
    .join('\n')
    .trim()
}
