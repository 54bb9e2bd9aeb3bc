// MCP, A2A and AG-UI: agents made with the official SDKs, spoken to by the official clients through the platform.
import { Role } from '@a2a-js/sdk'
import { ClientFactory, DefaultAgentCardResolver, JsonRpcTransportFactory } from '@a2a-js/sdk/client'
import { HttpAgent } from '@ag-ui/client'
import { GetAgentCardCommand, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { GetAgentRuntimeCommand, UpdateAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect } from 'vitest'
import { codeArtifact, createAgent, nodeAgent, settled } from '../agents.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { signedFetch } from '../signed-fetch.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'

let platform: RunningPlatform
let clients: Clients

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
})
afterAll(() => removeDataDir(platform))

const urlOf = (agentRuntimeArn: string) => `${platform.url}/runtimes/${encodeURIComponent(agentRuntimeArn)}/invocations`
const pathOf = (agentRuntimeArn: string) => new URL(urlOf(agentRuntimeArn)).pathname

scenario('protocols.kept', 'js', async () => {
  const onItsPort = nodeAgent.replace('8080', 'Number(process.env.PORT)')
  const { agentRuntimeArn, agentRuntimeId } = await createAgent(clients, { name: 'kept', serverProtocol: 'A2A', files: { 'main.js': onItsPort } })
  const protocol = async () => (await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))).protocolConfiguration?.serverProtocol
  expect(await protocol()).toBe('A2A')
  const { body } = await invoke(clients, agentRuntimeArn, { env: true })
  expect(body.env).toMatchObject({ PORT: '9000', A2A_PORT: '9000', AGENTCORE_RUNTIME_URL: urlOf(agentRuntimeArn) })
  expect(body.headers.host).toBe('127.0.0.1:9000')
  await clients.control.send(
    new UpdateAgentRuntimeCommand({
      agentRuntimeId,
      agentRuntimeArtifact: codeArtifact('kept.zip'),
      roleArn,
      networkConfiguration: { networkMode: 'PUBLIC' },
      protocolConfiguration: { serverProtocol: 'MCP' },
    }),
  )
  await settled(clients, agentRuntimeId)
  expect(await protocol()).toBe('MCP')
  const after = await invoke(clients, agentRuntimeArn, { env: true })
  expect(after.body.env).toMatchObject({ PORT: '8000' })
  expect(after.body.headers).toMatchObject({
    host: '127.0.0.1:8000',
    'mcp-session-id': after.mcpSessionId,
    accept: 'application/json, text/event-stream',
  })
})

async function mcpClient(agentRuntimeArn: string, onElicited?: () => void) {
  const { promise: listening, resolve: listens } = Promise.withResolvers<void>()
  const signing = signedFetch(platform)
  const watched: typeof fetch = async (input, init) => {
    const answer = await signing(input, init)
    if (init?.method === 'GET' && answer.ok) listens()
    return answer
  }
  const client = new Client({ name: 'conformance', version: '1.0.0' }, { capabilities: { elicitation: {} } })
  client.setRequestHandler('elicitation/create', async () => {
    onElicited?.()
    return { action: 'accept', content: { colour: 'green' } }
  })
  const transport = new StreamableHTTPClientTransport(new URL(urlOf(agentRuntimeArn)), {
    fetch: watched,
  })
  await client.connect(transport)
  const textOf = (result: { content?: unknown }) => (result.content as { text: string }[])[0]?.text ?? ''
  return { client, transport, textOf, listening }
}

scenario('protocols.mcp.stateless', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'mcp', serverProtocol: 'MCP', files: { 'main.js': await bundled('mcp-server') } })
  const { client, transport, textOf } = await mcpClient(agentRuntimeArn)
  const { tools } = await client.listTools()
  expect(tools.map(({ name }) => name)).toEqual(['count', 'order'])
  const { sessionId } = transport
  expect(sessionId).toMatch(/^[0-9a-f-]{36}$/)
  const count = async () => JSON.parse(textOf(await client.callTool({ name: 'count', arguments: {} })))
  expect(await count()).toEqual({ calls: 1, mcpSessionId: sessionId })
  expect(await count()).toEqual({ calls: 2, mcpSessionId: sessionId })
  await client.close()
  const other = await mcpClient(agentRuntimeArn)
  expect(JSON.parse(other.textOf(await other.client.callTool({ name: 'count', arguments: {} })))).toMatchObject({ calls: 1 })
  await other.client.close()
  // AWS's own SDK sends a new runtimeSessionId with every call: the protocol's id is the key.
  const call = { jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'count', arguments: {} } }
  const accept = 'application/json, text/event-stream'
  const bySdk = await clients.data.send(
    new InvokeAgentRuntimeCommand({ agentRuntimeArn, accept, mcpSessionId: sessionId, payload: Buffer.from(JSON.stringify(call)) }),
  )
  expect(bySdk).toMatchObject({ statusCode: 200, mcpSessionId: sessionId, runtimeSessionId: sessionId })
  expect(await bySdk.response?.transformToString()).toContain('\\"calls\\":3')
})

scenario('protocols.mcp.stateful', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, {
    name: 'mcp_stateful',
    serverProtocol: 'MCP',
    files: { 'main.js': await bundled('mcp-server') },
    environmentVariables: { STATEFUL: '1' },
  })
  const heard: unknown[] = []
  const { client, transport, textOf, listening } = await mcpClient(agentRuntimeArn, () => void heard.push('elicited'))
  expect(transport.sessionId).toMatch(/^[0-9a-f]{32}$/)
  const ordered = await client.callTool(
    { name: 'order', arguments: {} },
    { onprogress: ({ progress, total }) => void heard.push({ progress, total }) },
  )
  expect(textOf(ordered)).toBe('ordered in green')
  expect(heard).toEqual([{ progress: 1, total: 2 }, 'elicited'])
  await listening
  expect(textOf(await client.callTool({ name: 'order', arguments: {} }))).toBe('ordered in green')
  expect(heard).toHaveLength(3)
  expect(JSON.parse(textOf(await client.callTool({ name: 'count', arguments: {} })))).toEqual({ calls: 1, mcpSessionId: transport.sessionId })
  const ended = transport.sessionId ?? ''
  await transport.terminateSession()
  await client.close()
  const forgotten = await sendSigned(platform, {
    path: pathOf(agentRuntimeArn),
    headers: { accept: 'application/json, text/event-stream', 'mcp-session-id': ended },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  expect(forgotten.status).toBe(404)
  expect(JSON.parse(forgotten.body)).toMatchObject({ error: { message: 'Session not found' } })
})

scenario('protocols.mcp.errors', 'raw', async () => {
  const failing = nodeAgent.replace('8080', '8000')
  const { agentRuntimeArn } = await createAgent(clients, { name: 'mcp_failing', serverProtocol: 'MCP', files: { 'main.js': failing } })
  const send = async (body: unknown, { headers = {}, query = '' }: { headers?: Record<string, string>; query?: string } = {}) => {
    const {
      status,
      body: text,
      headers: answered,
    } = await sendSigned(platform, {
      path: pathOf(agentRuntimeArn) + query,
      headers: { accept: 'application/json, text/event-stream', ...headers },
      body: JSON.stringify(body),
    })
    return { status, type: answered['content-type'], body: JSON.parse(text) }
  }
  const rpcError = (id: unknown, code: number, message: unknown = expect.any(String)) => ({ jsonrpc: '2.0', id, error: { code, message } })

  const failed = await send({ jsonrpc: '2.0', id: 'a', method: 'tools/list', status: 500 })
  expect(failed).toEqual({ status: 200, type: 'application/json', body: rpcError('a', -32010, expect.stringContaining('Received error (500)')) })
  expect(await send({ id: 5 }, { headers: { accept: 'application/json' } })).toMatchObject({ status: 406, body: rpcError(5, -32011) })
  expect(await send({ id: 6 }, { query: '?qualifier=none' })).toMatchObject({ status: 200, body: rpcError(6, -32004) })
  expect(await send({ id: 7 }, { headers: { 'x-amzn-bedrock-agentcore-runtime-session-id': 'short' } })).toMatchObject({ body: rpcError(7, -32006) })
  for (const method of ['GET', 'DELETE'])
    expect((await sendSigned(platform, { method, path: pathOf(agentRuntimeArn), headers: { accept: 'text/event-stream' } })).status).toBe(405)
})

scenario('protocols.a2a', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'a2a', serverProtocol: 'A2A', files: { 'main.js': await bundled('a2a-server') } })
  const runtimeSessionId = session('a2a')
  const found = await clients.data.send(new GetAgentCardCommand({ agentRuntimeArn, runtimeSessionId }))
  expect(found).toMatchObject({ statusCode: 200, runtimeSessionId, agentCard: { name: 'Echo' } })

  const inSession: typeof fetch = (input, init) => {
    const request = new Request(input, init)
    request.headers.set('X-Amzn-Bedrock-AgentCore-Runtime-Session-Id', runtimeSessionId)
    return signedFetch(platform)(request)
  }
  const ask = async (version: string, text: string) => {
    const legacyCompat = { enabled: true }
    const factory = new ClientFactory({
      cardResolver: new DefaultAgentCardResolver({ fetchImpl: inSession, legacyCompat }),
      transports: [new JsonRpcTransportFactory({ fetchImpl: inSession, legacyCompat })],
    })
    const card = await new DefaultAgentCardResolver({ fetchImpl: inSession, legacyCompat }).resolve(
      `${urlOf(agentRuntimeArn)}/`,
      '.well-known/agent-card.json',
    )
    expect(card.supportedInterfaces.map(({ url }) => url)).toEqual([urlOf(agentRuntimeArn), urlOf(agentRuntimeArn)])
    const client = await factory.createFromAgentCard({
      ...card,
      supportedInterfaces: card.supportedInterfaces.filter(({ protocolVersion }) => protocolVersion === version),
    })
    return client.sendMessage({
      tenant: '',
      configuration: undefined,
      metadata: undefined,
      message: {
        messageId: 'm-1',
        contextId: '',
        taskId: '',
        role: Role.ROLE_USER,
        parts: [{ content: { $case: 'text', value: text }, metadata: undefined, filename: '', mediaType: 'text/plain' }],
        metadata: undefined,
        extensions: [],
        referenceTaskIds: [],
      },
    })
  }
  expect(await ask('1.0', 'one')).toMatchObject({ parts: [{ content: { value: 'echo 1: one' } }] })
  expect(await ask('0.3', 'two')).toMatchObject({ parts: [{ content: { value: 'echo 2: two' } }] })
})

scenario('protocols.a2a.errors', 'js', async () => {
  const failing = nodeAgent.replace('8080', '9000')
  const { agentRuntimeArn } = await createAgent(clients, { name: 'a2a_failing', serverProtocol: 'A2A', files: { 'main.js': failing } })
  const request = { jsonrpc: '2.0', id: 'q', method: 'message/send' }
  const bySdk = await errorOf(invoke(clients, agentRuntimeArn, { ...request, status: 500 }))
  expect(bySdk).toMatchObject({ name: 'RuntimeClientError', status: 424, message: expect.stringContaining('Received error (500)') })
  const raw = await sendSigned(platform, { path: pathOf(agentRuntimeArn), body: JSON.stringify({ ...request, status: 500 }) })
  expect(JSON.parse(raw.body)).toMatchObject({ jsonrpc: '2.0', id: 'q', error: { code: -32055 } })
  const missing = await sendSigned(platform, { path: `${pathOf(agentRuntimeArn)}?qualifier=none`, body: JSON.stringify(request) })
  expect({ status: missing.status, body: JSON.parse(missing.body) }).toMatchObject({ status: 404, body: { id: 'q', error: { code: -32051 } } })
  const cardless = `require('node:http').createServer((request, response) => response.writeHead(request.url === '/ping' ? 200 : 404).end()).listen(9000)`
  const withoutCard = await createAgent(clients, { name: 'cardless', serverProtocol: 'A2A', files: { 'main.js': cardless } })
  const noCard = await errorOf(clients.data.send(new GetAgentCardCommand({ agentRuntimeArn: withoutCard.agentRuntimeArn })))
  expect(noCard.name).toBe('RuntimeClientError')
  const { agentRuntimeArn: plain } = await createAgent(clients, { name: 'plain' })
  expect(await errorOf(clients.data.send(new GetAgentCardCommand({ agentRuntimeArn: plain })))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('speaks HTTP'),
  })
})

const aguiAgent = `
const http = require('node:http')
http.createServer((request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  let text = ''
  request.on('data', (piece) => (text += piece)).on('end', () => {
    const { threadId, runId, messages } = JSON.parse(text)
    const said = messages.at(-1).content
    if (said === 'refuse') { response.statusCode = 500; return response.end('no') }
    response.writeHead(200, { 'content-type': request.headers.accept })
    const send = (event) => response.write('data: ' + JSON.stringify(event) + '\\n\\n')
    send({ type: 'RUN_STARTED', threadId, runId })
    send({ type: 'TEXT_MESSAGE_START', messageId: 'm', role: 'assistant' })
    send({ type: 'TEXT_MESSAGE_CONTENT', messageId: 'm', delta: 'You said ' + said })
    if (said === 'break') { response.write('data: {"type":"TEXT_'); return setTimeout(() => process.exit(3), 50) }
    send({ type: 'TEXT_MESSAGE_END', messageId: 'm' })
    send({ type: 'RUN_FINISHED', threadId, runId })
    response.end()
  })
}).listen(8080)
`

scenario('protocols.agui', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'agui', serverProtocol: 'AGUI', files: { 'main.js': aguiAgent } })
  const run = async (content: string) => {
    const agent = new HttpAgent({ url: urlOf(agentRuntimeArn), fetch: signedFetch(platform), threadId: 'thread' })
    agent.setMessages([{ id: '1', role: 'user', content }])
    const seen: Record<string, unknown>[] = []
    await agent.runAgent({ runId: 'run' }, { onEvent: ({ event }) => void seen.push(event as never) }).catch(() => undefined)
    return { seen, messages: agent.messages }
  }
  const { messages } = await run('hello')
  expect(messages.at(-1)).toMatchObject({ role: 'assistant', content: 'You said hello' })
  expect((await run('break')).seen.at(-1)).toMatchObject({ type: 'RUN_ERROR', code: 'AGENT_ERROR', message: expect.stringContaining('broke off') })
  expect((await run('refuse')).seen).toMatchObject([{ type: 'RUN_ERROR', code: 'AGENT_ERROR' }])
  const refused = await errorOf(
    clients.data.send(
      new InvokeAgentRuntimeCommand({ agentRuntimeArn, qualifier: 'DEFAULT', traceParent: 'x'.repeat(200), payload: Buffer.from('{}') }),
    ),
  )
  expect(refused).toMatchObject({ name: 'ValidationException', status: 400, message: expect.stringContaining('traceParent') })
})
