import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { bedrockAgentCore } from '@agentworks/model'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ServiceError } from '#kernel/errors.js'
import type { WebSocketCall, WebSocketConnection, WebSocketRoute } from '#ports/web-socket.js'
import { restJson } from '#wire/rest-json/index.js'
import { rootKey } from '#wire/signed-request.fixture.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { closing, dial, opened, refusal, runtimeArn } from './client.fixture.js'

const json = restJson(bedrockAgentCore, {})
let server: SignedServer
let calls: WebSocketCall[]
let ends: { code: number; reason: string }[]
let last: WebSocketConnection | undefined

/** Sends back what it gets, until it is told to refuse or to wait. */
const echo: WebSocketRoute = {
  path: '/ws',
  name: 'InvokeAgentRuntimeWithWebSocketStream',
  async open(context, call) {
    calls.push(call)
    if (call.query.has('refuse')) throw new ServiceError('RuntimeClientError', 'The agent has no /ws.')
    if (call.query.has('wait')) await new Promise((_resolve, reject) => context.signal.addEventListener('abort', () => reject(context.signal.reason)))
    const connection = call.accept({ subprotocol: call.subprotocols[0], headers: { 'X-Amzn-Example': 'given' } })
    last = connection
    connection.start({
      message: (data, isBinary) => connection.send(data, isBinary),
      ping: () => undefined,
      closed: (code, reason) => void ends.push({ code, reason }),
    })
    if (call.query.has('fail')) throw new Error('after it was accepted')
  },
}

beforeEach(async () => {
  calls = []
  ends = []
  server = await signedServer({ of: () => json, fallback: json }, { webSockets: [echo] })
})
afterEach(() => server[Symbol.asyncDispose]())

it('opens for signed headers, passes text and binary, and tells its request id', async () => {
  const socket = await dial(server.port, { subprotocols: ['chat', 'other'] })
  const answer = await opened(socket)
  expect(answer.headers).toMatchObject({ 'x-amzn-example': 'given', 'x-amzn-requestid': expect.stringMatching(/^[0-9a-f-]{36}$/) })
  expect(answer.headers['sec-websocket-extensions']).toBeUndefined()
  expect(socket.protocol).toBe('chat')
  for (const sent of ['grüße', Buffer.from([0, 255, 7])]) {
    socket.send(sent)
    const [data, isBinary] = await once(socket, 'message')
    expect({ data, isBinary }).toEqual({ data: Buffer.from(sent as string), isBinary: typeof sent !== 'string' })
  }
  socket.close(4_001, 'done')
  expect(await closing(socket)).toEqual({ code: 4_001, reason: 'done' })
  expect(ends).toEqual([{ code: 4_001, reason: 'done' }])
  expect(calls[0]).toMatchObject({ agentRuntimeArn: runtimeArn, subprotocols: ['chat', 'other'] })
  expect(server.audited).toMatchObject([
    {
      action: 'bedrock-agentcore:InvokeAgentRuntimeWithWebSocketStream',
      resource: runtimeArn,
      outcome: 'allowed',
      principalArn: rootKey.caller.principalArn,
    },
  ])
})

it('opens for a presigned address of at most 300 seconds, whose query reaches the route without the signature', async () => {
  const socket = await dial(server.port, {
    presignedFor: 300,
    query: { qualifier: 'DEFAULT', 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': 's'.repeat(33) },
  })
  await opened(socket)
  expect([...(calls[0]?.query.keys() ?? [])].sort()).toEqual(['X-Amzn-Bedrock-AgentCore-Runtime-Session-Id', 'qualifier'])
  socket.close()
  const refused = await refusal(await dial(server.port, { presignedFor: 301 }))
  expect(refused).toMatchObject({ status: 403, type: 'InvalidSignatureException', message: expect.stringContaining('between 1 and 300 seconds') })
})

it('takes a signature of the host without its port, as the official client makes it, only for the port it listens on', async () => {
  await opened(await dial(server.port, { signedHost: '127.0.0.1' }))
  const otherPort = await dial(server.port, { signedHost: '127.0.0.1', sentHost: '127.0.0.1:1' })
  expect(await refusal(otherPort)).toMatchObject({ status: 403, type: 'InvalidSignatureException' })
  const otherHost = await dial(server.port, { signedHost: 'localhost' })
  expect(await refusal(otherHost)).toMatchObject({ status: 403, type: 'InvalidSignatureException' })
})

it('refuses before the upgrade, in the form of every other error', async () => {
  const unsigned = await refusal(await dial(server.port, { signed: false }))
  expect(unsigned).toMatchObject({ status: 403, type: 'MissingAuthenticationTokenException' })
  const byRoute = await refusal(await dial(server.port, { query: { refuse: '' } }))
  expect(byRoute).toMatchObject({ status: 424, type: 'RuntimeClientError', message: 'The agent has no /ws.' })
  expect(byRoute.requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(await refusal(await dial(server.port, { path: '/runtimes/x/ws/other' }))).toMatchObject({ status: 404, type: 'UnknownOperationException' })
  const old = await dial(server.port, { options: { protocolVersion: 8 } })
  expect(await refusal(old)).toMatchObject({ status: 400, type: 'ValidationException', message: expect.stringContaining('Sec-WebSocket-Version') })
  expect(server.audited.map(({ outcome }) => outcome)).toEqual(['RuntimeClientError', 'ValidationException'])
})

it('asks the called resource about bearer tokens, in the header and in the subprotocol that browsers use', async () => {
  const byHeader = await dial(server.port, { signed: false, headers: { authorization: 'Bearer abc' } })
  const token = `base64UrlBearerAuthorization.${Buffer.from('a.b.c').toString('base64url')}`
  const bySubprotocol = await dial(server.port, { signed: false, subprotocols: [token, 'base64UrlBearerAuthorization'] })
  for (const socket of [byHeader, bySubprotocol])
    expect(await refusal(socket)).toMatchObject({ status: 403, type: 'AccessDeniedException', message: expect.stringContaining('bearer tokens') })
  const alone = await dial(server.port, { subprotocols: [token] })
  expect(await refusal(alone)).toMatchObject({ status: 400, type: 'ValidationException', message: expect.stringContaining('Sec-WebSocket-Protocol') })
})

it('knows through a session’s own listener that session only', async () => {
  const { socketPath } = await server.listenAs('instance1')
  const socket = await dial(server.port, { options: { createConnection: (() => connect(socketPath)) as never } })
  expect(await refusal(socket)).toMatchObject({ status: 403, type: 'AccessDeniedException', message: expect.stringContaining('Inside a session') })
  expect(calls).toEqual([])
})

it('closes with 1001 and takes no more when the platform drains', async () => {
  const [open, waiting] = [await dial(server.port), await dial(server.port, { query: { wait: '' } })]
  await opened(open)
  await expect.poll(() => calls.length).toBe(2)
  const [closed, refused] = [closing(open), refusal(waiting)]
  await server.drain()
  expect(await closed).toEqual({ code: 1001, reason: 'the platform stops' })
  expect(await refused).toMatchObject({ status: 503, type: 'ServiceUnavailableException' })
})

it('tells the route when the client leaves before the answer', async () => {
  const socket = await dial(server.port, { query: { wait: '' } })
  socket.on('error', () => undefined)
  await expect.poll(() => calls.length).toBe(1)
  socket.terminate()
  await expect.poll(() => server.audited.length).toBe(1)
  expect(server.defects).toEqual([])
})

it('closes with 1011 what its route gives up after accepting it, and calls that a defect', async () => {
  const socket = await dial(server.port, { query: { fail: '' } })
  expect(await closing(socket)).toMatchObject({ code: 1011 })
  expect(server.defects).toEqual([expect.stringContaining('after it was accepted')])
})

it('answers other upgrades as plain requests, with their body', async () => {
  const socket = connect(server.port, '127.0.0.1')
  socket.end(
    `POST /x HTTP/1.1\r\nhost: 127.0.0.1:${server.port}\r\nconnection: upgrade, http2-settings, close\r\nupgrade: h2c\r\ncontent-length: 2\r\n\r\n{}`,
  )
  expect(await text(socket)).toMatch(/^HTTP\/1.1 403 .*MissingAuthenticationTokenException/s)
})

it('drops a client that does not wait for its answer', async () => {
  let raw: Socket | undefined
  const createConnection = () => (raw = connect(server.port, '127.0.0.1'))
  const socket = await dial(server.port, { query: { wait: '' }, options: { createConnection: createConnection as never } })
  const closed = new Promise((resolve) => socket.on('error', () => undefined).once('close', resolve))
  await expect.poll(() => calls.length).toBe(1)
  raw?.write(Buffer.alloc(200_000))
  await closed
})

it('says goodbye for a handler that closes, with a reason cut to what a frame holds', async () => {
  const socket = await dial(server.port)
  await opened(socket)
  last?.close(4_000, 'ä'.repeat(100))
  expect(await closing(socket)).toEqual({ code: 4_000, reason: 'ä'.repeat(61) })
})
