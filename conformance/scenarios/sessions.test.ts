// Headers into a session, and who and what a session belongs to: by the stock JavaScript clients on a real port.
import { BedrockAgentCoreClient, InvokeAgentRuntimeCommand, StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateAgentRuntimeCommand, type CreateAgentRuntimeCommandInput } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect } from 'vitest'
import { codeArtifact, createAgent, lender, nodeAgent, settled, upload, zip } from '../agents.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'

let platform: RunningPlatform
let clients: Clients

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  await upload(clients, 'plain.zip', await zip({ 'main.js': nodeAgent }))
})
afterAll(() => removeDataDir(platform))

async function create(agentRuntimeName: string, more: Partial<CreateAgentRuntimeCommandInput> = {}) {
  const { agentRuntimeId = '', agentRuntimeArn = '' } = await clients.control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName,
      agentRuntimeArtifact: codeArtifact('plain.zip'),
      roleArn,
      networkConfiguration: { networkMode: 'PUBLIC' },
      ...more,
    }),
  )
  await settled(clients, agentRuntimeId)
  return { agentRuntimeId, agentRuntimeArn }
}

/** With headers that the stock client has no member for, signed like the others. */
async function invokeWith(agentRuntimeArn: string, extra: Record<string, string>, runtimeSessionId = session('headers')) {
  const command = new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId, payload: Buffer.from('{}') })
  command.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: object }).headers, extra)
      return next(args)
    },
    { step: 'build' },
  )
  const answer = await clients.data.send(command)
  return JSON.parse((await answer.response?.transformToString()) ?? '{}').headers as Record<string, string>
}

/** Clients with the credentials of a session that has that role. */
async function clientOf(role: string): Promise<Clients> {
  await upload(clients, 'lender.zip', await zip({ 'main.js': lender }))
  const { agentRuntimeArn } = await create(`of_${role}_${lenders++}`, {
    agentRuntimeArtifact: codeArtifact('lender.zip'),
    roleArn: `arn:aws:iam::000000000000:role/${role}`,
  })
  const { AccessKeyId, SecretAccessKey, Token } = (await invoke(clients, agentRuntimeArn, {})).body
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: Token }
  return clientsOf({ url: platform.url, credentials })
}
let lenders = 0

const allowing = (...requestHeaderAllowlist: string[]) => ({ requestHeaderConfiguration: { requestHeaderAllowlist } })

scenario('headers.allow-list', 'js', async () => {
  const names = Array.from({ length: 19 }, (_, index) => `X-Listed-${index}`)
  const { agentRuntimeArn } = await create('listed', allowing(...names, 'TraceParent'))
  const sent = Object.fromEntries(names.map((name) => [name.toLowerCase(), `value of ${name}`]))
  const got = await invokeWith(agentRuntimeArn, { ...sent, traceparent: '00-a-b-01', 'x-listed-99': 'no' })
  expect(got).toMatchObject({ ...sent, traceparent: '00-a-b-01' })
  expect(got['x-listed-99']).toBeUndefined()
  expect(await invokeWith(agentRuntimeArn, { 'X-Listed-0': 'a'.repeat(4096) })).toMatchObject({ 'x-listed-0': 'a'.repeat(4096) })
  expect(await errorOf(invokeWith(agentRuntimeArn, { 'X-Listed-0': 'a'.repeat(4097) }))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/X-Listed-0.*4096/),
  })

  const refused: [string[], RegExp][] = [
    [[...names, 'X-Listed-20', 'X-Listed-21'], /requestHeaderAllowlist/],
    [['X-One', 'Cookie'], /requestHeaderAllowlist\[1\].*Cookie.*restricted/],
    [['X-Amz-Security-Token'], /restricted/],
    [['X-Amzn-Trace-Id'], /restricted.*X-Amzn-Bedrock-AgentCore-Runtime-Custom-/],
    [['X-One', 'x-ONE'], /requestHeaderAllowlist\[1\].*listed twice/],
    [['WorkloadAccessToken'], /set by the platform/],
    [['Authorization'], /JWT authorizer/],
    [['no header'], /requestHeaderAllowlist/],
  ]
  for (const [list, message] of refused)
    expect(await errorOf(create('unlisted', allowing(...list)))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(message),
    })
})

scenario('headers.trace', 'js', async () => {
  const { agentRuntimeArn } = await create('traced')
  const trace = {
    traceId: 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1',
    traceParent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    traceState: 'a=1,b=2',
    baggage: `session.id=${'x'.repeat(8000)}`,
  }
  const answer = await invoke(clients, agentRuntimeArn, {}, { runtimeSessionId: session('t'), ...trace })
  expect(answer).toMatchObject(trace)
  expect(answer.body.headers).toMatchObject({
    'x-amzn-trace-id': trace.traceId,
    traceparent: trace.traceParent,
    tracestate: trace.traceState,
    baggage: trace.baggage,
  })
  const tooLong: [object, RegExp][] = [
    [{ traceParent: 'a'.repeat(129) }, /traceParent.*128/],
    [{ traceState: 'a'.repeat(513) }, /traceState.*512/],
    [{ baggage: 'a'.repeat(8193) }, /baggage.*8192/],
    [{ runtimeUserId: 'a'.repeat(1025) }, /runtimeUserId.*1024/],
    [{ runtimeSessionId: 'short' }, /runtimeSessionId.*33/],
  ]
  for (const [more, message] of tooLong)
    expect(await errorOf(invoke(clients, agentRuntimeArn, {}, more))).toMatchObject({
      name: 'ValidationException',
      status: 400,
      message: expect.stringMatching(message),
    })
  const path = `/runtimes/${encodeURIComponent(agentRuntimeArn)}/invocations`
  expect((await sendSigned(platform, { path, body: '{}', headers: { 'x-padding': 'a'.repeat(70_000) } })).status).toBe(431)
  expect((await invoke(clients, agentRuntimeArn, {}, { runtimeSessionId: session('t') })).body.count, 'the session is none the worse').toBe(2)
})

scenario('headers.user', 'js', async () => {
  const { agentRuntimeArn } = await create('used')
  const runtimeUserId = 'alice@example.com'
  const { body } = await invoke(clients, agentRuntimeArn, {}, { runtimeSessionId: session('u'), runtimeUserId })
  expect(JSON.stringify(body.headers)).not.toContain(runtimeUserId)
  const builders = await clientOf('AgentworksBuilderRole')
  expect((await invoke(builders, agentRuntimeArn, {}, { runtimeSessionId: session('u') })).body.count).toBe(2)
  expect(await errorOf(invoke(builders, agentRuntimeArn, {}, { runtimeSessionId: session('u'), runtimeUserId }))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(/bedrock-agentcore:InvokeAgentRuntimeForUser/),
  })
  const forged = await invokeWith(agentRuntimeArn, { WorkloadAccessToken: 'forged', OAuth2CallbackUrl: 'https://evil.example' }, session('u'))
  expect(JSON.stringify(forged)).not.toMatch(/forged|evil/)
})

scenario('session.own', 'js', async () => {
  const [mine, other] = [await create('mine'), await create('other')]
  const runtimeSessionId = session('shared')
  expect((await invoke(clients, mine.agentRuntimeArn, {}, { runtimeSessionId })).body.count).toBe(1)
  expect((await invoke(clients, other.agentRuntimeArn, {}, { runtimeSessionId })).body.count, 'another runtime, another session').toBe(1)
  const elsewhere = new BedrockAgentCoreClient({ endpoint: platform.url, region: 'eu-west-1', credentials: platform.credentials })
  for (const agentRuntimeArn of [mine.agentRuntimeArn, mine.agentRuntimeArn.replace('us-east-1', 'eu-west-1')]) {
    for (const command of [
      new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId, payload: Buffer.from('{}') }),
      new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId }),
    ])
      expect(await errorOf(elsewhere.send(command as InvokeAgentRuntimeCommand))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
  }
  const foreign = mine.agentRuntimeArn.replace(':000000000000:', ':111111111111:')
  expect(await errorOf(invoke(clients, foreign, {}, { runtimeSessionId }))).toMatchObject({ name: 'ResourceNotFoundException' })
  const strangers = await clientOf('SomebodysRole')
  expect(await errorOf(invoke(strangers, mine.agentRuntimeArn, {}, { runtimeSessionId }))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(mine.agentRuntimeArn),
  })
  expect((await invoke(clients, mine.agentRuntimeArn, {}, { runtimeSessionId })).body.count, 'nobody has disturbed it').toBe(2)
  // As on AWS a session is not bound to who began it: the application keeps its users apart.
  const builders = await clientOf('AgentworksBuilderRole')
  expect((await invoke(builders, mine.agentRuntimeArn, {}, { runtimeSessionId })).body.count).toBe(3)
})

const busyAgent = `
let busyUntil = 0
let count = 0
require('node:http').createServer((request, response) => {
  if (request.url === '/ping') return response.end(JSON.stringify({ status: Date.now() < busyUntil ? 'HealthyBusy' : 'Healthy' }))
  request.resume().on('end', () => {
    if (count++ === 0) busyUntil = Date.now() + 4000
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ count }))
  })
}).listen(8080)`

interface Listed {
  runtimeSessionId: string
  state: string
  ping?: { status: string }
}

async function listed(runtimeSessionId: string): Promise<Listed | undefined> {
  const answer = await fetch(`${platform.url}/_agentworks/sessions`, { headers: { authorization: `Bearer ${platform.adminToken}` } })
  return ((await answer.json()) as Listed[]).find((one) => one.runtimeSessionId === runtimeSessionId)
}

scenario('session.busy', 'js', async () => {
  await upload(clients, 'busy.zip', await zip({ 'main.js': busyAgent }))
  const { agentRuntimeArn } = await create('busy', {
    agentRuntimeArtifact: codeArtifact('busy.zip'),
    lifecycleConfiguration: { idleRuntimeSessionTimeout: 60, maxLifetime: 600 },
  })
  const runtimeSessionId = session('busy')
  await invoke(clients, agentRuntimeArn, {}, { runtimeSessionId })
  await expect.poll(() => listed(runtimeSessionId), { timeout: 5_000 }).toMatchObject({ state: 'ACTIVE', ping: { status: 'HealthyBusy' } })
  await expect.poll(() => listed(runtimeSessionId), { timeout: 15_000 }).toMatchObject({ state: 'IDLE', ping: { status: 'Healthy' } })
  expect((await invoke(clients, agentRuntimeArn, {}, { runtimeSessionId })).body.count).toBe(2)
})

scenario('session.quota', 'js', async ({ onTestFinished }) => {
  const small = await startPlatform(undefined, { AGENTWORKS_MAX_SESSIONS: '1' })
  onTestFinished(() => removeDataDir(small))
  const theirs = clientsOf(small)
  const { agentRuntimeArn } = await createAgent(theirs, { name: 'few' })
  await invoke(theirs, agentRuntimeArn, {}, { runtimeSessionId: session('d') })
  expect(await errorOf(invoke(theirs, agentRuntimeArn, {}, { runtimeSessionId: session('e') }))).toMatchObject({
    name: 'ServiceQuotaExceededException',
    status: 402,
    message: expect.stringMatching(/AGENTWORKS_MAX_SESSIONS/),
  })
  expect((await invoke(theirs, agentRuntimeArn, {}, { runtimeSessionId: session('d') })).body.count).toBe(2)
  await theirs.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId: session('d') }))
  expect((await invoke(theirs, agentRuntimeArn, {}, { runtimeSessionId: session('e') })).body.count).toBe(1)
})
