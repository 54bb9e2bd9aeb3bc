// The life of runtimes, endpoints and sessions, by the stock JavaScript clients on a real port.
import { InvokeAgentRuntimeCommand, type InvokeAgentRuntimeCommandInput, StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateAgentRuntimeCommand,
  CreateAgentRuntimeEndpointCommand,
  DeleteAgentRuntimeCommand,
  DeleteAgentRuntimeEndpointCommand,
  GetAgentRuntimeCommand,
  GetAgentRuntimeEndpointCommand,
  ListAgentRuntimeEndpointsCommand,
  ListAgentRuntimeVersionsCommand,
  ListTagsForResourceCommand,
  paginateListAgentRuntimes,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAgentRuntimeCommand,
  UpdateAgentRuntimeEndpointCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect } from 'vitest'
import { bucket, codeArtifact, createAgent, nodeAgent, pythonAgent, settled, upload, zip } from '../agents.fixture.ts'
import { errorOf, invoke as invokeAgent, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

let platform: RunningPlatform
let clients: Clients

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
})
afterAll(() => removeDataDir(platform))

const invoke = (agentRuntimeArn: string, input: unknown, more: Partial<InvokeAgentRuntimeCommandInput> = {}) =>
  invokeAgent(clients, agentRuntimeArn, input, more)

scenario('runtime.create', 'js', async () => {
  const { agentRuntimeId, agentRuntimeArn, status } = await createAgent(clients, { name: 'created', environmentVariables: { COLOUR: 'green' } })
  expect(status).toBe('READY')
  expect(agentRuntimeArn).toBe(`arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/${agentRuntimeId}`)
  const found = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
  expect(found).toMatchObject({
    agentRuntimeName: 'created',
    agentRuntimeVersion: '1',
    roleArn,
    environmentVariables: { COLOUR: 'green' },
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 900, maxLifetime: 28800 },
    networkConfiguration: { networkMode: 'PUBLIC' },
    agentRuntimeArtifact: { codeConfiguration: { code: { s3: { bucket, prefix: 'created.zip' } }, runtime: 'NODE_22', entryPoint: ['main.js'] } },
  })
  expect(found.createdAt).toBeInstanceOf(Date)
  const endpoint = await clients.control.send(new GetAgentRuntimeEndpointCommand({ agentRuntimeId, endpointName: 'DEFAULT' }))
  expect(endpoint).toMatchObject({ name: 'DEFAULT', status: 'READY', liveVersion: '1', targetVersion: '1' })
})

scenario('invoke.session', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'stateful' })
  const first = await invoke(agentRuntimeArn, {}, { runtimeSessionId: session('one') })
  expect(first).toMatchObject({ body: { count: 1 }, runtimeSessionId: session('one'), statusCode: 200, contentType: 'application/json' })
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId: session('one') })).body.count).toBe(2)
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId: session('two') })).body.count).toBe(1)
  const withoutId = await invoke(agentRuntimeArn, {})
  expect(withoutId.body.count).toBe(1)
  expect(withoutId.runtimeSessionId).toMatch(/^[0-9a-f-]{36}$/)
})

scenario('runtime.create.python', 'js', async () => {
  const { agentRuntimeArn, status, failureReason } = await createAgent(clients, {
    name: 'python',
    files: { 'main.py': pythonAgent },
    runtime: 'PYTHON_3_11',
  })
  expect({ status, failureReason }).toEqual({ status: 'READY', failureReason: undefined })
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId: session('py') })).body.count).toBe(1)
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId: session('py') })).body.count).toBe(2)
})

scenario('invoke.stream', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'streaming' })
  const answer = await clients.data.send(
    new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.from('{"stream":3}'), accept: 'text/event-stream' }),
  )
  expect(answer.contentType).toBe('text/event-stream')
  const arrivals: { text: string; at: number }[] = []
  for await (const piece of answer.response as AsyncIterable<Uint8Array>) arrivals.push({ text: Buffer.from(piece).toString(), at: Date.now() })
  expect(arrivals.map(({ text }) => text).join('')).toBe([1, 2, 3].map((piece) => `data: {"piece":${piece}}\n\n`).join(''))
  // The agent waits 200 ms between pieces: buffered anywhere, they would come together.
  expect(arrivals).toHaveLength(3)
  expect((arrivals[2]?.at ?? 0) - (arrivals[0]?.at ?? 0)).toBeGreaterThan(250)
})

scenario('invoke.headers', 'js', async () => {
  await upload(clients, 'headers.zip', await zip({ 'main.js': nodeAgent }))
  const { agentRuntimeId = '', agentRuntimeArn = '' } = await clients.control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName: 'headers',
      agentRuntimeArtifact: codeArtifact('headers.zip'),
      roleArn,
      requestHeaderConfiguration: { requestHeaderAllowlist: ['X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant', 'X-Plan'] },
    }),
  )
  await settled(clients, agentRuntimeId)
  const command = new InvokeAgentRuntimeCommand({
    agentRuntimeArn,
    payload: Buffer.from('{}'),
    runtimeSessionId: session('h'),
    contentType: 'application/json',
    traceParent: '00-1-2-01',
    baggage: 'a=b',
  })
  command.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: object }).headers, {
        'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Tenant': 'acme',
        'X-Plan': 'gold',
        'X-Other': 'no',
      })
      return next(args)
    },
    { step: 'build' },
  )
  const answer = await clients.data.send(command)
  const { headers } = JSON.parse((await answer.response?.transformToString()) ?? '{}')
  expect(headers).toMatchObject({
    'x-amzn-bedrock-agentcore-runtime-session-id': session('h'),
    'x-amzn-bedrock-agentcore-runtime-custom-tenant': 'acme',
    'x-plan': 'gold',
    'content-type': 'application/json',
    traceparent: '00-1-2-01',
    baggage: 'a=b',
  })
  expect(headers['x-amzn-bedrock-agentcore-runtime-request-id']).toMatch(/^[0-9a-f-]{36}$/)
  expect(Object.keys(headers)).not.toEqual(expect.arrayContaining(['x-other']))
  for (const secret of ['authorization', 'x-amz-security-token', 'x-amz-date']) expect(headers[secret]).toBeUndefined()
  expect(answer).toMatchObject({ traceParent: '00-1-2-01', baggage: 'a=b' })
})

scenario(
  'invoke.large',
  'js',
  async () => {
    const { agentRuntimeArn } = await createAgent(clients, { name: 'large' })
    const answer = await clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.alloc(100_000_000, 'a') }))
    expect(JSON.parse((await answer.response?.transformToString()) ?? '{}').size).toBe(100_000_000)
    const refused = await errorOf(clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.alloc(100_000_001, 'a') })))
    expect(refused.status).toBeGreaterThanOrEqual(400)
    expect(refused.message).toMatch(/100000000/)
  },
  120_000,
)

scenario('invoke.agent-fails', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'failing' })
  const runtimeSessionId = session('fails')
  const failed = await errorOf(invoke(agentRuntimeArn, { status: 500 }, { runtimeSessionId }))
  expect(failed).toMatchObject({ name: 'RuntimeClientError', status: 424 })
  expect(failed.message).toMatch(/\(500\)/)
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId })).body.count).toBe(2)
  expect(await errorOf(invoke(agentRuntimeArn, { exit: true }, { runtimeSessionId }))).toMatchObject({ name: 'RuntimeClientError', status: 424 })
  await expect(invoke(agentRuntimeArn, { half: true }, { runtimeSessionId: session('half') })).rejects.toThrow()
  const fresh = await retried(() => invoke(agentRuntimeArn, {}, { runtimeSessionId }))
  expect(fresh.body.count).toBe(1)
})

/** AWS says to retry this one: the session is being torn down. */
async function retried<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof Error) || error.name !== 'RetryableConflictException') throw error
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
  }
}

scenario('session.stop', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'stopped' })
  const runtimeSessionId = session('stop')
  await invoke(agentRuntimeArn, {}, { runtimeSessionId })
  const streaming = await clients.data.send(
    new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId, payload: Buffer.from('{"stream":100}') }),
  )
  const cut = expect(streaming.response?.transformToString()).rejects.toThrow()
  expect(await clients.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId }))).toMatchObject({
    runtimeSessionId,
    statusCode: 200,
  })
  await cut
  expect(await errorOf(clients.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId })))).toMatchObject({
    name: 'ResourceNotFoundException',
    status: 404,
  })
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId })).body.count).toBe(1)
  const stop = { agentRuntimeArn, runtimeSessionId, clientToken: 'c'.repeat(40) }
  for (const _twice of [1, 2]) expect(await clients.data.send(new StopRuntimeSessionCommand(stop))).toMatchObject({ statusCode: 200 })
  const nowhere = new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId, qualifier: 'nowhere' })
  expect(await errorOf(clients.data.send(nowhere))).toMatchObject({ name: 'ResourceNotFoundException', message: expect.stringMatching(/nowhere/) })
})

scenario('runtime.update', 'js', async () => {
  const { agentRuntimeId, agentRuntimeArn } = await createAgent(clients, { name: 'updated', environmentVariables: { AGENT_VERSION: '1' } })
  const old = session('old')
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId: old })).body).toMatchObject({ version: '1', count: 1 })
  const updated = await clients.control.send(
    new UpdateAgentRuntimeCommand({
      agentRuntimeId,
      agentRuntimeArtifact: codeArtifact('updated.zip'),
      roleArn,
      environmentVariables: { AGENT_VERSION: '2' },
    }),
  )
  expect(updated).toMatchObject({ agentRuntimeVersion: '2', status: 'UPDATING' })
  expect(await settled(clients, agentRuntimeId)).toMatchObject({ status: 'READY', version: '2' })
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId: old })).body).toMatchObject({ version: '1', count: 2 })
  expect((await invoke(agentRuntimeArn, {}, { runtimeSessionId: session('new') })).body).toMatchObject({ version: '2', count: 1 })
  const { agentRuntimes } = await clients.control.send(new ListAgentRuntimeVersionsCommand({ agentRuntimeId }))
  expect(agentRuntimes?.map(({ agentRuntimeVersion, status }) => [agentRuntimeVersion, status])).toEqual([
    ['1', 'READY'],
    ['2', 'READY'],
  ])
  expect(await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId, agentRuntimeVersion: '1' }))).toMatchObject({
    environmentVariables: { AGENT_VERSION: '1' },
  })
})

scenario('endpoint.named', 'js', async () => {
  const { agentRuntimeId, agentRuntimeArn } = await createAgent(clients, { name: 'endpoints', environmentVariables: { AGENT_VERSION: '1' } })
  const made = await clients.control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod', agentRuntimeVersion: '1' }))
  expect(made).toMatchObject({ endpointName: 'prod', targetVersion: '1' })
  await clients.control.send(
    new UpdateAgentRuntimeCommand({
      agentRuntimeId,
      agentRuntimeArtifact: codeArtifact('endpoints.zip'),
      roleArn,
      environmentVariables: { AGENT_VERSION: '2' },
    }),
  )
  await settled(clients, agentRuntimeId)
  expect((await invoke(agentRuntimeArn, {}, { qualifier: 'prod' })).body.version).toBe('1')
  expect((await invoke(agentRuntimeArn, {})).body.version).toBe('2')
  await clients.control.send(new UpdateAgentRuntimeEndpointCommand({ agentRuntimeId, endpointName: 'prod', agentRuntimeVersion: '2' }))
  expect((await invoke(agentRuntimeArn, {}, { qualifier: 'prod' })).body.version).toBe('2')
  const { runtimeEndpoints } = await clients.control.send(new ListAgentRuntimeEndpointsCommand({ agentRuntimeId }))
  expect(runtimeEndpoints?.map(({ name, liveVersion }) => [name, liveVersion])).toEqual([
    ['DEFAULT', '2'],
    ['prod', '2'],
  ])
  await clients.control.send(new DeleteAgentRuntimeEndpointCommand({ agentRuntimeId, endpointName: 'prod' }))
  expect(await errorOf(invoke(agentRuntimeArn, {}, { qualifier: 'prod' }))).toMatchObject({ name: 'ResourceNotFoundException' })
})

scenario('runtime.list', 'js', async () => {
  for (const name of ['list_a', 'list_b', 'list_c']) await createAgent(clients, { name })
  const names: string[] = []
  let pages = 0
  for await (const page of paginateListAgentRuntimes({ client: clients.control, pageSize: 2 }, {})) {
    pages += 1
    expect(page.agentRuntimes?.length).toBeLessThanOrEqual(2)
    names.push(...(page.agentRuntimes ?? []).map(({ agentRuntimeName = '' }) => agentRuntimeName))
  }
  expect(pages).toBeGreaterThan(1)
  expect(new Set(names).size).toBe(names.length)
  expect(names).toEqual(expect.arrayContaining(['list_a', 'list_b', 'list_c']))
})

scenario('runtime.idempotent', 'js', async () => {
  await upload(clients, 'once.zip', await zip({ 'main.js': nodeAgent }))
  const input = { agentRuntimeName: 'once', agentRuntimeArtifact: codeArtifact('once.zip'), roleArn, clientToken: 'a'.repeat(40) }
  const first = await clients.control.send(new CreateAgentRuntimeCommand(input))
  const again = await clients.control.send(new CreateAgentRuntimeCommand(input))
  expect(again.agentRuntimeId).toBe(first.agentRuntimeId)
  expect(await errorOf(clients.control.send(new CreateAgentRuntimeCommand({ ...input, description: 'other' })))).toMatchObject({
    name: 'ValidationException',
    status: 400,
  })
  expect(await errorOf(clients.control.send(new CreateAgentRuntimeCommand({ ...input, clientToken: 'b'.repeat(40) })))).toMatchObject({
    name: 'ConflictException',
    status: 409,
  })
})

scenario('tags.all', 'js', async () => {
  const { agentRuntimeArn, agentRuntimeId } = await createAgent(clients, { name: 'tagged' })
  const { agentRuntimeEndpointArn } = await clients.control.send(
    new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'prod', tags: { stage: 'prod' } }),
  )
  const tagsOf = async (resourceArn?: string) => (await clients.control.send(new ListTagsForResourceCommand({ resourceArn }))).tags
  expect(await tagsOf(agentRuntimeEndpointArn)).toEqual({ stage: 'prod' })
  await clients.control.send(new TagResourceCommand({ resourceArn: agentRuntimeArn, tags: { team: 'a b+ü'.replace('ü', 'u'), cost: '1' } }))
  await clients.control.send(new UntagResourceCommand({ resourceArn: agentRuntimeArn, tagKeys: ['cost', 'never there'] }))
  expect(await tagsOf(agentRuntimeArn)).toEqual({ team: 'a b+u' })
  expect(await errorOf(tagsOf(`${agentRuntimeArn.slice(0, -1)}?`))).toMatchObject({ status: expect.any(Number) })
})

scenario('runtime.delete', 'js', async () => {
  const { agentRuntimeId, agentRuntimeArn } = await createAgent(clients, { name: 'deleted' })
  await invoke(agentRuntimeArn, {}, { runtimeSessionId: session('d') })
  expect(await clients.control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }))).toMatchObject({ status: 'DELETING' })
  const until = Date.now() + 10_000
  let gone: Awaited<ReturnType<typeof errorOf>> | undefined
  while (!gone && Date.now() < until) {
    const found = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId })).catch((error: Error) => error)
    if (found instanceof Error) gone = await errorOf(Promise.reject(found))
    else expect(found.status).toBe('DELETING')
  }
  expect(gone).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
  expect(await errorOf(invoke(agentRuntimeArn, {}, { runtimeSessionId: session('d') }))).toMatchObject({ name: 'ResourceNotFoundException' })
  // The name is free again.
  expect((await createAgent(clients, { name: 'deleted' })).status).toBe('READY')
})

scenario('runtime.create.bad-package', 'js', async () => {
  await upload(clients, 'broken.zip', Buffer.from('this is no zip'))
  const created = await clients.control.send(
    new CreateAgentRuntimeCommand({ agentRuntimeName: 'broken', agentRuntimeArtifact: codeArtifact('broken.zip'), roleArn }),
  )
  const broken = await settled(clients, created.agentRuntimeId ?? '')
  expect(broken.status).toBe('CREATE_FAILED')
  expect(broken.failureReason).toMatch(/zip/i)
  const noEntry = await createAgent(clients, { name: 'no_entry', files: { 'main.js': nodeAgent }, entryPoint: ['missing.js'] })
  expect(noEntry).toMatchObject({ status: 'CREATE_FAILED', failureReason: expect.stringMatching(/missing\.js/) })
  const absent = await errorOf(
    clients.control.send(
      new CreateAgentRuntimeCommand({ agentRuntimeName: 'absent', agentRuntimeArtifact: codeArtifact('never-uploaded.zip'), roleArn }),
    ),
  )
  expect(absent).toMatchObject({ name: 'ValidationException', status: 400, message: expect.stringMatching(/never-uploaded\.zip/) })
})
