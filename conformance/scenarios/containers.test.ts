// Agents that are container images, on a Docker Engine of the test's own, by the stock clients and the command line.
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateAgentRuntimeCommand,
  GetAgentRuntimeCommand,
  type GetAgentRuntimeResponse,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { engineMissing, startTestEngine, type TestEngine } from '../../packages/server/src/adapters/sandbox-container/docker.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const run = promisify(execFile)
const missing = engineMissing()
const registry = '000000000000.dkr.ecr.us-east-1.amazonaws.com'

const mountsOf = (dir: string) =>
  readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .filter((line) => line.includes(dir))

const agent = (says: string) => `
const http = require('node:http')
const ask = (path, headers) => new Promise((resolve) => {
  const url = new URL(path, process.env.AWS_ENDPOINT_URL)
  http.get(url, { headers }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode))).on('error', (error) => resolve(error.code))
})
http.createServer(async (request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  let body = ''
  for await (const piece of request) body += piece
  const { prompt } = JSON.parse(body)
  if (prompt === 'eat') { const all = []; for (;;) all.push(Buffer.alloc(64 << 20, 1)) }
  console.log('asked', prompt)
  const token = process.env.AWS_CONTAINER_AUTHORIZATION_TOKEN
  const credentials = await ask(process.env.AWS_CONTAINER_CREDENTIALS_FULL_URI, { authorization: token })
  const admin = await ask('/_agentworks/sessions')
  response.setHeader('content-type', 'application/json')
  response.end(JSON.stringify({ says: '${says}', uid: process.getuid(), cwd: process.cwd(), colour: process.env.COLOUR, baked: process.env.BAKED, credentials, admin }))
}).listen(8080, '0.0.0.0')
`

describe('containers', () => {
  if (missing) return test('run agents', ({ skip }) => skip(missing))
  let engine: TestEngine
  let platform: RunningPlatform
  let clients: Clients

  beforeAll(async () => {
    engine = await startTestEngine()
    platform = await startPlatform(newDataDir(), engine.env)
    clients = clientsOf(platform)
  }, 90_000)
  afterAll(async () => {
    await removeDataDir(platform)
    await engine.stop()
  }, 60_000)

  async function settled(agentRuntimeId: string | undefined, agentRuntimeVersion: string | undefined): Promise<GetAgentRuntimeResponse> {
    for (;;) {
      const found = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId, agentRuntimeVersion }))
      if (found.status !== 'CREATING' && found.status !== 'UPDATING') return found
    }
  }

  const settings = (containerUri: string) => ({
    agentRuntimeArtifact: { containerConfiguration: { containerUri } },
    roleArn,
    networkConfiguration: { networkMode: 'PUBLIC' as const },
    environmentVariables: { COLOUR: 'green' },
  })

  async function create(agentRuntimeName: string, containerUri: string) {
    const { agentRuntimeId, agentRuntimeVersion } = await clients.control.send(
      new CreateAgentRuntimeCommand({ agentRuntimeName, ...settings(containerUri) }),
    )
    return settled(agentRuntimeId, agentRuntimeVersion)
  }

  /** Why volumes are no file systems of their own here; the platform says so itself. */
  async function whyNoImages(): Promise<string | undefined> {
    const answer = await fetch(`${platform.url}/_agentworks/doctor`, { headers: { authorization: `Bearer ${platform.adminToken}` } })
    const found = ((await answer.json()) as { name: string; holds: boolean; detail: string }[]).find(
      ({ name }) => name === 'session storage is bounded',
    )
    if (!found) return 'this host runs code at a level that has no storage of its own'
    return found.holds ? undefined : found.detail
  }

  async function sessions(): Promise<{ runtimeSessionId: string; isolation: string; version: string }[]> {
    const answer = await fetch(`${platform.url}/_agentworks/sessions`, { headers: { authorization: `Bearer ${platform.adminToken}` } })
    return (await answer.json()) as { runtimeSessionId: string; isolation: string; version: string }[]
  }

  const agentworks = async (...args: string[]) => {
    const bin = join(import.meta.dirname, '../../packages/cli/bin/agentworks.js')
    const { stdout } = await run(process.execPath, [bin, ...args, '--data-dir', platform.dataDir, '--json'], { env: platform.env })
    return JSON.parse(stdout)
  }

  scenario('runtime.create.container', 'js', async () => {
    const containerUri = `${registry}/greeter:latest`
    const lines = ['COPY task /srv/agent', 'WORKDIR /srv/agent', 'ENV BAKED=in', 'USER 4321:4321', 'CMD ["node", "agent.cjs"]']
    await engine.image(containerUri, { files: { 'agent.cjs': agent('one') }, lines })
    const made = await create('greeter', containerUri)
    expect(made).toMatchObject({ status: 'READY', agentRuntimeArtifact: { containerConfiguration: { containerUri } } })
    const arn = made.agentRuntimeArn ?? ''

    const first = await invoke(clients, arn, { prompt: 'hello' }, { runtimeSessionId: session('first') })
    expect(first.body).toEqual({ says: 'one', uid: 4321, cwd: '/srv/agent', colour: 'green', baked: 'in', credentials: 200, admin: 403 })
    expect(await sessions()).toContainEqual(expect.objectContaining({ runtimeSessionId: session('first'), isolation: 'container', version: '1' }))

    // The name moves on; version 1 stays what it was.
    await engine.image(containerUri, { files: { 'agent.cjs': agent('two') }, lines })
    expect((await invoke(clients, arn, { prompt: 'again' }, { runtimeSessionId: session('second') })).body).toMatchObject({ says: 'one' })
    const updated = await clients.control.send(new UpdateAgentRuntimeCommand({ agentRuntimeId: made.agentRuntimeId, ...settings(containerUri) }))
    expect(await settled(updated.agentRuntimeId, updated.agentRuntimeVersion)).toMatchObject({ status: 'READY', agentRuntimeVersion: '2' })
    expect((await invoke(clients, arn, { prompt: 'new' }, { runtimeSessionId: session('third') })).body).toMatchObject({ says: 'two' })
    expect((await invoke(clients, arn, { prompt: 'old' }, { runtimeSessionId: session('first') })).body).toMatchObject({ says: 'one' })
  })

  scenario('runtime.create.bad-image', 'js', async () => {
    const absent = `${registry}/nobody:1`
    expect(await create('absent', absent)).toMatchObject({
      status: 'CREATE_FAILED',
      failureReason: expect.stringContaining(`docker tag YOUR_IMAGE ${absent}`),
    })
    const foreign = `${registry}/foreign:1`
    const other = process.arch === 'arm64' ? 'amd64' : 'arm64'
    await engine.emptyImage(foreign, other)
    const { status, failureReason } = await create('foreign', foreign)
    expect(status).toBe('CREATE_FAILED')
    expect(failureReason).toContain(`is built for linux/${other}`)
    const refused = await errorOf(
      clients.control.send(new CreateAgentRuntimeCommand({ agentRuntimeName: 'elsewhere', ...settings('docker.io/library/x') })),
    )
    expect(refused).toMatchObject({ name: 'ValidationException', status: 400 })
  })

  test('deploy --image names, pins and runs a local image; doctor tries what containers promise', async () => {
    await engine.image('my-agent:dev', { files: { 'agent.cjs': agent('deployed') } })
    expect(await agentworks('deploy', '--image', 'my-agent:dev', '--name', 'My_Agent')).toMatchObject({ status: 'READY', agentRuntimeVersion: '1' })
    expect(await agentworks('invoke', 'My_Agent', 'hi')).toMatchObject({ statusCode: 200, response: { says: 'deployed', uid: 1234 } })
    expect(await agentworks('agents', 'get', 'My_Agent')).toMatchObject({
      agentRuntimeArtifact: {
        containerConfiguration: { containerUri: expect.stringMatching(/^000000000000\.dkr\.ecr\..*\/my-agent:[0-9a-f]{12}$/) },
      },
      image: { fitForAws: process.arch === 'arm64' },
    })
    const { containers } = await agentworks('doctor')
    expect(containers.engine).toMatchObject({ ok: true, engine: expect.stringContaining('Docker') })
    const broken = containers.guarantees.filter(({ holds }: { holds: boolean }) => !holds).map(({ name }: { name: string }) => name)
    // Whether there is a way out is the host's affair (pasta, nftables, a default route), and so is what bounds an image's files.
    const ofHost = ['internet for networkMode PUBLIC', 'what an agent writes to its image is bounded']
    expect(broken.filter((name: string) => !ofHost.includes(name))).toEqual([])
    expect(containers.guarantees.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(ofHost))
  }, 60_000)

  test('an image’s sessions keep their storage over stop and kill, and begin anew with another version', async ({ skip }) => {
    const why = await whyNoImages()
    if (why) return skip(why)
    const containerUri = `${registry}/keeper:1`
    await engine.image(containerUri, { files: { 'agent.cjs': readFileSync(join(import.meta.dirname, '../guests/storage-agent.js'), 'utf8') } })
    const wish = { ...settings(containerUri), filesystemConfigurations: [{ sessionStorage: { mountPath: '/mnt/data' } }] }
    const created = await clients.control.send(new CreateAgentRuntimeCommand({ agentRuntimeName: 'keeper', ...wish }))
    const { agentRuntimeId, agentRuntimeArn = '', status } = await settled(created.agentRuntimeId, created.agentRuntimeVersion)
    expect(status).toBe('READY')
    const ask = async (runtimeSessionId: string, payload: Record<string, unknown>) =>
      (await invoke(clients, agentRuntimeArn, payload, { runtimeSessionId })).body
    const stop = (runtimeSessionId: string) => clients.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId }))
    const path = '/mnt/data/note'

    expect(await ask(session('a'), { do: 'write', path, text: 'kept' })).toEqual({ value: null })
    expect(mountsOf(platform.dataDir), 'no mount on the host while it runs').toEqual([])
    expect(await ask(session('b'), { do: 'list', path: '/mnt/data' }), 'another session has its own').toEqual({ value: [] })
    await stop(session('a'))
    expect(await ask(session('a'), { do: 'read', path })).toEqual({ value: 'kept' })

    await platform.kill()
    platform = await startPlatform(platform.dataDir, engine.env)
    clients = clientsOf(platform)
    expect(await ask(session('a'), { do: 'read', path })).toEqual({ value: 'kept' })
    await stop(session('a'))
    const updated = await clients.control.send(new UpdateAgentRuntimeCommand({ agentRuntimeId, ...wish }))
    await settled(updated.agentRuntimeId, updated.agentRuntimeVersion)
    expect(await ask(session('a'), { do: 'list', path: '/mnt/data' }), 'another version begins anew').toEqual({ value: [] })
    await stop(session('a'))
  }, 120_000)

  test('a killed platform’s containers end when it starts again, and a stopped platform leaves none', async () => {
    await engine.image(`${registry}/lasting:1`, { files: { 'agent.cjs': agent('lasting') } })
    const { agentRuntimeArn = '' } = await create('lasting', `${registry}/lasting:1`)
    await invoke(clients, agentRuntimeArn, { prompt: 'stay' }, { runtimeSessionId: session('stay') })
    const containers = async () =>
      JSON.parse(await engine.call('GET', '/containers/json?all=true')) as { Names: string[]; Labels: Record<string, string> }[]
    const before = await containers()
    expect(before.length).toBeGreaterThan(0)
    // Run by hand from an image that has such labels: not ours to end.
    const ofAgent = before.find(({ Labels }) => Labels['agentworks.instance'] !== undefined)
    const byHand = { Image: `${registry}/lasting:1`, Labels: ofAgent?.Labels }
    await engine.call('POST', '/containers/create?name=by-hand', Buffer.from(JSON.stringify(byHand)), 'application/json')
    await platform.kill()
    platform = await startPlatform(platform.dataDir, engine.env)
    clients = clientsOf(platform)
    expect((await containers()).map(({ Names }) => Names)).toEqual([['/by-hand']])
    await engine.call('DELETE', '/containers/by-hand')
    expect(platform.log()).toContain('ended what an earlier platform process left running')
    await invoke(clients, agentRuntimeArn, { prompt: 'anew' }, { runtimeSessionId: session('stay') })
    // Beside it may be one that keeps a network ready for the next.
    const agents = (await containers()).filter(({ Labels }) => Labels['agentworks.instance'] !== undefined)
    expect(agents).toHaveLength(1)
    expect(await platform.stop()).toBe(0)
    expect(await containers()).toEqual([])
    platform = await startPlatform(platform.dataDir, engine.env)
    clients = clientsOf(platform)
  }, 60_000)
})
