// What a session of networkMode VPC reaches by the operator's map of its ids, tried from inside.
import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTools } from '#adapters/egress/tools.js'
import { randomIds } from '#kernel/ids.js'
import { until } from '#ports/sandbox-instances.fixture.js'
import { bubblewrapAvailable } from './availability.js'
import { internet, type NetworkWorld, networkWorld, notPublic, ofHost, refusedByOperator } from './network-world.fixture.js'

const available = await bubblewrapAvailable()
const tools = await findTools()
const root = process.getuid?.() === 0
const reason = !available.ok
  ? available.reason
  : 'reason' in tools
    ? tools.reason
    : root
      ? undefined
      : 'making network namespaces for the test takes root'

// Prints what came of each attempt: `tcp 10.1.2.3: internet`, or an error.
const attempts = `
const net = require('node:net'), dgram = require('node:dgram')
const settled = (work) => new Promise((resolve) => { setTimeout(resolve, 1500, 'nothing'); work(resolve) })
const tcp = (host) => settled((say) => { const s = net.connect({ host, port: 7000 }); s.on('data', (d) => say(String(d))); s.on('error', (e) => say(e.code)) })
const udp = (host) => settled((say) => {
  const s = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4')
  s.on('error', (e) => say(e.code)); s.on('message', (m) => say(String(m)))
  s.connect(7000, host, (e) => e ? say(e.code) : s.send('hello', (e) => e && say(e.code)))
})`
const tryAll = `${attempts}
Promise.all(process.env.TARGETS.split(' ').flatMap((host) => [['tcp', tcp], ['udp', udp]].map(async ([kind, work]) => console.log(kind + ' ' + host + ': ' + await work(host))))).then(() => process.exit())`
const tryForever = `${attempts}
const go = async () => { for (;;) { console.log(await tcp('10.1.2.3')); await new Promise((next) => setTimeout(next, 50)) } }
go()`
const resolveName = `
const dns = new (require('node:dns').promises.Resolver)({ timeout: 1000, tries: 1 })
dns.resolve4('public.test').then(String, (e) => e.code).then((said) => { console.log(said); process.exit() })`

describe.skipIf(reason !== undefined)(`the network of a session in a VPC${reason === undefined ? '' : ` [skipped: ${reason}]`}`, () => {
  let world: NetworkWorld
  beforeAll(async () => {
    world = await networkWorld(`aw${randomIds.alphanumeric(6).toLowerCase()}`)
  }, 30_000)
  afterAll(() => world?.end(), 30_000)

  const [subnet, group] = ['subnet-0123456789abcdef0', 'sg-0123456789abcdef0']
  const everything = [...notPublic, ...ofHost, ...refusedByOperator, ...Object.values(internet), '127.0.0.1', '100.127.255.254']
  const map = async (ranges: string[], rules: object[], more: object = {}) => {
    // Never half a file.
    await writeFile(join(world.dir, 'new.json'), JSON.stringify({ subnets: { [subnet]: ranges }, securityGroups: { [group]: rules }, ...more }))
    await rename(join(world.dir, 'new.json'), join(world.dir, 'vpc.json'))
  }
  const run = (code: string, stays = false) =>
    world.run({
      networkMode: 'VPC',
      vpc: { subnets: [subnet], securityGroups: [group] },
      language: 'node',
      interpreter: process.execPath,
      code,
      env: { TARGETS: everything.join(' ') },
      stays,
    })
  const reached = (output: string[]) => output.filter((line) => /: (internet|host)$/.test(line)).sort()

  it('reaches the ranges of its subnets as far as its security groups allow, over IPv4 and IPv6, and nothing else', async () => {
    await map(['10.1.0.0/16', 'fc00::/64'], [{ protocol: 'tcp', ports: [7000] }])
    const { output, reach } = await run(tryAll)
    expect(reach).toEqual({ to: 'vpc', open: ['tcp 7000 to 10.1.0.0/16, fc00::/64'] })
    expect(output).toHaveLength(2 * everything.length)
    expect(reached(output)).toEqual(['tcp 10.1.2.3: internet', 'tcp fc00::1: internet'])
    expect(world.visits.host).toEqual([])
  })

  it('reaches by UDP what a group opens for UDP, and no other port of it', async () => {
    await map(
      ['10.1.2.3/32', '172.16.0.0/12'],
      [
        { protocol: 'udp', ports: ['6999-7001'] },
        { protocol: 'tcp', ports: [443] },
      ],
    )
    expect(reached((await run(tryAll)).output)).toEqual(['udp 10.1.2.3: internet', 'udp 172.16.5.5: internet'])
  })

  it('reaches the internet by a range of it, and by that no private one, nor the host, nor metadata, nor what the operator refuses', async () => {
    await map(['0.0.0.0/0', '::/0'], [{ protocol: 'all' }])
    const { output } = await run(tryAll)
    expect(reached(output)).toEqual(
      Object.values(internet)
        .flatMap((host) => [`tcp ${host}: internet`, `udp ${host}: internet`])
        .sort(),
    )
    expect(world.visits.host).toEqual([])
  })

  it.each([
    ['no ranges', [], [{ protocol: 'all' }]],
    ['no rules', ['10.0.0.0/8'], []],
  ])('reaches nothing when the map has %s', async (_what, ranges, rules) => {
    await map(ranges, rules)
    const { output, reach } = await run(tryAll)
    expect(reach).toEqual({ to: 'platform' })
    expect(reached(output)).toEqual([])
  })

  it('has names only when the map gives a resolver', async () => {
    await map(['10.1.0.0/16'], [{ protocol: 'tcp' }])
    expect((await run(resolveName)).output).toEqual(['EREFUSED'])
    await map(['10.1.0.0/16'], [{ protocol: 'tcp' }], { resolvers: ['10.1.2.3'] })
    const { output, reach } = await run(resolveName)
    expect(output).toEqual(['203.0.113.10'])
    expect(reach?.open).toEqual(['tcp to 10.1.0.0/16', 'names from 10.1.2.3'])
  })

  it('follows the map while it runs, and is closed with the reason when the map cannot be read', async () => {
    await map(['10.1.0.0/16'], [{ protocol: 'tcp' }])
    const { id } = await run(tryForever, true)
    const says = async (wanted: boolean) => ((await world.now(id)).output.at(-1) === 'internet') === wanted
    await until(() => says(true))
    await map([], [])
    await until(() => says(false))
    expect((await world.now(id)).reach).toEqual({ to: 'platform' })
    await map(['10.1.0.0/16'], [{ protocol: 'tcp' }])
    await until(() => says(true))
    await map(['10.1.0.0/99'], [])
    await until(() => says(false))
    await until(async () => (await world.now(id)).reach?.instead?.reason.includes('10.1.0.0/99') === true)
  }, 30_000)

  it('starts closed, with the reason, when the map does not know its ids any more', async () => {
    await writeFile(join(world.dir, 'vpc.json'), '{}')
    const { output, reach } = await run(tryAll)
    expect(reach).toMatchObject({ to: 'platform', instead: { reason: expect.stringContaining(subnet) } })
    expect(reached(output)).toEqual([])
  })
})
