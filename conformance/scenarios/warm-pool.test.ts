// Instances that are started ahead, and what a runtime's sessions may use: set by tags, with the stock clients.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateAgentRuntimeCommand,
  DeleteAgentRuntimeCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { codeArtifact, settled, upload, zip } from '../agents.fixture.ts'
import { typed } from '../cli.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

/** In the environment of every agent of this run, so that its processes can be found from outside. */
const mark = `agentworks-warm-${process.pid}-${Date.now()}`
const networkConfiguration = { networkMode: 'PUBLIC' } as const

/** Tells which process it is, and takes as much memory as it is asked for. */
const agent = `
const id = require('node:crypto').randomUUID()
const kept = []
require('node:http').createServer((request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  let text = ''
  request.on('data', (piece) => (text += piece))
  request.on('end', () => {
    const { mebibytes = 0 } = JSON.parse(text)
    for (let taken = 0; taken < mebibytes; taken += 16) kept.push(Buffer.alloc(16 * 2 ** 20, 1))
    response.end(JSON.stringify({ id, version: process.env.AGENT_VERSION }))
  })
}).listen(8080)`

let platform: RunningPlatform
let clients: Clients

beforeAll(async () => {
  platform = await startPlatform(undefined, { AGENTWORKS_LOG_LEVEL: 'info' })
  clients = clientsOf(platform)
  await upload(clients, 'warm.zip', await zip({ 'main.js': agent }))
})
afterAll(() => removeDataDir(platform))

async function agentWith(agentRuntimeName: string, tags: Record<string, string>) {
  const { agentRuntimeId = '', agentRuntimeArn = '' } = await clients.control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName,
      agentRuntimeArtifact: codeArtifact('warm.zip'),
      roleArn,
      networkConfiguration,
      environmentVariables: { MARK: mark, AGENT_VERSION: '1' },
      tags,
    }),
  )
  expect((await settled(clients, agentRuntimeId)).status).toBe('READY')
  return { agentRuntimeId, agentRuntimeArn }
}

async function admin(path: string): Promise<unknown> {
  return (await fetch(`${platform.url}/_agentworks/${path}`, { headers: { authorization: `Bearer ${platform.adminToken}` } })).json()
}

const instancesOf = (agentRuntimeArn: string) => admin(`instances/${encodeURIComponent(agentRuntimeArn)}`)
const waits = (agentRuntimeArn: string, waiting: number) =>
  expect.poll(() => instancesOf(agentRuntimeArn), { timeout: 20_000, interval: 50 }).toMatchObject({ waiting, starting: 0 })
const tag = (resourceArn: string, tags: Record<string, string>) => clients.control.send(new TagResourceCommand({ resourceArn, tags }))
const ask = async (agentRuntimeArn: string, name: string, input: Record<string, unknown> = {}) =>
  (await invoke(clients, agentRuntimeArn, input, { runtimeSessionId: session(name) })).body as { id: string; version: string }
const stop = (agentRuntimeArn: string, name: string) =>
  clients.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId: session(name) }))

/** Processes of this run's agents, whoever started them. */
function running(): string[] {
  return readdirSync('/proc').filter((pid) => /^[0-9]+$/.test(pid) && environmentOf(pid).includes(mark))
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

scenario('pool.waits', 'js', async () => {
  const { agentRuntimeId, agentRuntimeArn } = await agentWith('waits', { 'agentworks:min-instances': '2' })
  await waits(agentRuntimeArn, 2)
  const seen = new Set<string>()
  for (const name of ['a', 'b', 'c', 'd']) {
    const { id } = await ask(agentRuntimeArn, name)
    expect((await ask(agentRuntimeArn, name)).id).toBe(id)
    seen.add(id)
    if (name === 'b') await stop(agentRuntimeArn, 'a')
  }
  expect(seen.size, 'an instance serves one session').toBe(4)
  expect(platform.log().match(/"session started".*"warm":true/g)?.length).toBeGreaterThanOrEqual(2)
  await waits(agentRuntimeArn, 2)

  await clients.control.send(
    new UpdateAgentRuntimeCommand({
      agentRuntimeId,
      agentRuntimeArtifact: codeArtifact('warm.zip'),
      roleArn,
      networkConfiguration,
      environmentVariables: { MARK: mark, AGENT_VERSION: '2' },
    }),
  )
  await settled(clients, agentRuntimeId)
  expect((await ask(agentRuntimeArn, 'e')).version).toBe('2')
  expect((await ask(agentRuntimeArn, 'd')).version, 'a running session keeps its version').toBe('1')

  await clients.control.send(new UntagResourceCommand({ resourceArn: agentRuntimeArn, tagKeys: ['agentworks:min-instances'] }))
  await waits(agentRuntimeArn, 0)
  await tag(agentRuntimeArn, { 'agentworks:min-instances': '2' })
  await waits(agentRuntimeArn, 2)
  await clients.control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }))
  await expect.poll(() => instancesOf(agentRuntimeArn), { timeout: 20_000 }).toBeNull()
  if (process.platform === 'linux') expect(running()).toEqual([])
})

scenario('resources.enforced', 'js', async () => {
  const { agentRuntimeArn } = await agentWith('bounded', { 'agentworks:memory-mb': '256', 'agentworks:cpu': '0.5', 'agentworks:max-instances': '1' })
  await ask(agentRuntimeArn, 'a')
  expect(await instancesOf(agentRuntimeArn)).toMatchObject({ cpus: 0.5, memoryMb: 256, maxInstances: 1, sessions: 1 })
  expect(await admin('sessions')).toContainEqual(expect.objectContaining({ runtimeSessionId: session('a'), cpus: 0.5, memoryMb: 256 }))

  const full = await errorOf(ask(agentRuntimeArn, 'b'))
  expect(full).toMatchObject({ name: 'ServiceQuotaExceededException', status: 402, message: expect.stringContaining('agentworks:max-instances') })
  await tag(agentRuntimeArn, { 'agentworks:max-instances': '2' })
  await ask(agentRuntimeArn, 'b')

  const refused = await errorOf(tag(agentRuntimeArn, { 'agentworks:memory-mb': 'plenty' }))
  expect(refused).toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/agentworks:memory-mb is "plenty"; it must be a whole number/),
  })
  const unknown = await errorOf(agentWith('unknown', { 'agentworks:gpu': '1' }))
  expect(unknown).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('agentworks:gpu') })

  const guarantees = (await admin('doctor')) as { name: string; holds: boolean }[]
  if (!guarantees.some(({ name, holds }) => name === 'memory is limited' && holds)) return
  const eaten = await errorOf(ask(agentRuntimeArn, 'a', { mebibytes: 512 }))
  expect(eaten).toMatchObject({ name: 'RuntimeClientError', message: expect.stringContaining('out of memory: limit 256 MiB') })
})

it('takes what an instance may use from options of deploy, and shows it in agents get and sessions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'aw-sized-'))
  writeFileSync(join(folder, 'main.js'), agent)
  const sizes = ['--cpu', '0.5', '--memory-mb', '256', '--min', '1', '--max', '3', '--target-utilisation', '50']
  const deployed = await typed(platform, ['deploy', folder, '--name', 'sized', '--json', ...sizes])
  rmSync(folder, { recursive: true })
  expect(deployed.stderr).not.toContain('error')
  const { agentRuntimeArn } = JSON.parse(deployed.stdout)
  await ask(agentRuntimeArn, 'sized')
  const got = JSON.parse((await typed(platform, ['agents', 'get', 'sized', '--json'])).stdout)
  expect(got).toMatchObject({ instances: { cpus: 0.5, memoryMb: 256, minInstances: 1, maxInstances: 3, targetUtilisation: 50 } })
  const [head = '', ...rows] = (await typed(platform, ['sessions', 'list'])).stdout.split('\n')
  const column = (row: string, name: string) => row.slice(head.indexOf(name)).split(/\s{2,}|$/)[0] ?? ''
  const row = rows.find((one) => one.startsWith(session('sized').slice(0, 8)) && one.includes('sized')) ?? ''
  const shown = (await admin('sessions')) as { runtimeSessionId: string; network: string }[]
  const network = shown.find(({ runtimeSessionId }) => runtimeSessionId === session('sized'))?.network
  expect([column(row, 'NETWORK').replace('*', ''), column(row, 'CPU'), column(row, 'MEMORY MB')]).toEqual([network, '0.5', '256'])
  expect(await typed(platform, ['deploy', '.', '--name', 'sized', '--cpu', 'many'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('--cpu'),
  })
})

scenario('pool.killed', 'js', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('the scenario finds processes by /proc')
  const { agentRuntimeId, agentRuntimeArn } = await agentWith('killed', { 'agentworks:min-instances': '2' })
  await waits(agentRuntimeArn, 2)
  const { id } = await ask(agentRuntimeArn, 'k')
  await platform.kill()
  platform = await startPlatform(platform.dataDir)
  clients = clientsOf(platform)
  await waits(agentRuntimeArn, 2)
  expect((await ask(agentRuntimeArn, 'k')).id).not.toBe(id)
  await clients.control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }))
  await expect.poll(() => instancesOf(agentRuntimeArn), { timeout: 20_000 }).toBeNull()
  await platform.stop()
  expect(running(), 'of both platforms').toEqual([])
})
