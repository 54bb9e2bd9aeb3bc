// The requests of the runtime, made to one agent over whatever connection leads to it.
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { text } from 'node:stream/consumers'
import { WebSocket } from 'ws'
import { itemsOf } from './event-stream.js'
import type { AgentInput, AgentItem, AgentOutput, AnyHandler } from './handler-types.js'
import { InvocationFailed } from './invocation-failed.js'

export interface CallOptions {
  /** Default: one and the same for all calls of an agent, as the runtime gives one process one session. */
  sessionId?: string
  headers?: Readonly<Record<string, string>>
  /** Leaves the agent when it aborts. */
  signal?: AbortSignal
}

export interface PlainAnswer {
  status: number
  headers: Readonly<Record<string, string>>
  text: string
}

export interface AgentCalls<Handler extends AnyHandler> {
  /** The answer's JSON; of a stream, all its items. Rejects with InvocationFailed for any status but 2xx and for a stream that fails. */
  invoke(payload: AgentInput<Handler>, options?: CallOptions): Promise<AgentOutput<Handler>>
  /** The items of a stream as they come. Leaving the loop leaves the agent. */
  stream(payload: AgentInput<Handler>, options?: CallOptions): AsyncGenerator<AgentItem<Handler>, void, undefined>
  ping(): Promise<{ status: 'Healthy' | 'HealthyBusy'; time_of_last_update: number }>
  /** Resolves once the connection is open. */
  websocket(options?: CallOptions): Promise<WebSocket>
  /** Any request, and its answer as it is: for what must be refused. */
  request(method: string, path: string, options?: CallOptions & { body?: string | Buffer }): Promise<PlainAnswer>
}

const defaultSession = 'test-session-000000000000000000000001'

export function agentCalls<Handler extends AnyHandler>(connect: () => Duplex): AgentCalls<Handler> {
  const send = (method: string, path: string, { signal, body, ...options }: CallOptions & { body?: string | Buffer } = {}) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const headers = { ...headersOf(options), ...(body !== undefined && { 'content-length': Buffer.byteLength(body) }) }
      const request = httpRequest({ method, path, headers, signal, createConnection: () => connect() as Socket }, resolve)
      request.on('error', reject)
      request.end(body)
    })
  const invoked = (payload: unknown, options: CallOptions = {}) => {
    const headers = { 'content-type': 'application/json', ...options.headers }
    return send('POST', '/invocations', { ...options, headers, body: JSON.stringify(payload) ?? 'null' })
  }

  return {
    async invoke(payload, options) {
      const response = await invoked(payload, options)
      if (!isStream(response)) return (await bodyOf(response)) as AgentOutput<Handler>
      const items: unknown[] = []
      for await (const item of itemsOf(response)) items.push(item)
      return items as AgentOutput<Handler>
    },
    async *stream(payload, options) {
      const response = await invoked(payload, options)
      if (!isStream(response)) {
        await bodyOf(response)
        throw new TypeError('the agent answered with one value and no stream: its handler is no generator')
      }
      try {
        yield* itemsOf(response) as AsyncGenerator<AgentItem<Handler>, void, undefined>
      } finally {
        response.destroy()
      }
    },
    async ping() {
      return (await bodyOf(await send('GET', '/ping'))) as Awaited<ReturnType<AgentCalls<Handler>['ping']>>
    },
    websocket({ signal, ...options } = {}) {
      return new Promise((resolve, reject) => {
        const socket = new WebSocket('ws://agent/ws', { headers: headersOf(options), signal, createConnection: () => connect() as Socket })
        socket.once('open', () => {
          socket.off('error', reject)
          resolve(socket)
        })
        socket.once('error', reject)
      })
    },
    async request(method, path, options) {
      const response = await send(method, path, options)
      const headers = Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)]))
      return { status: response.statusCode ?? 0, headers, text: await text(response) }
    },
  }
}

function headersOf({ sessionId = defaultSession, headers }: Pick<CallOptions, 'sessionId' | 'headers'>): Record<string, string> {
  return { host: 'agent', 'x-amzn-bedrock-agentcore-runtime-session-id': sessionId, ...headers }
}

const isStream = ({ headers }: IncomingMessage) => headers['content-type']?.startsWith('text/event-stream') ?? false

async function bodyOf(response: IncomingMessage): Promise<unknown> {
  const status = response.statusCode ?? 0
  const body = parsed(await text(response))
  if (status < 200 || status > 299) throw new InvocationFailed(status, body)
  return body
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return body
  }
}
