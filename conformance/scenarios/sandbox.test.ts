// What an agent can do from inside its session, and what it cannot: asked of an agent that has the stock SDK in it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import { GetAgentRuntimeCommand, type NetworkConfiguration } from '@aws-sdk/client-bedrock-agentcore-control'
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, region, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

let platform: RunningPlatform
let clients: Clients
let agentRuntimeArn: string
let hostService: Server
/** On every address of this host. */
let everywhere: Server
let visits = 0

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  const environmentVariables = { COLOUR: 'green', SECRET: 's3cr3t of this agent' }
  const agent = await createAgent(clients, { name: 'insider', files: { 'main.js': await bundled('stock-sdk') }, environmentVariables })
  expect(agent).toMatchObject({ status: 'READY' })
  agentRuntimeArn = agent.agentRuntimeArn
  everywhere = createServer((_request, response) => response.end('of the host')).listen(0, '::')
  everywhere.on('connection', () => visits++)
  hostService = createServer((_request, response) => response.end('of the host')).listen(0, '127.0.0.1')
}, 60_000)
afterAll(async () => {
  hostService.close()
  everywhere.close()
  await removeDataDir(platform)
})

interface Answer {
  value?: unknown
  failed?: { name: string; message: string; code?: string }
}

async function ask(wish: Record<string, unknown>, runtimeSessionId = session('inside')): Promise<Answer> {
  return (await invoke(clients, agentRuntimeArn, wish, { runtimeSessionId })).body as Answer
}

/** At level `process` there are no walls, and the platform says so itself. */
async function isWalled(): Promise<boolean> {
  const answer = await fetch(`${platform.url}/_agentworks/about`, { headers: { authorization: `Bearer ${platform.adminToken}` } })
  return ((await answer.json()) as { isolation: string }).isolation !== 'process'
}

scenario('sandbox.inside', 'js', async () => {
  const { value } = await ask({ do: 'whoami' })
  expect(value).toMatchObject({
    Account: '000000000000',
    Arn: expect.stringMatching(/^arn:aws:sts::000000000000:assumed-role\/AgentworksExecutionRole\//),
  })
  expect(await ask({ do: 'converse' })).toEqual({ value: expect.stringMatching(/^\[offline model\]/) })
})

scenario('sandbox.role', 'js', async () => {
  const denied: [string, string][] = [
    ['listAgents', 'bedrock-agentcore:ListAgentRuntimes'],
    ['store', 's3:PutObject'],
  ]
  for (const [deed, action] of denied) {
    const { failed } = await ask({ do: deed })
    expect(failed?.name, deed).toMatch(/^AccessDenied/)
    expect(failed?.message).toContain(action)
    expect(failed?.message).toContain(roleArn)
  }
})

scenario('sandbox.entrance', 'js', async () => {
  const { failed } = await ask({ do: 'whoami', credentials: platform.credentials })
  expect(failed).toMatchObject({ name: expect.stringMatching(/^AccessDenied/), message: expect.stringContaining('own credentials') })
  expect(await ask({ do: 'credentialsWithoutToken' })).toEqual({ value: 403 })
  expect([403, 404]).toContain((await ask({ do: 'adminRoute' })).value)

  const runtimeSessionId = session('leaks')
  const { value } = await ask({ do: 'credentials' }, runtimeSessionId)
  const leaked = value as { AccessKeyId: string; SecretAccessKey: string; Token: string; Expiration: string }
  expect(Date.parse(leaked.Expiration)).toBeGreaterThan(Date.now())
  const outside = new STSClient({
    endpoint: platform.url,
    region,
    credentials: { accessKeyId: leaked.AccessKeyId, secretAccessKey: leaked.SecretAccessKey, sessionToken: leaked.Token },
  })
  expect(await outside.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: '000000000000' })
  await clients.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId }))
  expect(await errorOf(outside.send(new GetCallerIdentityCommand({})))).toMatchObject({ status: 403 })
})

scenario('sandbox.walls', 'js', async ({ skip }) => {
  expect(await ask({ do: 'list', path: '.' }), 'its code').toEqual({ value: ['main.js'] })
  if (!(await isWalled())) skip('this host runs sessions at level process, which has no walls')
  for (const path of ['main.js', '/etc/passwd', '/usr/x', '/x'])
    expect((await ask({ do: 'write', path })).failed?.code, path).toMatch(/^(EROFS|EACCES|EPERM)$/)
  for (const path of [join(process.env.HOME ?? '/root', '.bashrc'), platform.dataDir, '/etc/shadow', import.meta.filename])
    expect((await ask({ do: existsSync(path) ? 'read' : 'list', path })).failed?.code, path).toMatch(/^(ENOENT|EACCES)$/)
  expect(await ask({ do: 'write', path: '/tmp/mine' })).toEqual({})
  expect(await ask({ do: 'write', path: `${(await environment()).HOME}/mine` })).toEqual({})
  expect((await ask({ do: 'read', path: '/tmp/mine' }, session('other'))).failed?.code, 'of another session').toBe('ENOENT')
  expect((await ask({ do: 'processes' })).value, 'only its own processes').toBeLessThan(8)
  const { port } = hostService.address() as AddressInfo
  const places: [string, number][] = [
    ['127.0.0.1', port],
    ['127.0.0.1', Number(new URL(platform.url).port)],
    ['169.254.169.254', 80],
    ['10.0.0.1', 80],
    ...hostAddresses().map((host): [string, number] => [host, (everywhere.address() as AddressInfo).port]),
  ]
  for (const [host, port] of places) expect((await ask({ do: 'reach', host, port })).failed?.code, `${host}:${port}`).toMatch(/^E/)
})

function hostAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return all.filter(({ internal, scopeid }) => !internal && !scopeid).map(({ address }) => address)
}

scenario('network.modes', 'js', async () => {
  const files = { 'main.js': await bundled('stock-sdk') }
  const ids = { subnets: ['subnet-0123456789abcdef0'], securityGroups: ['sg-0123456789abcdef0'] }
  const ofVpc = { networkMode: 'VPC', networkModeConfig: ids } as const
  const create = (networkConfiguration: NetworkConfiguration) => createAgent(clients, { name: 'enclosed', files, networkConfiguration })
  expect(await errorOf(create({ networkMode: 'VPC' }))).toMatchObject({ message: expect.stringContaining('takes subnets and securityGroups') })
  expect(await errorOf(create({ ...ofVpc, networkMode: 'PUBLIC' }))).toMatchObject({ message: expect.stringContaining('goes with networkMode VPC') })
  const tooMany = { ...ids, subnets: Array.from({ length: 17 }, (_, index) => `subnet-123456${index + 10}`) }
  expect(await errorOf(create({ networkMode: 'VPC', networkModeConfig: tooMany }))).toMatchObject({ name: 'ValidationException' })
  const unknown = await errorOf(create(ofVpc))
  expect(unknown).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('networkConfiguration.networkModeConfig') })
  // The one step that the error asks for.
  writeFileSync(join(platform.dataDir, 'vpc.json'), /\{.*?\}\}/.exec(unknown.message)?.[0] ?? '')
  const vpc = await create(ofVpc)
  const { networkConfiguration } = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId: vpc.agentRuntimeId }))
  expect(networkConfiguration).toEqual(ofVpc)
  const { port } = everywhere.address() as AddressInfo
  const from = async (arn: string, host: string) =>
    (await invoke(clients, arn, { do: 'reach', host, port }, { runtimeSessionId: session('modes') })).body as Answer
  if (!(await isWalled())) return
  for (const arn of [vpc.agentRuntimeArn, agentRuntimeArn])
    for (const host of [...hostAddresses(), '127.0.0.1', '10.0.0.1', 'fd00:ec2::254'])
      expect((await from(arn, host)).failed?.code, host).toMatch(/^E/)
  expect(visits, 'connections to the host').toBe(0)
})

async function environment(): Promise<Record<string, string>> {
  return (await ask({ do: 'environment' })).value as Record<string, string>
}

scenario('sandbox.environment', 'js', async () => {
  const isOwn = await isWalled()
  const found = await environment()
  expect(found).toMatchObject({ COLOUR: 'green', SECRET: 's3cr3t of this agent', AWS_REGION: 'us-east-1', PORT: '8080', DOCKER_CONTAINER: '1' })
  expect(decodeURIComponent(found.AGENTCORE_RUNTIME_URL ?? '')).toContain(agentRuntimeArn)
  // docs/guide/sdk-app.md has the last one.
  const documented = ['COLOUR', 'SECRET', 'PORT', 'DOCKER_CONTAINER', 'AGENTCORE_RUNTIME_URL', 'OTEL_RESOURCE_ATTRIBUTES', 'AGENTWORKS_PING_SOCKET']
  const ofAws = [
    'AWS_ENDPOINT_URL',
    'AWS_REGION',
    'AWS_DEFAULT_REGION',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
    'AWS_CONTAINER_AUTHORIZATION_TOKEN',
    'AWS_EC2_METADATA_DISABLED',
    // docs/guide/tls.md: whom to trust, since AWS's own hosts are the platform there.
    ...['AWS_CA_BUNDLE', 'NODE_OPTIONS', 'REQUESTS_CA_BUNDLE', 'SSL_CERT_FILE'],
  ]
  const ofAnyProcess = ['HOME', 'LANG', 'PATH', 'PWD', 'TZ', ...(isOwn ? [] : Object.keys(found))]
  expect(Object.keys(found).filter((name) => ![...documented, ...ofAws, ...ofAnyProcess].includes(name))).toEqual([])
  for (const value of Object.values(found)) expect(value).not.toContain(platform.credentials.secretAccessKey)
  expect(platform.log(), 'values of variables are nobody’s business').not.toContain('s3cr3t')
  expect(readFileSync(join(platform.dataDir, 'agentworks.db')).includes('s3cr3t'), 'sealed in the store').toBe(false)
})
