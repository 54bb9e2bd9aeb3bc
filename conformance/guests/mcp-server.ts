// An MCP server with the official SDK, as a user would write it for AgentCore: port 8000, /mcp. Stateless, or with STATEFUL=1
// one transport for each client, in the way of the SDK's own example.
import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const transports = new Map<string, NodeStreamableHTTPServerTransport>()
let calls = 0

function newServer(): McpServer {
  const server = new McpServer({ name: 'guest', version: '1.0.0' })
  server.registerTool('count', { description: 'How often this instance was called', inputSchema: z.object({}) }, async (_input, { http }) => {
    calls += 1
    return { content: [{ type: 'text', text: JSON.stringify({ calls, mcpSessionId: http?.req?.headers.get('mcp-session-id') }) }] }
  })
  server.registerTool('order', { description: 'Asks which colour', inputSchema: z.object({}) }, async (_input, { mcpReq }) => {
    const { _meta } = mcpReq
    if (_meta?.progressToken !== undefined)
      await mcpReq.notify({ method: 'notifications/progress', params: { progressToken: _meta.progressToken, progress: 1, total: 2 } })
    const form = { type: 'object' as const, properties: { colour: { type: 'string' as const } }, required: ['colour'] }
    // Without the option the SDK asks in the stream that the client keeps open by GET.
    const where = mcpReq._meta?.progressToken === undefined ? {} : { relatedRequestId: mcpReq.id }
    const answer = await server.server.elicitInput({ message: 'Which colour?', requestedSchema: form }, where)
    return { content: [{ type: 'text', text: `ordered in ${String(answer.content?.colour)}` }] }
  })
  return server
}

async function stateless(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const transport = new NodeStreamableHTTPServerTransport({ sessionIdGenerator: undefined })
  await newServer().connect(transport)
  await transport.handleRequest(request, response)
}

async function stateful(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const id = request.headers['mcp-session-id']?.toString()
  const known = id === undefined ? undefined : transports.get(id)
  if (known) return known.handleRequest(request, response)
  if (id !== undefined) {
    response.writeHead(404, { 'content-type': 'application/json' })
    return void response.end('{"jsonrpc":"2.0","error":{"code":-32001,"message":"Session not found"},"id":null}')
  }
  const transport = new NodeStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID().replaceAll('-', ''),
    onsessioninitialized: (fresh) => void transports.set(fresh, transport),
    onsessionclosed: (ended) => void transports.delete(ended),
  })
  await newServer().connect(transport)
  return transport.handleRequest(request, response)
}

createServer((request, response) => {
  if (request.url !== '/mcp') return response.writeHead(404).end()
  const served = process.env.STATEFUL ? stateful(request, response) : stateless(request, response)
  served.catch((error: unknown) => {
    console.error(error)
    response.destroy()
  })
}).listen(8000, '0.0.0.0')
