// Transports of the 1.x SDK: one for each request, or one for each session, found again by its id.
import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js'
import { respond } from '#runtime/invocation.js'
import type { McpServerFactory } from './serve-mcp.js'

/** The part of `McpServer` and `Server` that is needed here, so that any 1.x version fits. */
export interface ConnectedServer {
  // biome-ignore lint/suspicious/noExplicitAny: each version's own Transport type; two copies of the SDK would not fit each other.
  connect(transport: any): Promise<void>
  close(): Promise<void>
}

/** A caller that opens sessions and never ends them costs its own oldest ones. */
const mostSessions = 200

export async function sessionTransports(factory: McpServerFactory, stateful: boolean) {
  const { StreamableHTTPServerTransport } = await import('@modelcontextprotocol/sdk/server/streamableHttp.js')
  const open = new Map<string, StreamableHTTPServerTransport>()

  async function alone(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // Without sessions there is no stream to listen on and nothing to delete.
    if (request.method !== 'POST') return refuse(response.setHeader('allow', 'POST'), 405, -32000, 'Method not allowed.')
    const server = await factory()
    const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined })
    response.once('close', () => void server.close())
    await server.connect(transport)
    await transport.handleRequest(request, response)
  }

  async function inSession(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const id = request.headers['mcp-session-id']
    const known = typeof id === 'string' ? open.get(id) : undefined
    if (known) return known.handleRequest(request, response)
    // 404 tells the client to begin anew; without an id it is the beginning, or the transport refuses it.
    if (id !== undefined) return refuse(response, 404, -32001, 'Session not found')
    const server = await factory()
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      onsessioninitialized: (session) => {
        open.set(session, transport)
        const [oldest] = open
        if (open.size > mostSessions && oldest) void oldest[1].close()
      },
    })
    transport.onclose = () => {
      if (transport.sessionId !== undefined) open.delete(transport.sessionId)
    }
    await server.connect(transport)
    await transport.handleRequest(request, response)
    if (transport.sessionId === undefined) await server.close()
  }

  return {
    handle: stateful ? inSession : alone,
    close: async () => {
      await Promise.all([...open.values()].map((transport) => transport.close()))
    },
  }
}

function refuse(response: ServerResponse, status: number, code: number, message: string): void {
  respond(response, status, JSON.stringify({ jsonrpc: '2.0', error: { code, message }, id: null }))
}
