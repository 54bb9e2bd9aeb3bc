// How a person's words become what an agent's protocol takes, and its answer words again.
import { randomUUID } from 'node:crypto'
import type { PlatformClients } from '@agentworks/factory'
import { GetAgentCardCommand } from '@aws-sdk/client-bedrock-agentcore'
import { GetAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { wrongUsage } from './failure.js'

export interface Said {
  payload: unknown
  accept?: string
  headers?: Record<string, string>
}

export interface Speech {
  /** A prompt; undefined where the protocol has no such thing. */
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
}

export async function speechOf({ control, data }: PlatformClients, listener: Listener): Promise<Speech> {
  const { protocolConfiguration } = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId: listener.agentRuntimeId }))
  const { agentRuntimeArn, runtimeSessionId, qualifier } = listener
  switch (protocolConfiguration?.serverProtocol) {
    case 'A2A':
      return a2a(async () => (await data.send(new GetAgentCardCommand({ agentRuntimeArn, runtimeSessionId, qualifier }))).agentCard)
    case 'MCP':
      return mcp
    case 'AGUI':
      return agui(runtimeSessionId)
    default:
      return http
  }
}

const http: Speech = {
  prompt: async (prompt) => ({ payload: { prompt } }),
  payload: (payload) => ({ payload }),
  read: (piece) => piece,
}

const asRpc = (payload: unknown): unknown =>
  typeof payload === 'object' && payload !== null && 'method' in payload ? { jsonrpc: '2.0', id: randomUUID(), ...payload } : payload

/** 1.0 and 0.3 name methods and parts differently; the card says which one is understood. */
function a2a(readCard: () => Promise<unknown>): Speech {
  return {
    async prompt(prompt) {
      const messageId = randomUUID()
      if (speaksOne(await readCard())) {
        const message = { messageId, role: 'ROLE_USER', parts: [{ text: prompt }] }
        return { payload: asRpc({ method: 'SendMessage', params: { message } }), headers: { 'A2A-Version': '1.0' } }
      }
      const message = { messageId, kind: 'message', role: 'user', parts: [{ kind: 'text', text: prompt }] }
      return { payload: asRpc({ method: 'message/send', params: { message } }) }
    },
    payload: (payload) => ({ payload: asRpc(payload) }),
    read: (piece) => readRpc(piece, a2aText),
  }
}

function speaksOne(card: unknown): boolean {
  const interfaces: unknown[] = member(card, 'supportedInterfaces', Array.isArray) ?? []
  return interfaces.some((one) => String(member(one, 'protocolVersion') ?? '').startsWith('1.'))
}

/** A message, or a task whose artifacts are the answer and whose status may say more. */
function a2aText(result: unknown): string {
  const said = member(result, 'message') ?? member(result, 'task') ?? result
  const artifacts: unknown[] = member(said, 'artifacts', Array.isArray) ?? []
  const sources = artifacts.length > 0 ? artifacts : [said, member(member(said, 'status'), 'message')]
  return sources.map(partsText).filter(Boolean).join('\n')
}

const partsText = (from: unknown): string => (member(from, 'parts', Array.isArray) ?? []).map((part: unknown) => member(part, 'text') ?? '').join('')

const mcp: Speech = {
  async prompt() {
    throw wrongUsage(
      'this agent is an MCP server, which has tools and takes no prompt',
      `--payload '{"method": "tools/list"}', then --payload '{"method": "tools/call", "params": {"name": TOOL, "arguments": {}}}'`,
    )
  },
  payload: (payload) => ({ payload: asRpc(payload), accept: 'application/json, text/event-stream' }),
  read: (piece) =>
    readRpc(piece, (result) => (member(result, 'content', Array.isArray) ?? []).map((part: unknown) => member(part, 'text') ?? '').join('\n')),
}

function readRpc(piece: unknown, textOf: (result: unknown) => string): unknown {
  const error = member(piece, 'error')
  if (error !== undefined) return { error: `${member(error, 'message') ?? 'no message'} (${member(error, 'code')})` }
  const result = member(piece, 'result')
  if (result === undefined) return piece
  return { text: textOf(result) || JSON.stringify(result) }
}

function agui(threadId: string): Speech {
  return {
    prompt: async (prompt) => ({
      payload: {
        threadId,
        runId: randomUUID(),
        messages: [{ id: randomUUID(), role: 'user', content: prompt }],
        tools: [],
        context: [],
        state: {},
        forwardedProps: {},
      },
      accept: 'text/event-stream',
    }),
    payload: (payload) => ({ payload, accept: 'text/event-stream' }),
    read: readEvent,
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
