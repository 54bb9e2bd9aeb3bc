import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:http2'
import { Readable } from 'node:stream'
import { type BedrockRuntime, bedrockAgentCore, bedrockRuntime, type InvokeAgentRuntimeRequest } from '@agentworks/model'
import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime'
import { expect, test } from 'vitest'
import type { Context } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import { type OperationTable, restJson } from './index.js'
import { type UnsignedServer, unsignedHttp2Server, unsignedServer } from './unsigned-server.fixture.js'

const serve = (operations: OperationTable) => unsignedServer(restJson(bedrockAgentCore, operations))
const clientOf = ({ url }: UnsignedServer) =>
  new BedrockAgentCoreClient({
    endpoint: url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  })

const arn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/my_agent-AbC1234567'
const invocations = `/runtimes/${encodeURIComponent(arn)}/invocations`
const createMemory = { CreateMemory: async () => ({}) }

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited ten seconds in vain')
    await new Promise((resolve) => setImmediate(resolve))
  }
}

test.each([
  ['not JSON', '{"name":'],
  ['a list', '[]'],
  ['null', 'null'],
  ['a string', '"x"'],
  ['no UTF-8', Buffer.from([0x7b, 0xff, 0x7d])],
  ['a byte order mark', '\ufeff{}'],
])('a body that is %s cannot be parsed, and is not quoted', async (_, body) => {
  await using server = await serve(createMemory)
  const answer = await fetch(`${server.url}/memories/create`, { method: 'POST', body })
  expect(answer.status).toBe(400)
  expect(answer.headers.get('x-amzn-errortype')).toBe('ValidationException')
  expect(answer.headers.get('x-amzn-requestid')).toBe('request-1')
  expect(await answer.json()).toEqual({
    reason: 'CannotParse',
    message: expect.stringMatching(/^The request body (is not valid JSON|is not UTF-8|must be a JSON object)\.$/),
  })
})

test('ten megabytes of opening brackets are refused like any other bad body', async () => {
  await using server = await serve(createMemory)
  const answer = await fetch(`${server.url}/memories/create`, { method: 'POST', body: `{"future":${'['.repeat(10_000_000)}` })
  expect([answer.status, ((await answer.json()) as { reason: string }).reason]).toEqual([400, 'CannotParse'])
})

test.each(['with its length', 'in chunks'])('a body over the limit, sent %s, is refused with the limit', async (how) => {
  await using server = await serve(createMemory)
  const body = Buffer.alloc(10 * 1024 * 1024 + 1, 'x')
  const sent = how === 'in chunks' ? { body: Readable.toWeb(Readable.from([body])) as RequestInit['body'], duplex: 'half' as const } : { body }
  const answer = await fetch(`${server.url}/memories/create`, { method: 'POST', ...sent })
  expect(answer.status).toBe(400)
  expect(((await answer.json()) as { message: string }).message).toContain('10485760 bytes')
})

test.each([
  ['/browsers?maxResults=', 'maxResults', 'must be a whole number'],
  ['/browsers?maxResults=1e1e1', 'maxResults', 'must be a whole number'],
  ['/browsers?maxResults=101', 'maxResults', 'must be between 1 and 100'],
  ['/browsers?maxResults=1&maxResults=2', 'maxResults', 'must be given once'],
  ['/browsers?type=MINE', 'type', 'must be one of: SYSTEM, CUSTOM'],
  ['/browsers?type=%zz', 'query', expect.stringContaining('percent')],
])('POST %s is refused', async (path, name, message) => {
  await using server = await serve({ ListBrowsers: async () => ({ browserSummaries: [] }) })
  const answer = await fetch(server.url + path, { method: 'POST' })
  expect(answer.status).toBe(400)
  expect(((await answer.json()) as { fieldList: unknown }).fieldList).toEqual([{ name, message }])
})

test('a payload is handed over as it arrives and never held whole', async () => {
  let arrived = 0
  await using server = await serve({
    InvokeAgentRuntime: async (_: Context, { payload, payloadLength }: InvokeAgentRuntimeRequest) => {
      expect(payloadLength).toBeUndefined()
      for await (const piece of payload ?? []) arrived += piece.length
      return { contentType: 'application/json', response: Readable.from([Buffer.from(String(arrived))]) }
    },
  })
  const upload = httpRequest(server.url + invocations, { method: 'POST' })
  upload.write(Buffer.alloc(1000))
  await until(() => arrived === 1000)
  upload.end(Buffer.alloc(500))
  const [answer] = await once(upload, 'response')
  expect(Buffer.concat(await answer.toArray()).toString()).toBe('1500')
})

test('a payload over 100 MB is refused by its length, before a byte of it is read', async () => {
  await using server = await serve({ InvokeAgentRuntime: async () => ({}) })
  const upload = httpRequest(server.url + invocations, { method: 'POST', headers: { 'content-length': 100_000_001 } })
  upload.on('error', () => undefined)
  upload.flushHeaders()
  const [answer] = await once(upload, 'response')
  expect(answer.statusCode).toBe(400)
  upload.destroy()
})

test('a client that leaves in the middle of a payload that nobody reads harms nothing', async () => {
  let left: Promise<unknown> | undefined
  await using server = await serve({
    InvokeAgentRuntime: async ({ signal }: Context, { payload }: InvokeAgentRuntimeRequest) => {
      left = new Promise((resolve) => (payload as Readable).once('close', resolve))
      await once(signal, 'abort')
      return {}
    },
  })
  const upload = httpRequest(server.url + invocations, { method: 'POST' })
  upload.on('error', () => undefined)
  upload.write('half')
  await until(() => left !== undefined)
  upload.destroy()
  await left
})

test('a byte stream reaches the client piece by piece, the head before the first', async () => {
  let release: () => void = () => undefined
  const gate = new Promise<void>((resolve) => {
    release = resolve
  })
  await using server = await serve({
    InvokeAgentRuntime: async () => ({
      contentType: 'text/event-stream',
      statusCode: 207,
      traceId: 'line\nbreak 😀',
      response: (async function* () {
        await gate
        yield Buffer.from('data: 1\n\n')
        yield Buffer.from('data: 2\n\n')
      })(),
    }),
  })
  const answer = await clientOf(server).send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: arn, payload: Buffer.from('{}') }))
  expect([answer.statusCode, answer.contentType, answer.traceId]).toEqual([207, 'text/event-stream', 'line?break ??'])
  release()
  expect(await answer.response?.transformToString()).toBe('data: 1\n\ndata: 2\n\n')
})

test('a byte source that fails cuts the connection: the client never takes half an answer for all of it', async () => {
  await using server = await serve({
    InvokeAgentRuntime: async () => ({
      contentType: 'text/plain',
      response: (async function* () {
        yield Buffer.from('half')
        throw new Error('the agent died')
      })(),
    }),
  })
  const answer = await fetch(server.url + invocations, { method: 'POST' })
  await expect(answer.text()).rejects.toThrow()
})

test.each(['generator', 'readable'])('a %s is told to end when the client goes away', async (kind) => {
  let ended = false
  const readable = new Readable({
    read: () => undefined,
    destroy(error, done) {
      ended = true
      done(error)
    },
  })
  readable.push('first')
  async function* generator(signal: AbortSignal) {
    try {
      yield Buffer.from('first')
      await once(signal, 'abort')
      yield Buffer.from('too late')
    } finally {
      ended = true
    }
  }
  await using server = await serve({
    InvokeAgentRuntime: async ({ signal }: Context) => ({ contentType: 'text/plain', response: kind === 'readable' ? readable : generator(signal) }),
  })
  const upload = httpRequest(server.url + invocations, { method: 'POST' }).end()
  const [answer] = await once(upload, 'response')
  await once(answer, 'data')
  upload.destroy()
  await until(() => ended)
})

test('a source is not asked for more than the client reads', async () => {
  let given = 0
  await using server = await serve({
    InvokeAgentRuntime: async () => ({
      contentType: 'application/octet-stream',
      response: (async function* () {
        for (; given < 1000; given += 1) yield Buffer.alloc(1_000_000)
      })(),
    }),
  })
  const upload = httpRequest(server.url + invocations, { method: 'POST' }).end()
  const [answer] = await once(upload, 'response')
  answer.pause()
  let last = -1
  let steady = 0
  // Given out until every buffer on the way is full, then no further.
  await until(() => {
    steady = given === last ? steady + 1 : 0
    last = given
    return given > 0 && steady > 2000
  })
  expect(given).toBeLessThan(100)
  upload.destroy()
})

test('resources are named as IAM policies name them', () => {
  const protocol = restJson(bedrockAgentCore, {})
  const resource = (method: string, rawPath: string, input: object) =>
    protocol.resource(protocol.match({ method, rawPath, rawQuery: '', headers: {} } as never), input, {
      account: '000000000000',
      region: 'eu-west-1',
    })
  const mine = 'arn:aws:bedrock-agentcore:eu-west-1:000000000000:'
  expect(resource('POST', invocations, { agentRuntimeArn: arn })).toBe(arn)
  expect(resource('POST', '/runtimes/my_agent-AbC1234567/invocations', { agentRuntimeArn: 'my_agent-AbC1234567' })).toBe(
    `${mine}runtime/my_agent-AbC1234567`,
  )
  expect(resource('GET', '/runtimes/a/', { agentRuntimeId: 'a' })).toBe(`${mine}runtime/a`)
  expect(resource('PUT', '/runtimes/a/runtime-endpoints/', { agentRuntimeId: 'a', name: 'dev' })).toBe(`${mine}runtime/a`)
  expect(resource('GET', '/runtimes/a/runtime-endpoints/dev/', { agentRuntimeId: 'a', endpointName: 'dev' })).toBe(
    `${mine}runtime/a/runtime-endpoint/dev`,
  )
  expect(resource('GET', `/tags/${encodeURIComponent(arn)}`, { resourceArn: arn })).toBe(arn)
  expect(resource('GET', `/tags/${encodeURIComponent(arn)}`, { resourceArn: arn.replace('arn:aws:', 'arn:aws-cn:') })).toBe(arn)
  expect(resource('PUT', '/runtimes/', { agentRuntimeName: 'a' })).toBe('*')
  expect(resource('POST', '/harnesses/invoke', { harnessArn: 'arn:aws:x:y:z:harness/h' })).toBe('arn:aws:x:y:z:harness/h')
})

test('every label of the model is known to the table of resources', () => {
  const protocol = restJson(bedrockAgentCore, {})
  for (const { name, method, uri } of Object.values(bedrockAgentCore.operations)) {
    const matched = protocol.match({ method, rawPath: uri.replaceAll(/\{(\w+)\}/g, 'x'), rawQuery: '', headers: {} } as never)
    if (uri.includes('{')) expect(protocol.resource(matched, {}, { account: '1', region: 'r' }), name).toMatch(/^arn:aws:bedrock-agentcore:r:1:/)
  }
})

test('model operations are allowed by the actions that IAM knows, and their streams carry Bedrock’s events', async () => {
  const events: BedrockRuntime.ConverseStreamOutput[] = [{ messageStart: { role: 'assistant' } }, { messageStop: { stopReason: 'end_turn' } }]
  const protocol = restJson(
    bedrockRuntime,
    { ConverseStream: async () => ({ stream: Readable.from(events) }) },
    { actions: { ConverseStream: 'InvokeModelWithResponseStream' } },
  )
  const matched = protocol.match({ method: 'POST', rawPath: '/model/us.offline%3A1/converse-stream', rawQuery: '', headers: {} } as never)
  expect(matched.action).toBe('bedrock:InvokeModelWithResponseStream')
  expect(protocol.resource(matched, { modelId: 'offline' }, { account: '1', region: 'r' })).toBe('arn:aws:bedrock:r::foundation-model/offline')
  await using server = await unsignedServer(protocol)
  const answer = await fetch(`${server.url}/model/offline/converse-stream`, {
    method: 'POST',
    body: '{"messages":[{"role":"user","content":[{"text":"hi"}]}]}',
  })
  expect(answer.headers.get('content-type')).toBe('application/vnd.amazon.eventstream')
  expect(Buffer.from(await answer.arrayBuffer()).toString()).toContain('{"stopReason":"end_turn"}')
})

test('the stock client for models streams over HTTP/2, gets errors typed, and ends the source when it leaves', async () => {
  let ended = false
  const protocol = restJson(bedrockRuntime, {
    ConverseStream: async ({ signal }: Context, { modelId }: BedrockRuntime.ConverseStreamRequest) => {
      if (modelId === 'busy') throw new ServiceError('ThrottlingException', 'busy')
      return { stream: pieces(signal) }
    },
  })
  async function* pieces(signal: AbortSignal): AsyncGenerator<BedrockRuntime.ConverseStreamOutput> {
    try {
      yield { messageStart: { role: 'assistant' } }
      yield { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'grüße' } } }
      await once(signal, 'abort')
    } finally {
      ended = true
    }
  }
  await using server = await unsignedHttp2Server(protocol)
  const client = new BedrockRuntimeClient({
    endpoint: server.url,
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
  })
  const messages = [{ role: 'user' as const, content: [{ text: 'hi' }] }]
  const failure = await client.send(new ConverseStreamCommand({ modelId: 'busy', messages })).catch((thrown) => thrown)
  expect([failure.name, failure.$metadata.httpStatusCode]).toEqual(['ThrottlingException', 429])
  const { stream } = await client.send(new ConverseStreamCommand({ modelId: 'us.any/model:1', messages }))
  const seen: unknown[] = []
  for await (const event of stream ?? []) {
    seen.push(event)
    if (seen.length === 2) break
  }
  expect(seen).toEqual([{ messageStart: { role: 'assistant' } }, { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'grüße' } } }])
  client.destroy()
  ended = false
  const session = connect(server.url)
  const body = JSON.stringify({ messages })
  const streaming = session.request({ ':method': 'POST', ':path': '/model/any/converse-stream' }).end(body)
  await once(streaming, 'data')
  session.destroy()
  await until(() => ended)
})

test('an error of a service has only the members that its shape has', async () => {
  await using server = await unsignedServer(
    restJson(bedrockRuntime, {
      Converse: async () => {
        throw new ServiceError('ValidationException', 'no', { members: { reason: 'FieldValidationFailed', fieldList: [] } })
      },
    }),
  )
  const answer = await fetch(`${server.url}/model/offline/converse`, { method: 'POST', body: '{}' })
  expect(await answer.json()).toEqual({ message: 'no' })
})

test('no operation answers 500 to any kind of body', async () => {
  const table = Object.fromEntries(Object.keys(bedrockAgentCore.operations).map((name) => [name, async () => ({})]))
  await using server = await serve(table)
  const bodies = [
    '',
    '{}',
    '{"name":{"a":[null]}}',
    '[1]',
    `{"__proto__":{"x":1},"constructor":1,"toString":{}}`,
    '{"tags":{"__proto__":null}}',
    `{"content":${'['.repeat(5000)}${']'.repeat(5000)}}`,
  ]
  let asked = 0
  for (const { method, uri } of Object.values(bedrockAgentCore.operations)) {
    for (const body of bodies) {
      if (method === 'GET' && body !== '') continue
      const answer = await fetch(server.url + uri.replaceAll(/\{\w+\}/g, 'x'), { method, body: method === 'GET' ? undefined : body })
      await answer.arrayBuffer()
      expect(answer.status, `${method} ${uri} ${body.slice(0, 40)}`).toBeLessThan(500)
      asked += 1
    }
  }
  expect(asked).toBeGreaterThan(1000)
})
