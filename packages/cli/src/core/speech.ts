// How a person's words become what an agent's protocol takes, and its answer words again.
import { randomUUID } from 'node:crypto'
import type { PlatformClients } from '@agentworks/factory'
import { GetAgentCardCommand } from '@aws-sdk/client-bedrock-agentcore'
import { GetAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { type Failure, wrongUsage } from './failure.js'

export interface Said {
  payload: unknown
  accept?: string
  headers?: Record<string, string>
}

/** Of one conversation: what an answer says that the next prompt has to repeat is kept. */
export interface Speech {
  /** Set where the protocol has no such thing as a prompt: what to tell who gives one. */
  noPrompts?: Failure
  prompt(prompt: string): Promise<Said>
  /** What was given as JSON: sent as it is, but for what each request of the protocol has anyway. */
  payload(payload: unknown): Said
  /** One piece of the answer as text, tool or error; undefined for what no reader needs. */
  read(piece: unknown): unknown
}

export interface Listener {
  agentRuntimeId: string
  agentRuntimeArn: string
  runtimeSessionId: string
  qualifier?: string
  /** Whether an HTTP agent is asked to stream. */
  stream?: boolean
}

export async function speechOf({ control, data }: PlatformClients, listener: Listener): Promise<Speech> {
  const { protocolConfiguration } = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId: listener.agentRuntimeId }))
  const { agentRuntimeArn, runtimeSessionId, qualifier } = listener
  switch (protocolConfiguration?.serverProtocol) {
    case 'A2A':
      return a2a(async () => (await data.send(new GetAgentCardCommand({ agentRuntimeArn, runtimeSessionId, qualifier }))).agentCard)
    case 'MCP':
      return mcp()
    case 'AGUI':
      return agui(runtimeSessionId)
    default:
      return http(listener.stream)
  }
}

/** Every piece of an answer as `read` understands it. */
export async function* readBy(speech: Speech, pieces: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  for await (const piece of pieces) {
    const read = speech.read(piece)
    if (read !== undefined) yield read
  }
}

const http = (stream = false): Speech => ({
  prompt: async (prompt) => ({ payload: stream ? { prompt, stream } : { prompt } }),
  payload: (payload) => ({ payload }),
  read: (piece) => piece,
})

const asRpc = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null && 'method' in payload ? { jsonrpc: '2.0', id: randomUUID(), ...payload } : payload

/** 1.0 and 0.3 name methods and parts differently; the card says which one is understood. */
function a2a(readCard: () => Promise<unknown>): Speech {
  let isOne: boolean | undefined
  let reference: { contextId?: unknown; taskId?: unknown } = {}
  return {
    async prompt(prompt) {
      isOne ??= speaksOne(await readCard())
      const message = { ...reference, messageId: randomUUID() }
      if (isOne) {
        const params = { message: { ...message, role: 'ROLE_USER', parts: [{ text: prompt }] } }
        return { payload: asRpc({ method: 'SendMessage', params }), headers: { 'A2A-Version': '1.0' } }
      }
      const params = { message: { ...message, kind: 'message', role: 'user', parts: [{ kind: 'text', text: prompt }] } }
      return { payload: asRpc({ method: 'message/send', params }) }
    },
    payload: (payload) => ({ payload: asRpc(payload) }),
    read: (piece) =>
      readRpc(piece, (result) => {
        reference = { ...reference, taskId: undefined, ...referenceTo(said(result)) }
        return a2aText(result)
      }),
  }
}

/** What the next message names so that it belongs to this conversation; the task only while it waits for more words. */
function referenceTo(said: unknown): { contextId?: unknown; taskId?: unknown } {
  const contextId = member(said, 'contextId')
  const state = member(member(said, 'status'), 'state')
  const taskId = ['input-required', 'TASK_STATE_INPUT_REQUIRED'].includes(String(state)) ? member(said, 'id') : undefined
  return { ...(contextId !== undefined && { contextId }), ...(taskId !== undefined && { taskId }) }
}

/** 1.0 wraps the answer in its kind, 0.3 does not. */
const said = (result: unknown): unknown => member(result, 'message') ?? member(result, 'task') ?? result

function speaksOne(card: unknown): boolean {
  const interfaces: unknown[] = member(card, 'supportedInterfaces', Array.isArray) ?? []
  return interfaces.some((one) => String(member(one, 'protocolVersion') ?? '').startsWith('1.'))
}

/** A message, or a task whose artifacts are the answer and whose status may say more. */
function a2aText(result: unknown): string {
  const answer = said(result)
  const artifacts: unknown[] = member(answer, 'artifacts', Array.isArray) ?? []
  const sources = artifacts.length > 0 ? artifacts : [answer, member(member(answer, 'status'), 'message')]
  return sources.map(partsText).filter(Boolean).join('\n')
}

const partsText = (from: unknown): string => (member(from, 'parts', Array.isArray) ?? []).map((part: unknown) => member(part, 'text') ?? '').join('')

function mcp(): Speech {
  const noPrompts = wrongUsage(
    'this agent is an MCP server, which has tools and takes no prompt',
    `agentworks invoke with --payload '{"method": "tools/list"}', then --payload '{"method": "tools/call", "params": {"name": TOOL, "arguments": {}}}'`,
  )
  return {
    noPrompts,
    async prompt() {
      throw noPrompts
    },
    payload: (payload) => ({ payload: asRpc(payload), accept: 'application/json, text/event-stream' }),
    read: (piece) =>
      readRpc(piece, (result) => (member(result, 'content', Array.isArray) ?? []).map((part: unknown) => member(part, 'text') ?? '').join('\n')),
  }
}

function readRpc(piece: unknown, textOf: (result: unknown) => string): unknown {
  const error = member(piece, 'error')
  if (error !== undefined) return { error: `${member(error, 'message') ?? 'no message'} (${member(error, 'code')})` }
  const result = member(piece, 'result')
  if (result === undefined) return piece
  return { text: textOf(result) || JSON.stringify(result) }
}

/** Its agents keep nothing between runs: each gets all that was said. */
function agui(threadId: string): Speech {
  let messages: unknown[] = []
  let answer = ''
  return {
    async prompt(prompt) {
      if (answer !== '') messages.push({ id: randomUUID(), role: 'assistant', content: answer })
      answer = ''
      messages.push({ id: randomUUID(), role: 'user', content: prompt })
      const payload = { threadId, runId: randomUUID(), messages, tools: [], context: [], state: {}, forwardedProps: {} }
      return { payload, accept: 'text/event-stream' }
    },
    payload: (payload) => ({ payload, accept: 'text/event-stream' }),
    read(event) {
      const all = member(event, 'type') === 'MESSAGES_SNAPSHOT' ? member(event, 'messages', Array.isArray) : undefined
      if (all) {
        messages = [...all]
        answer = ''
        return undefined
      }
      const read = readEvent(event)
      const text = member(read, 'text')
      if (typeof text === 'string') answer += text
      return read
    },
  }
}

function readEvent(event: unknown): unknown {
  switch (member(event, 'type')) {
    case 'TEXT_MESSAGE_CONTENT':
    case 'TEXT_MESSAGE_CHUNK':
      return { text: member(event, 'delta') ?? '' }
    case 'TOOL_CALL_START':
      return { tool: member(event, 'toolCallName') ?? 'tool' }
    case 'RUN_ERROR':
      return { error: `${member(event, 'message')} (${member(event, 'code') ?? 'no code'})` }
    case 'CUSTOM':
    case 'RAW':
      return event
    default:
      return member(event, 'type') === undefined ? event : undefined
  }
}

function member(value: unknown, name: string): unknown
function member<T>(value: unknown, name: string, is: (found: unknown) => found is T): T | undefined
function member(value: unknown, name: string, is: (found: unknown) => boolean = () => true): unknown {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return found !== undefined && is(found) ? found : undefined
}
