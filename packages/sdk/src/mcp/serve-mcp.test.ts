import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { createMcpHandler, McpServer as McpServer2 } from '@modelcontextprotocol/server'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { getContext } from '#runtime/index.js'
import { type McpHandler, type McpOptions, type McpServerFactory, serveMcp } from './index.js'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const quiet = () => {}
const logger = { debug: quiet, info: quiet, warn: quiet, error: quiet }

async function serving(source: McpServerFactory | McpHandler, options: McpOptions = {}) {
  const running = await serveMcp(source, { port: 0, host: '127.0.0.1', signals: false, logger, ...options })
  closing.push(() => running.close(0))
  return running
}

async function connected(url: string, headers: Record<string, string> = {}) {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), { requestInit: { headers } })
  await client.connect(transport)
  closing.push(() => client.close())
  const call = async (name: string, args = {}) => {
    const { content } = await client.callTool({ name, arguments: args })
    return (content as { text: string }[])[0]?.text
  }
  return { client, transport, call }
}

const text = (said: unknown) => ({ content: [{ type: 'text' as const, text: String(said) }] })

function counting(): McpServer {
  const server = new McpServer({ name: 'counting', version: '1' })
  let count = 0
  server.registerTool('count', {}, () => {
    count += 1
    return text(count)
  })
  server.registerTool('add', { inputSchema: { a: z.number(), b: z.number() } }, ({ a, b }) => text(a + b))
  server.registerTool('who', {}, () => text(getContext()?.sessionId))
  return server
}

describe('a server of the 1.x SDK', () => {
  it('answers each request for itself, whatever session the platform names', async () => {
    const { url } = await serving(counting)
    const { client, call } = await connected(url, { 'mcp-session-id': 'given-by-the-platform', 'x-amzn-bedrock-agentcore-runtime-session-id': 's-1' })
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(['count', 'add', 'who'])
    expect([await call('add', { a: 2, b: 3 }), await call('count'), await call('count'), await call('who')]).toEqual(['5', '1', '1', 's-1'])
    expect((await fetch(`${url}/mcp`)).status).toBe(405)
  })

  it('remembers within a session when it is stateful, and forgets a session that is ended', async () => {
    const { url } = await serving(counting, { stateful: true })
    const [one, two] = [await connected(url), await connected(url)]
    expect([await one.call('count'), await one.call('count'), await two.call('count')]).toEqual(['1', '2', '1'])
    const headers = { 'mcp-session-id': one.transport.sessionId ?? '', accept: 'application/json, text/event-stream' }
    await one.transport.terminateSession()
    const after = await fetch(`${url}/mcp`, { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: '{}' })
    expect([after.status, await after.json()]).toEqual([404, { jsonrpc: '2.0', error: { code: -32001, message: 'Session not found' }, id: null }])
  })
})

it('serves a handler of the 2.x SDK', async () => {
  const handler = createMcpHandler(() => {
    const server = new McpServer2({ name: 'adding', version: '1' })
    server.registerTool('add', { inputSchema: z.object({ a: z.number(), b: z.number() }) }, ({ a, b }) => text(a + b))
    return server
  })
  const { url } = await serving(handler)
  const { call } = await connected(url)
  expect(await call('add', { a: 2, b: 3 })).toBe('5')
})

it('answers /ping, has no other path, and listens on PORT', async () => {
  const { url } = await serving(counting, { port: undefined, env: { PORT: '0' }, ping: () => 'HealthyBusy' })
  expect(await (await fetch(`${url}/ping`)).json()).toMatchObject({ status: 'HealthyBusy' })
  expect((await fetch(`${url}/other`)).status).toBe(404)
})
