// What a container reaches by its network mode, tried from inside, in a network of the test's own.
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { findTools } from '#adapters/egress/tools.js'
import {
  internet,
  type NetworkWorld,
  networkWorld,
  notPublic,
  ofHost,
  refusedByOperator,
} from '#adapters/sandbox-bubblewrap/network-world.fixture.js'
import { randomIds } from '#kernel/ids.js'
import type { ImageProgram } from '#ports/sandbox.js'
import { engineMissing, startTestEngine, type TestEngine } from './docker.fixture.js'

const tools = await findTools()
const missing = engineMissing() ?? ('reason' in tools ? `${tools.reason}: ${tools.fix}` : undefined)
vi.setConfig({ testTimeout: 60_000 })

// Tries TCP and UDP to every target at once, from its first instruction, and prints what came of it.
const agent = `
const net = require('node:net'), dgram = require('node:dgram'), dns = require('node:dns'), http = require('node:http')
const settled = (work) => new Promise((resolve) => { setTimeout(resolve, 3000, 'nothing'); work(resolve) })
const tcp = (host) => settled((say) => { const s = net.connect({ host, port: 7000 }); s.on('data', (d) => say(String(d))); s.on('error', (e) => say(e.code)) })
const udp = (host) => settled((say) => {
  const s = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4')
  s.on('error', (e) => say(e.code)); s.on('message', (m) => say(String(m)))
  s.connect(7000, host, (e) => e ? say(e.code) : s.send('hello', (e) => e && say(e.code)))
})
const platform = () => settled((say) => http.get('http://127.0.0.1:4680/', (r) => r.on('data', (d) => say(String(d)))).on('error', (e) => say(e.code)))
const name = () => dns.promises.lookup('public.test').then(({ address }) => address, (e) => e.code)
const work = [platform().then((said) => 'platform: ' + said), name().then((said) => 'name: ' + said)]
for (const host of (process.env.TARGETS ?? '').split(' ').filter(Boolean))
  work.push(tcp(host).then((said) => 'tcp ' + host + ': ' + said), udp(host).then((said) => 'udp ' + host + ': ' + said))
Promise.all(work).then((lines) => { for (const line of lines) console.log(line); process.exit() })`

describe.skipIf(missing !== undefined)(`the network of a container${missing === undefined ? '' : ` [skipped: ${missing}]`}`, () => {
  let engine: TestEngine
  let world: NetworkWorld
  let program: ImageProgram
  beforeAll(async () => {
    engine = await startTestEngine()
    program = { imageId: await engine.image('aw-test/network', { files: { 'agent.cjs': agent } }) }
    const platform = fileURLToPath(new URL('./network-platform.fixture.ts', import.meta.url))
    world = await networkWorld(`aw${randomIds.alphanumeric(6).toLowerCase()}`, platform, [engine.env.DOCKER_HOST])
  }, 120_000)
  let isEnded = false
  const end = async () => {
    if (!isEnded) await world?.end()
    isEnded = true
  }
  afterAll(async () => {
    await end()
    await engine?.stop()
  }, 60_000)

  const publicOnes = Object.values(internet)
  const refused = [...notPublic, ...refusedByOperator, ...ofHost, '127.0.0.1', '::1', '::ffff:198.51.100.2', '100.127.255.253', '100.127.255.254']

  it('of networkMode PUBLIC is the internet, names and the platform, from its first instruction on', async () => {
    const { output, reach, fault } = await world.start<ImageProgram>({ program, networkMode: 'PUBLIC', env: { TARGETS: publicOnes.join(' ') } })
    expect(fault).toBeUndefined()
    expect(reach).toEqual({ to: 'internet' })
    const reached = publicOnes.flatMap((host) => [`tcp ${host}: internet`, `udp ${host}: internet`])
    expect(output.sort()).toEqual(['name: 203.0.113.10', 'platform: the platform', ...reached].sort())
  })

  it('of networkMode PUBLIC is neither the host, nor private ranges, nor the metadata address', async () => {
    const before = world.visits.internet.length
    const { output } = await world.start<ImageProgram>({ program, networkMode: 'PUBLIC', env: { TARGETS: refused.join(' ') } })
    expect(output).toHaveLength(2 * refused.length + 2)
    expect(output.filter((line) => /: (internet|host)$/.test(line))).toEqual([])
    expect(world.visits.host).toEqual([])
    expect(world.visits.internet.slice(before).filter((line) => !line.startsWith('dns '))).toEqual([])
  })

  it('of networkMode VPC is the platform alone, from its first instruction on', async () => {
    const before = world.visits.internet.length
    const { output, reach } = await world.start<ImageProgram>({
      program,
      networkMode: 'VPC',
      env: { TARGETS: [...publicOnes, ...refused].join(' ') },
    })
    expect(reach).toEqual({ to: 'platform' })
    expect(output).toContain('platform: the platform')
    expect(output.filter((line) => /: (internet|host)$/.test(line) || /^name: \d/.test(line))).toEqual([])
    expect([...world.visits.host, ...world.visits.internet.slice(before)]).toEqual([])
  })

  it('has its guarantees tried, and they hold', async () => {
    const found = await world.probe()
    expect(found.find(({ name }) => name === 'internet for networkMode PUBLIC')).toMatchObject({ holds: true })
    expect(found.find(({ name }) => name === 'host loopback out of reach')).toMatchObject({ holds: true })
  })

  it('leaves no container behind that held it', async () => {
    await world.start<ImageProgram>({ program, networkMode: 'PUBLIC', env: {} })
    await end()
    expect(JSON.parse(await engine.call('GET', '/containers/json?all=true'))).toEqual([])
  })
})
