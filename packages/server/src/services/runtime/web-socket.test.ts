import { once } from 'node:events'
import { createRequire } from 'node:module'
import { bedrockAgentCore } from '@agentworks/model'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { WebSocket } from 'ws'
import { restJson } from '#wire/rest-json/index.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { closing, type Dial, dial, opened, refusal } from '#wire/web-socket/client.fixture.js'
import { openWorld } from './world.fixture.js'

const library = createRequire(import.meta.url).resolve('ws')

const agent = `
const http = require('node:http')
const { WebSocketServer } = require(${JSON.stringify(library)})
const server = http.createServer((request, response) => response.end('{"status":"Healthy","time_of_last_update":1}'))
let flooding
const sockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => offered.has('chat') && 'chat' })
server.on('upgrade', (request, socket, head) => {
  if (request.headers['x-amzn-bedrock-agentcore-runtime-custom-refuse']) return socket.end('HTTP/1.1 403 Forbidden\\r\\ncontent-length: 0\\r\\n\\r\\n')
  sockets.handleUpgrade(request, socket, head, (ws) => {
    ws.on('message', (data, isBinary) => {
      const [word, count] = isBinary ? [] : String(data).split(' ')
      if (word === 'request') return ws.send(JSON.stringify({ url: request.url, headers: request.headers }))
      if (word === 'close') return ws.close(Number(count), 'as asked')
      if (word === 'break') return ws.terminate()
      if (word === 'exit') return process.exit(3)
      if (word === 'send') return ws.send(Buffer.alloc(Number(count)))
      if (word === 'flood') { flooding = ws; for (let sent = 0; sent < Number(count); sent++) ws.send(Buffer.alloc(60000)); return ws.send('all') }
      if (word === 'waiting') return ws.send(String(flooding.bufferedAmount))
      ws.send(data, { binary: isBinary })
    })
    ws.on('close', (code, reason) => console.log('closed ' + code + ' ' + reason))
  })
})
server.listen(8080)
`
const allowed = 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Colour'
const refuse = 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Refuse'
const idHeader = 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id'
const json = restJson(bedrockAgentCore, {})

let world: Awaited<ReturnType<typeof openWorld>>
let server: SignedServer
let arn: string
let plain: string

beforeAll(async () => {
  world = await openWorld()
  server = await signedServer({ of: () => json, fallback: json }, { webSockets: world.room.webSockets })
  arn = await world.agent('echo', agent, { requestHeaderConfiguration: { requestHeaderAllowlist: [allowed, refuse] } })
  plain = await world.agent(
    'plain',
    `require('node:http').createServer((q, s) => { s.statusCode = q.url === '/ping' ? 200 : 404; s.end('{}') }).listen(8080)`,
  )
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await world.close()
})

const to = (agentRuntimeArn: string, given: Dial = {}) => dial(server.port, { path: `/runtimes/${encodeURIComponent(agentRuntimeArn)}/ws`, ...given })
const session = (name: string) => `${name}-${'0'.repeat(33)}`
const inSession = (name: string, given: Dial = {}) => to(arn, { ...given, headers: { [idHeader]: session(name), ...given.headers } })
const stateOf = (name: string) => world.room.sessions.list().find(({ runtimeSessionId }) => runtimeSessionId === session(name))?.state

const linesOf = async (agentRuntimeArn: string) =>
  (await world.agentLogs.read(agentRuntimeArn.split('/')[1] ?? '', { tail: 50 })).map(({ line }) => line)

async function ask(socket: WebSocket, sent: string): Promise<string> {
  socket.send(sent)
  const [data] = await once(socket, 'message')
  return String(data)
}

it('passes text and binary to the agent and back, in the session that the header names', async () => {
  const socket = await inSession('plain', { subprotocols: ['other', 'chat'] })
  const answer = await opened(socket)
  expect(answer.headers[idHeader.toLowerCase()]).toBe(session('plain'))
  expect(socket.protocol).toBe('chat')
  expect(await ask(socket, 'grüße')).toBe('grüße')
  socket.send(Buffer.from([0, 255]))
  expect(await once(socket, 'message')).toEqual([Buffer.from([0, 255]), true])
  expect(stateOf('plain')).toBe('ACTIVE')
  socket.close()
  await closing(socket)
  await expect.poll(() => stateOf('plain')).toBe('IDLE')
})

it('makes a session id where none is given, and lets an agent choose no subprotocol', async () => {
  const socket = await to(arn, { headers: { 'sec-websocket-protocol': 'other' } })
  expect((await opened(socket)).headers[idHeader.toLowerCase()]).toMatch(/^[0-9a-f-]{36}$/)
  socket.close()
})

it('gives the agent the documented headers and the allow-listed ones, from headers and from the query, and nothing of the signature', async () => {
  const query = { [idHeader]: session('query'), [allowed]: 'green', 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Other': 'x' }
  const socket = await to(arn, { presignedFor: 60, query, headers: { traceparent: '00-1-2-01' } })
  await opened(socket)
  const { url, headers } = JSON.parse(await ask(socket, 'request'))
  expect(url).toBe('/ws')
  expect(headers).toEqual({
    host: '127.0.0.1:8080',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': expect.any(String),
    [idHeader.toLowerCase()]: session('query'),
    'x-amzn-bedrock-agentcore-runtime-request-id': expect.any(String),
    workloadaccesstoken: expect.any(String),
    'x-amz-bedrock-agentcore-identity-wat': headers.workloadaccesstoken,
    [allowed.toLowerCase()]: 'green',
    traceparent: '00-1-2-01',
  })
  socket.close()
})

it('passes close codes and reasons on in both directions', async () => {
  const byAgent = await inSession('codes')
  await opened(byAgent)
  byAgent.send('close 4321')
  expect(await closing(byAgent)).toEqual({ code: 4321, reason: 'as asked' })
  const byClient = await inSession('codes')
  await opened(byClient)
  byClient.close(3005, 'enough')
  await expect.poll(() => linesOf(arn)).toContain('closed 3005 enough')
})

it('closes with 1011 when the agent breaks off or ends, with 1009 when it sends too much, with 1001 when the session is stopped', async () => {
  const broken = await inSession('ends')
  await opened(broken)
  broken.send('break')
  expect(await closing(broken)).toEqual({ code: 1011, reason: 'the agent broke off the connection' })
  const large = await inSession('ends')
  await opened(large)
  large.send('send 65537')
  expect(await closing(large)).toMatchObject({ code: 1009 })
  const [stopped, gone] = [await inSession('stops'), await inSession('ends')]
  await Promise.all([opened(stopped), opened(gone)])
  const closed = closing(stopped)
  await world.room.sessions.stopById(session('stops'), undefined)
  expect(await closed).toEqual({ code: 1001, reason: 'the session ends: stopped by the operator' })
  gone.send('exit')
  expect(await closing(gone)).toMatchObject({ code: 1011 })
})

it('refuses before the upgrade what is no agent’s WebSocket, with what its owner needs in the log', async () => {
  expect(await refusal(await to(plain))).toMatchObject({
    status: 424,
    type: 'RuntimeClientError',
    message: expect.stringMatching(/^Received error \(404\)/),
  })
  expect(await linesOf(plain)).toContainEqual(expect.stringContaining('GET /ws'))
  expect(await refusal(await to(arn, { headers: { [refuse]: 'yes' } }))).toMatchObject({ status: 424, message: expect.stringContaining('(403)') })
  const unknown = arn.replace(/runtime\/.*/, 'runtime/none-0123456789')
  expect(await refusal(await to(unknown))).toMatchObject({ status: 404, type: 'ResourceNotFoundException' })
  expect(await refusal(await to(arn, { query: { qualifier: 'nowhere' } }))).toMatchObject({ status: 404, type: 'ResourceNotFoundException' })
})

it.each([
  ['a session id of 32 characters', { headers: { [idHeader]: 'x'.repeat(32) } }, idHeader.toLowerCase()],
  ['a session id that the query contradicts', { headers: { [idHeader]: session('a') }, query: { [idHeader]: session('b') } }, 'given twice'],
  ['a custom header with a line break in the query', { query: { [allowed]: 'a\r\nx: y' } }, 'no header can carry'],
  ['a custom header of more than 4 KB', { query: { [allowed]: 'x'.repeat(4_097) } }, 'more than 4096 bytes'],
  ['a subprotocol that is offered twice', { headers: { 'sec-websocket-protocol': 'a, a' } }, 'Sec-WebSocket-Protocol'],
])('refuses %s', async (_what, given, message) => {
  const socket = await to(arn, given)
  expect(await refusal(socket)).toMatchObject({ status: 400, type: 'ValidationException', message: expect.stringContaining(message) })
})

it('lets an agent that floods a slow client wait, and loses nothing', async () => {
  const socket = await inSession('flood')
  await opened(socket)
  let count = 0
  socket.on('message', (data: Buffer) => {
    count += data.length
  })
  socket.pause()
  socket.send('flood 500')
  const asking = await inSession('flood')
  await opened(asking)
  // What nobody reads stays with the agent, not with the platform.
  await expect.poll(async () => Number(await ask(asking, 'waiting')), { timeout: 10_000 }).toBeGreaterThan(20_000_000)
  socket.resume()
  await expect.poll(() => count, { timeout: 15_000 }).toBe(500 * 60_000 + 'all'.length)
  for (const each of [socket, asking]) each.close()
})

it('keeps a session by frames, not by an open connection', async () => {
  const own = await openWorld()
  await using front = await signedServer({ of: () => json, fallback: json }, { webSockets: own.room.webSockets })
  try {
    const idling = await own.agent('idling', agent, { lifecycleConfiguration: { idleRuntimeSessionTimeout: 60 } })
    const socket = await dial(front.port, { path: `/runtimes/${encodeURIComponent(idling)}/ws`, headers: { [idHeader]: session('idle') } })
    await opened(socket)
    own.pass(50_000)
    expect(await ask(socket, 'still here')).toBe('still here')
    const closed = closing(socket)
    await expect.poll(() => own.waiting()).toBe(1)
    own.pass(50_000)
    expect(await ask(socket, 'and here')).toBe('and here')
    await expect.poll(() => own.waiting()).toBe(1)
    own.pass(60_000)
    expect(await closed).toEqual({ code: 1001, reason: 'the session ends: idle timeout reached' })
  } finally {
    await own.close()
  }
})
