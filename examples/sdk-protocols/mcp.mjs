// An MCP server of the official SDK on the runtime's port: POST /mcp on 8000.
import { serveMcp } from '@agentworks/sdk/mcp'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'

await serveMcp(() => {
  const server = new McpServer({ name: 'adder', version: '1.0.0' })
  server.registerTool('add', { description: 'Adds two numbers', inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => ({
    content: [{ type: 'text', text: String(a + b) }],
  }))
  return server
})
