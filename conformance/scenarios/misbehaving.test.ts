// Agents that flood their output, fill their disks, eat memory and fork without end: the platform and its other agents go on.
import { readdirSync, readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

/** In the environment of the agents of this run, so that their processes can be found from outside. */
const mark = `agentworks-misbehaving-${process.pid}-${Date.now()}`
const source = `
const { exec } = require('node:child_process')
const line = 'x'.repeat(1000) + '\\n'
const flood = () => { process.stdout.write(line.repeat(64), () => setImmediate(flood)); process.stderr.write(line) }
const deeds = {
  flood: (done) => { flood(); done('flooding') },
  fill: (done) => exec('head -c 600000000 /dev/zero > /tmp/big', (error, out, said) => done(said)),
  eat: (done) => { const kept = []; for (let n = 0; n < 4096; n++) kept.push(Buffer.alloc(1 << 20, 1)); done('eaten') },
  fork: (done) => exec('for n in $(seq 2000); do sleep 9 & done', (error, out, said) => done(String(said.match(/fork/)))),
  count: (done) => done(String(++count)),
  break: (done, response) => { response.write('"begun'); setTimeout(() => response.destroy(), 50) },
}
let count = 0
require('node:http').createServer((request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  let text = ''
  request.on('data', (piece) => (text += piece))
  request.on('end', () => deeds[JSON.parse(text).do]((answer) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(answer))
  }, response))
}).listen(8080)`

const limits = { AGENTWORKS_SESSION_MEMORY_MB: '1024', AGENTWORKS_SESSION_PROCESSES: '200' }

let platform: RunningPlatform
let clients: Clients
let agentRuntimeArn: string

beforeAll(async () => {
  platform = await startPlatform(undefined, limits)
  clients = clientsOf(platform)
  ;({ agentRuntimeArn } = await createAgent(clients, { name: 'unruly', files: { 'main.js': source }, environmentVariables: { MARK: mark } }))
})
afterAll(() => removeDataDir(platform))

const ask = async (name: string, deed: string) => (await invoke(clients, agentRuntimeArn, { do: deed }, { runtimeSessionId: session(name) })).body

async function admin(path: string): Promise<Response> {
  return fetch(`${platform.url}/_agentworks/${path}`, { headers: { authorization: `Bearer ${platform.adminToken}` } })
}

/** MiB that the platform's process holds. */
function memory(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${platform.pid}/status`, 'utf8'))?.[1]) / 1024
}

function running(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && environmentOf(name).includes(mark))
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1')
  } catch {
    return ''
  }
}

test('an answer that its agent breaks off is cut, and logged as a warning that names the agent', async () => {
  await expect(ask('broken', 'break')).rejects.toThrow()
  await expect.poll(() => platform.log(), { timeout: 10_000 }).toContain('answer broke off')
  const told = platform.log().split('\n')
  expect(told.find((line) => line.includes('answer broke off'))).toContain(agentRuntimeArn.split('/').at(-1))
  expect(told.filter((line) => line.includes('request failed'))).toEqual([])
  expect(await ask('broken', 'count')).toBe('1')
})

scenario('platform.unruly-agents', 'js', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('the scenario reads memory and processes from /proc')
  expect(await ask('quiet', 'count')).toBe('1')
  const before = memory()
  expect(await ask('loud', 'flood')).toBe('flooding')
  const [agentRuntimeId] = agentRuntimeArn.split('/').slice(-1)
  const log = async () => (await admin(`logs/${agentRuntimeId}?tail=10000`)).text()
  await expect.poll(async () => (await log()).includes('bytes of output dropped'), { timeout: 20_000 }).toBe(true)
  const { isolation } = (await (await admin('about')).json()) as { isolation: string }
  // At level process /tmp is the host's own disk: that agent could fill it, and is not asked to.
  if (isolation !== 'process') expect(await ask('full', 'fill')).toMatch(/No space left on device/)
  const guarantees = (await (await admin('doctor')).json()) as { name: string; holds: boolean }[]
  if (guarantees.some(({ name, holds }) => name === 'memory is limited' && holds)) {
    const told = await errorOf(ask('hungry', 'eat'))
    expect(told).toMatchObject({ name: 'RuntimeClientError', status: 424 })
    expect(told.message).toContain('out of memory: limit 1024 MiB')
    await expect.poll(log).toContain('The agent was ended: out of memory: limit 1024 MiB.')
    expect(await ask('hungry', 'count'), 'and the next call starts it afresh').toBe('1')
  }
  if (guarantees.some(({ name, holds }) => name === 'processes are limited' && holds)) expect(await ask('fertile', 'fork')).toBe('fork')
  for (let count = 2; count < 20; count += 1) expect(await ask('quiet', 'count')).toBe(String(count))
  expect(memory() - before, 'what the flood cost the platform, in MiB').toBeLessThan(400)
  expect((await fetch(`${platform.url}/health`)).status).toBe(200)

  expect(running().length).toBeGreaterThan(0)
  await platform.kill()
  platform = await startPlatform(platform.dataDir)
  clients = clientsOf(platform)
  expect(running(), 'nothing of them runs on after a kill').toEqual([])
  expect(await ask('loud', 'count'), 'and their sessions begin anew').toBe('1')
})
