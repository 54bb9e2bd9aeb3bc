// The traps of the AWS clients' wire, each by name, with the stock clients over a real socket where the client springs it.
import { readFileSync } from 'node:fs'
import { bedrockAgentCore } from '@agentworks/model'
import * as data from '@aws-sdk/client-bedrock-agentcore'
import * as control from '@aws-sdk/client-bedrock-agentcore-control'
import { expect, test } from 'vitest'
import type { Context } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import { type OperationTable, restJson } from './index.js'
import { unsignedServer } from './unsigned-server.fixture.js'

const config = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  maxAttempts: 1,
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
})

/** A server with these operations, both stock clients of it, and every input that arrived. */
async function platform(operations: OperationTable) {
  const inputs: Record<string, unknown>[] = []
  const recording = Object.fromEntries(
    Object.entries(operations).map(([name, run]) => [
      name,
      async (context: Context, input: never) => {
        inputs.push(input)
        return run(context, input)
      },
    ]),
  )
  const server = await unsignedServer(restJson(bedrockAgentCore, recording))
  return {
    ...server,
    inputs,
    data: new data.BedrockAgentCoreClient(config(server.url)),
    control: new control.BedrockAgentCoreControlClient(config(server.url)),
    post: (path: string, body: string, method = 'POST') =>
      fetch(server.url + path, { method, body, headers: { 'content-type': 'application/json' } }).then(async (answer) => ({
        status: answer.status,
        errorType: answer.headers.get('x-amzn-errortype'),
        requestId: answer.headers.get('x-amzn-requestid'),
        body: (await answer.json()) as { message: string; reason?: string; fieldList?: { name: string; message: string }[] },
      })),
    [Symbol.asyncDispose]: server[Symbol.asyncDispose],
  }
}

const memoryId = 'notes-0123456789'
const arn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/my_agent-AbC1234567'
const event = { memoryId, actorId: 'me', sessionId: 's', eventId: '0000000000000#00000000', eventTimestamp: 1_764_000_000_123, payload: [] }

async function* from<Item>(...items: Item[]) {
  yield* items
}

test('trap 1: types, unions, enums and null list items are checked here, because no decoder does it', async () => {
  await using it = await platform({ CreateEvent: async () => ({ event }) })
  const { status, body } = await it.post(
    `/memories/${memoryId}/events`,
    JSON.stringify({
      actorId: 7,
      eventTimestamp: 'now',
      payload: [null, { conversational: { content: { text: 'x' }, role: 'BOSS' } }, { blob: 1, json: { content: 1 } }],
    }),
  )
  expect(status).toBe(400)
  expect(body.reason).toBe('FieldValidationFailed')
  expect(body.fieldList).toEqual([
    { name: 'actorId', message: 'must be a string' },
    { name: 'eventTimestamp', message: 'must be a number of seconds since 1970-01-01T00:00:00Z' },
    { name: 'payload[0]', message: 'must not be null' },
    { name: 'payload[1].conversational.role', message: 'must be one of: ASSISTANT, USER, TOOL, OTHER' },
    { name: 'payload[2]', message: 'must have exactly one member, has blob and json' },
  ])
  expect(it.inputs).toEqual([])
})

test('trap 1: whole numbers stay whole, unknown members are dropped', async () => {
  await using it = await platform({ CreateMemory: async () => ({}) })
  const refused = await it.post('/memories/create', '{"name":"notes","eventExpiryDuration":3.7}')
  expect(refused.body.fieldList).toEqual([{ name: 'eventExpiryDuration', message: 'must be a whole number' }])
  await it.post('/memories/create', '{"name":"notes","eventExpiryDuration":30,"future":{"member":1}}')
  expect(it.inputs).toEqual([{ name: 'notes', eventExpiryDuration: 30 }])
})

test('trap 2: required members that the client sends without are refused with their names', async () => {
  await using it = await platform({ CreateMemory: async () => ({}) })
  const failure = await it.control.send(new control.CreateMemoryCommand({} as control.CreateMemoryCommandInput)).catch((thrown) => thrown)
  expect(failure).toBeInstanceOf(control.ValidationException)
  expect(failure.fieldList.map(({ name }: { name: string }) => name)).toEqual(['name', 'eventExpiryDuration'])
})

test('trap 3: an empty label is refused and never becomes a list', async () => {
  await using it = await platform({ GetGateway: async () => ({}), ListGateways: async () => ({ items: [] }) })
  const failure = await it.control.send(new control.GetGatewayCommand({ gatewayIdentifier: '' })).catch((thrown) => thrown)
  expect(it.paths).toEqual(['GET /gateways//'])
  expect(failure).toBeInstanceOf(control.ValidationException)
  expect(failure.fieldList).toEqual([{ name: 'gatewayIdentifier', message: 'must not be empty' }])
  expect(it.inputs).toEqual([])
})

test('trap 4: labels with slashes, colons and other signs arrive as they were given', async () => {
  await using it = await platform({ ListTagsForResource: async () => ({ tags: { a: 'b' } }), ListEvents: async () => ({ events: [] }) })
  await it.control.send(new control.ListTagsForResourceCommand({ resourceArn: arn }))
  expect(it.paths[0]).toContain('%2F')
  await it.data.send(new data.ListEventsCommand({ memoryId, actorId: 'team:a/b', sessionId: 'run_1' }))
  expect(it.inputs).toMatchObject([{ resourceArn: arn }, { actorId: 'team:a/b', sessionId: 'run_1' }])
})

test('trap 4: labels "." and ".." and malformed escapes are refused with 400', async () => {
  await using it = await platform({ GetBrowser: async () => ({}) })
  const protocol = restJson(bedrockAgentCore, {})
  for (const rawPath of ['/browsers/.', '/browsers/..', '/browsers/%2e%2E', '/browsers/%E0%A4%A']) {
    expect(() => protocol.match({ method: 'GET', rawPath } as never)).toThrow(expect.objectContaining({ code: 'ValidationException' }))
  }
  const { status } = await it.post('/browsers/%zz', '', 'PUT')
  expect(status).toBe(400)
})

test('trap 5: a body key never overrides a label, and headers never repeat in the body', async () => {
  await using it = await platform({
    CreateEvent: async () => ({ event }),
    StopRuntimeSession: async () => ({ runtimeSessionId: 's'.repeat(33), statusCode: 202 }),
  })
  await it.post(
    `/memories/${memoryId}/events`,
    JSON.stringify({ memoryId: 'other-0123456789', actorId: 'me', eventTimestamp: 1, payload: [{ blob: 1 }] }),
  )
  expect(it.inputs[0]).toMatchObject({ memoryId })
  const answer = await fetch(`${it.url}/runtimes/${encodeURIComponent(arn)}/stopruntimesession`, {
    method: 'POST',
    headers: { 'x-amzn-bedrock-agentcore-runtime-session-id': 's'.repeat(33) },
  })
  expect(answer.status).toBe(202)
  expect(answer.headers.get('x-amzn-bedrock-agentcore-runtime-session-id')).toBe('s'.repeat(33))
  expect(await answer.json()).toEqual({})
})

test('trap 6: a modelled failure mid-stream arrives typed, after the events before it', async () => {
  await using it = await platform({
    InvokeCodeInterpreter: async () => ({
      sessionId: 'session-1',
      stream: (async function* () {
        yield { result: { content: [{ type: 'text', text: 'grüße 😀' }], isError: false } }
        throw new ServiceError('ThrottlingException', 'slow down')
      })(),
    }),
  })
  const { sessionId, stream } = await it.data.send(
    new data.InvokeCodeInterpreterCommand({ codeInterpreterIdentifier: 'aws.codeinterpreter.v1', name: 'executeCode' }),
  )
  expect(sessionId).toBe('session-1')
  const seen: unknown[] = []
  const failure = await (async () => {
    for await (const piece of stream ?? []) seen.push(piece)
  })().catch((thrown) => thrown)
  expect(seen).toEqual([{ result: { content: [{ type: 'text', text: 'grüße 😀' }], isError: false } }])
  expect(failure).toBeInstanceOf(data.ThrottlingException)
  expect(failure.message).toBe('slow down')
})

test('trap 6: a crash mid-stream ends the stream in-band and tells nothing of itself', async () => {
  await using it = await platform({
    InvokeCodeInterpreter: async () => ({
      stream: (async function* () {
        yield { result: { content: [] } }
        throw new Error('secret detail')
      })(),
    }),
  })
  const { stream } = await it.data.send(
    new data.InvokeCodeInterpreterCommand({ codeInterpreterIdentifier: 'aws.codeinterpreter.v1', name: 'executeCode' }),
  )
  const failure = await (async () => {
    for await (const _ of stream ?? []);
  })().catch((thrown) => thrown)
  expect(failure.name).toBe('InternalServerException')
  expect(failure.message).toContain('request-1')
  expect(JSON.stringify(failure) + failure.message).not.toContain('secret detail')
})

test('trap 7: event streams have their own content type, also where the output has a content type member', async () => {
  await using it = await platform({
    InvokeAgentRuntimeCommand: async () => ({
      contentType: 'text/plain',
      runtimeSessionId: 's'.repeat(33),
      statusCode: 200,
      stream: from({ chunk: { contentStop: { exitCode: 0, status: 'COMPLETED' } } }),
    }),
  })
  const answer = await it.data.send(new data.InvokeAgentRuntimeCommandCommand({ agentRuntimeArn: arn, body: { command: 'ls' } }))
  expect(answer.contentType).toBe('application/vnd.amazon.eventstream')
  const seen: unknown[] = []
  for await (const piece of answer.stream ?? []) seen.push(piece)
  expect(seen).toEqual([{ chunk: { contentStop: { exitCode: 0, status: 'COMPLETED' } } }])
  expect(it.inputs[0]).toMatchObject({ body: { command: 'ls' }, agentRuntimeArn: arn })
})

test('trap 8: answers written at the same time do not mix, and what an operation gave is not changed', async () => {
  const stored = { event: { ...event, payload: [{ blob: { a: 1 } }] } }
  const before = structuredClone(stored)
  await using it = await platform({ CreateEvent: async (_, { actorId }: { actorId: string }) => ({ event: { ...stored.event, actorId } }) })
  const actors = Array.from({ length: 30 }, (_, at) => `actor-${at}`)
  const answers = await Promise.all(
    actors.map((actorId) =>
      it.data.send(
        new data.CreateEventCommand({ memoryId, actorId, eventTimestamp: new Date(1_764_000_000_123), payload: [{ blob: { deep: [1, 'two'] } }] }),
      ),
    ),
  )
  expect(answers.map((answer) => answer.event?.actorId)).toEqual(actors)
  expect(answers[0]?.event?.eventTimestamp).toEqual(new Date(1_764_000_000_123))
  expect(it.inputs[0]).toMatchObject({ eventTimestamp: 1_764_000_000_123, payload: [{ blob: { deep: [1, 'two'] } }] })
  expect(stored).toEqual(before)
})

test('trap 9: nothing is invented in an answer: a member that an operation left out stays out', async () => {
  await using it = await platform({
    CreateMemory: async () => ({ memory: { id: memoryId, clientToken: 'internal', secretRow: 1, status: 'CREATING' } }),
  })
  const { body } = await it.post('/memories/create', '{"name":"notes","eventExpiryDuration":30}')
  expect(body).toEqual({ memory: { id: memoryId, status: 'CREATING' } })
})

test('trap 10: 204 has no body, an empty output is {}, and an absent body is no error', async () => {
  await using it = await platform({
    TagResource: async () => undefined,
    UntagResource: async () => ({}),
    DeleteGateway: async () => ({}),
    ListMemories: async () => ({ memories: [] }),
  })
  await it.control.send(new control.TagResourceCommand({ resourceArn: arn, tags: { 'a b': 'c' } }))
  await it.control.send(new control.UntagResourceCommand({ resourceArn: arn, tagKeys: ['a b', 'c+d'] }))
  expect(it.inputs[1]).toEqual({ resourceArn: arn, tagKeys: ['a b', 'c+d'] })
  const untagged = await fetch(`${it.url}/tags/${encodeURIComponent(arn)}?tagKeys=x`, { method: 'DELETE' })
  expect([untagged.status, untagged.headers.get('content-type'), await untagged.text()]).toEqual([204, null, ''])
  const deleted = await fetch(`${it.url}/gateways/g-0123456789/`, { method: 'DELETE' })
  expect([deleted.status, await deleted.text()]).toEqual([202, '{}'])
  expect(await it.control.send(new control.ListMemoriesCommand({}))).toMatchObject({ memories: [] })
})

test('trap 11: the error name is bare and the message is where both clients read it', async () => {
  await using it = await platform({
    GetMemory: async () => {
      throw new ServiceError('ResourceNotFoundException', 'Memory m does not exist.')
    },
  })
  const answer = await fetch(`${it.url}/memories/${memoryId}/details`)
  expect(answer.headers.get('x-amzn-errortype')).toBe('ResourceNotFoundException')
  expect(await answer.json()).toEqual({ message: 'Memory m does not exist.' })
  const failure = await it.control.send(new control.GetMemoryCommand({ memoryId })).catch((thrown) => thrown)
  expect(failure).toBeInstanceOf(control.ResourceNotFoundException)
  expect(failure.$metadata).toMatchObject({ httpStatusCode: 404, requestId: 'request-1' })
})

test('trap 11: memory operations answer with the errors that they declare', async () => {
  const fails = (code: 'InternalServerException' | 'ThrottlingException') => async () => {
    throw new ServiceError(code, 'no')
  }
  await using it = await platform({
    GetMemory: fails('InternalServerException'),
    ListMemories: fails('ThrottlingException'),
    GetBrowser: fails('InternalServerException'),
  })
  expect((await it.control.send(new control.GetMemoryCommand({ memoryId })).catch((thrown) => thrown)).name).toBe('ServiceException')
  expect((await it.control.send(new control.ListMemoriesCommand({})).catch((thrown) => thrown)).name).toBe('ThrottledException')
  expect((await it.control.send(new control.GetBrowserCommand({ browserId: 'aws.browser.v1' })).catch((thrown) => thrown)).name).toBe(
    'InternalServerException',
  )
})

test('trap 12: what fails before the first event still has a status of its own', async () => {
  await using it = await platform({
    InvokeCodeInterpreter: async () => ({
      stream: (async function* () {
        if (Date.now() > 0) throw new ServiceError('ConflictException', 'the session is stopping')
        yield {}
      })(),
    }),
  })
  const failure = await it.data
    .send(new data.InvokeCodeInterpreterCommand({ codeInterpreterIdentifier: 'aws.codeinterpreter.v1', name: 'executeCode' }))
    .catch((thrown) => thrown)
  expect(failure).toBeInstanceOf(data.ConflictException)
  expect(failure.$metadata.httpStatusCode).toBe(409)
})

test('trap 13: every operation of the pinned clients is in the table that answers', async () => {
  expect(Object.keys(bedrockAgentCore.operations)).toHaveLength(171 + 67)
  await using it = await platform({})
  const failure = await it.control.send(new control.CreateMemoryCommand({} as control.CreateMemoryCommandInput)).catch((thrown) => thrown)
  expect(failure.name).toBe('UnsupportedOperationException')
  expect(failure.$metadata.httpStatusCode).toBe(501)
  expect(failure.message).toBe('CreateMemory is not executed by this version of agentworks. docs/conformance.md lists what works.')
})

test('trap 14: the run time needs no AWS client: the model is data of our own', () => {
  const { dependencies = {} } = JSON.parse(readFileSync(new URL('../../../../model/package.json', import.meta.url), 'utf8')) as {
    dependencies?: object
  }
  expect(Object.keys(dependencies)).toEqual([])
})
