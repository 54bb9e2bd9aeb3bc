// What a session can reach by its network mode, tried from inside by HTTP and by sockets, in Node and in Python.
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findTools } from '#adapters/egress/tools.js'
import { hostInterpreters } from '#adapters/interpreters.js'
import { allProcesses, isRunning, type ProcessIdentity } from '#adapters/sandbox/process-identity.js'
import { randomIds } from '#kernel/ids.js'
import { until } from '#ports/sandbox-instances.fixture.js'
import { bubblewrapAvailable } from './availability.js'
import { internet, movingAddress, type NetworkWorld, networkWorld, notPublic, ofHost, refusedByOperator } from './network-world.fixture.js'

const available = await bubblewrapAvailable()
const tools = await findTools()
const reason = !available.ok
  ? available.reason
  : 'reason' in tools
    ? `${tools.reason}: ${tools.fix}`
    : process.getuid?.() === 0
      ? undefined
      : 'making network namespaces for the test takes root'
const python = await hostInterpreters({ path: process.env.PATH ?? '', homeDir: homedir(), nodePath: process.execPath }).find('PYTHON_3_11')

// Each tries `tcp`, `udp` and `http` to every target at once, and prints what came of it: `tcp 10.1.2.3: internet`, or an error.
const nodeAgent = `
const net = require('node:net'), dgram = require('node:dgram'), http = require('node:http')
const settled = (work) => new Promise((resolve) => { setTimeout(resolve, 1500, 'nothing'); work(resolve) })
const tcp = (host) => settled((say) => { const s = net.connect({ host, port: 7000 }); s.on('data', (d) => say(String(d))); s.on('error', (e) => say(e.code)) })
const udp = (host) => settled((say) => {
  const s = dgram.createSocket(host.includes(':') ? 'udp6' : 'udp4')
  s.on('error', (e) => say(e.code)); s.on('message', (m) => say(String(m)))
  s.connect(7000, host, (e) => e ? say(e.code) : s.send('hello', (e) => e && say(e.code)))
})
const get = (host) => settled((say) => http.get({ host, port: 7000, family: host.includes(':') ? 6 : 4 }, () => say('answered')).on('error', (e) => say(e.code === 'HPE_INVALID_CONSTANT' ? 'internet' : e.code)))
Promise.all(process.env.TARGETS.split(' ').flatMap((host) => [['tcp', tcp], ['udp', udp], ['http', get]].map(async ([kind, work]) => console.log(kind + ' ' + host + ': ' + await work(host))))).then(() => process.exit())`

const pythonAgent = `
import os, socket, errno
from concurrent.futures import ThreadPoolExecutor
def attempt(kind, host):
    family = socket.AF_INET6 if ':' in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM if kind == 'tcp' else socket.SOCK_DGRAM) as s:
            s.settimeout(1.5)
            s.connect((host, 7000))
            if kind == 'udp': s.send(b'hello')
            return s.recv(100).decode()
    except TimeoutError: return 'nothing'
    except OSError as error: return errno.errorcode.get(error.errno, str(error))
with ThreadPoolExecutor(64) as pool:
    for kind, host, said in pool.map(lambda a: (*a, attempt(*a)), [(k, h) for h in os.environ['TARGETS'].split() for k in ('tcp', 'udp')]):
        print(f'{kind} {host}: {said}')
for what in ((socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP), (socket.AF_INET, socket.SOCK_DGRAM, socket.IPPROTO_ICMP), (socket.AF_PACKET, socket.SOCK_RAW, 3)):
    try: socket.socket(*what); print('raw: opened', what)
    except OSError as error: print('raw:', errno.errorcode[error.errno])
`

describe.skipIf(reason !== undefined)(`the network of a session${reason === undefined ? '' : ` [skipped: ${reason}]`}`, () => {
  let world: NetworkWorld
  beforeAll(async () => {
    world = await networkWorld(`aw${randomIds.alphanumeric(6).toLowerCase()}`)
  }, 30_000)
  afterAll(() => world?.end(), 30_000)

  const publicOnes = Object.values(internet)
  const mine = [...ofHost, '127.0.0.1', '::1', '127.8.8.8', '::ffff:198.51.100.2', '100.127.255.253', '100.127.255.254', '198.51.100.255']
  const refused = [...notPublic, ...refusedByOperator]
  const node = (networkMode: 'PUBLIC' | 'VPC', code: string, env: Record<string, string> = {}, stays = false) =>
    world.run({ networkMode, language: 'node', interpreter: process.execPath, code, env, stays })
  const visited = (address: string) => [...world.visits.host, ...world.visits.internet].filter((line) => line.endsWith(` ${address}`))

  it('of networkMode PUBLIC reaches the internet by TCP, UDP and HTTP, over IPv4 and IPv6', async () => {
    const { output, reach } = await node('PUBLIC', nodeAgent, { TARGETS: publicOnes.join(' ') })
    expect(reach).toEqual({ to: 'internet' })
    expect(output.sort()).toEqual(publicOnes.flatMap((host) => ['http', 'tcp', 'udp'].map((kind) => `${kind} ${host}: internet`)).sort())
  })

  it('of networkMode PUBLIC reaches neither the host, nor private ranges, nor the metadata address, from Node', async () => {
    const before = world.visits.internet.length
    const { output } = await node('PUBLIC', nodeAgent, { TARGETS: [...refused, ...mine].join(' ') })
    expect(output).toHaveLength(3 * (refused.length + mine.length))
    expect(output.filter((line) => /: (internet|host|answered)$/.test(line))).toEqual([])
    expect([...world.visits.host, ...world.visits.internet.slice(before)]).toEqual([])
  })

  it('of networkMode PUBLIC reaches none of them from Python either, and opens no raw socket', async ({ skip }) => {
    if (!python) return skip('there is no Python on this host')
    const before = world.visits.internet.length
    const env = { TARGETS: [...refused, ...mine, ...publicOnes].join(' ') }
    const { output } = await world.run({ networkMode: 'PUBLIC', language: 'python', interpreter: python.path, code: pythonAgent, env })
    const said = output.filter((line) => !line.startsWith('raw: '))
    expect(said).toHaveLength(2 * (refused.length + mine.length + 2))
    expect(said.filter((line) => /: (internet|host)$/.test(line)).sort()).toEqual(
      publicOnes.flatMap((host) => [`tcp ${host}: internet`, `udp ${host}: internet`]).sort(),
    )
    expect(output.filter((line) => line.startsWith('raw: '))).toEqual(Array(3).fill(expect.stringMatching(/^raw: E/)))
    expect(world.visits.internet.slice(before).filter((line) => !publicOnes.some((host) => line.endsWith(host)))).toEqual([])
    expect(world.visits.host).toEqual([])
  })

  it('of networkMode VPC reaches none of it, the internet included, and asks for no names', async () => {
    const before = world.visits.internet.length
    const { output, reach } = await node('VPC', nodeAgent, { TARGETS: [...refused, ...mine, ...publicOnes, 'public.test'].join(' ') })
    expect(reach).toEqual({ to: 'platform' })
    expect(output.filter((line) => /: (internet|host|answered)$/.test(line))).toEqual([])
    expect(world.visits.internet.slice(before)).toEqual([])
  })

  it('has the platform and no abstract socket of the host in either mode', async () => {
    const code = `
      require('node:http').get('http://127.0.0.1:4680/', (r) => r.on('data', (d) => console.log(String(d))).on('end', () =>
        require('node:net').connect('\\0host').on('connect', () => console.log('connected')).on('error', (e) => console.log(e.code)).on('close', () => process.exit())))
        .on('error', (e) => { console.log(e.code); process.exit() })`
    const retried = `const work = () => {${code}}; const wait = () => require('node:net').connect(4680, '127.0.0.1').on('connect', work).on('error', () => setTimeout(wait, 5)); wait()`
    for (const mode of ['PUBLIC', 'VPC'] as const) expect((await node(mode, retried)).output, mode).toEqual(['the platform', 'ECONNREFUSED'])
    expect(visited('')).toEqual([])
  })

  it('has names for networkMode PUBLIC, from a resolver that it could not reach itself', async () => {
    const code = `
      const dns = require('node:dns')
      const work = async () => {
        console.log((await dns.promises.lookup('public.test')).address)
        console.log(await dns.promises.resolve4('inside.test').then(String))
        console.log((await dns.promises.resolve4('long.test')).length)
        console.log(await dns.promises.resolve4('none.test').catch((e) => e.code))
        for (const name of ['public.test', 'inside.test']) console.log(await new Promise((say) =>
          require('node:net').connect(7000, name).on('data', (d) => say(String(d))).on('error', (e) => say(e.code))))
        process.exit()
      }
      work()`
    const { output } = await node('PUBLIC', code)
    expect(output.slice(0, 4)).toEqual(['203.0.113.10', '10.1.2.3', '120', 'ENODATA'])
    expect(output.slice(4)).toEqual(['internet', 'EHOSTUNREACH'])
  })

  it('does not flood the resolver: so many questions a second are passed on, the others refused', async () => {
    const code = `
      const dgram = require('node:dgram')
      const s = dgram.createSocket('udp4')
      const q = Buffer.from('000001000001000000000000' + '05666c6f6f64' + '0474657374' + '00' + '00010001', 'hex')
      const codes = {}
      s.on('message', (m) => { const c = m[3] & 15; codes[c] = (codes[c] ?? 0) + 1; if ((codes[5] ?? 0) >= 200) { console.log((codes[0] ?? 0) <= 300); process.exit() } })
      setInterval(() => { for (let n = 0; n < 50; n++) s.send(q, 53, '100.127.255.250') }, 20)`
    const before = world.visits.internet.length
    const { output } = await node('PUBLIC', code)
    expect(output).toEqual(['true'])
    expect(world.visits.internet.slice(before).filter((line) => line === 'dns flood.test').length).toBeLessThanOrEqual(400)
  })

  it('does not lead to another session', async () => {
    const code = `require('node:net').createServer((s) => s.end('another session')).listen(7000, '::', () =>
      console.log(require('node:os').networkInterfaces().eth0.map((a) => a.address).join(' ')))`
    const { output } = await node('PUBLIC', code, {}, true)
    const addresses = output[0] ?? ''
    expect(addresses.split(' ')).toHaveLength(2)
    const { output: said } = await node('PUBLIC', nodeAgent, { TARGETS: addresses })
    expect(said).toHaveLength(6)
    expect(said.filter((line) => line.endsWith(': another session'))).toEqual([])
  })

  it('is closed to an address that becomes the host’s own while the session runs', async () => {
    const code = `
      const attempt = () => require('node:net').connect(7000, '${movingAddress}')
        .on('data', (d) => { if (String(d) === 'internet') console.log('reached') })
        // One that was on its way when the address moved may end as it likes.
        .on('error', (e) => { if (e.code === 'EHOSTUNREACH') { console.log(e.code); process.exit() } })
      setInterval(attempt, 100)`
    const running = node('PUBLIC', code)
    await until(async () => visited(movingAddress).length > 0)
    await world.addToHost(`${movingAddress}/32`)
    expect((await running).output.at(-1)).toBe('EHOSTUNREACH')
  }, 15_000)

  it('has its guarantees tried, and they hold', async () => {
    const found = await world.probe()
    expect(found.find(({ name }) => name === 'internet for networkMode PUBLIC')).toMatchObject({ holds: true })
    expect(found.filter(({ holds, name }) => !holds && !name.endsWith('limited'))).toEqual([])
  }, 20_000)

  it('is told as closed when its router is killed, and the next session has a way out again', async () => {
    const own = await networkWorld(`aw${randomIds.alphanumeric(6).toLowerCase()}`)
    try {
      const order = (code: string, stays: boolean) =>
        own.run({ networkMode: 'PUBLIC', language: 'node', interpreter: process.execPath, code, env: { TARGETS: internet.ipv4 }, stays })
      const { id } = await order(`console.log('up'); setInterval(() => {}, 1000)`, true)
      expect((await own.now(id)).reach).toEqual({ to: 'internet' })
      const [router = 0] = await those(own, (command) => command === 'cat')
      kill(router)
      await until(async () => (await own.now(id)).reach?.to === 'platform')
      expect((await own.now(id)).reach).toMatchObject({ instead: { reason: expect.stringContaining('router') } })
      expect((await order(nodeAgent, false)).output).toContain(`tcp ${internet.ipv4}: internet`)
    } finally {
      await own.end()
    }
  }, 30_000)

  it.each([
    ['pasta', /^\S*pasta /, 'console.log(await new Promise((say) => tcp().on("data", (d) => say(String(d))).on("error", (e) => say(e.code))))'],
    ['the resolver', / -e .* 100\.127\.255\.250$/s, 'console.log(await dns.resolve4("public.test").then(() => "internet", (e) => e.code))'],
  ])(
    'comes back by itself when %s is killed',
    async (_name, command, attempt) => {
      const own = await networkWorld(`aw${randomIds.alphanumeric(6).toLowerCase()}`)
      try {
        const code = `
        const dns = new (require('node:dns').promises.Resolver)({ timeout: 500, tries: 1 })
        const tcp = () => { const s = require('node:net').connect(7000, '${internet.ipv4}'); s.setTimeout(500, () => s.destroy(new Error('late'))); return s }
        const go = async () => { for (;;) { ${attempt}; await new Promise((next) => setTimeout(next, 100)) } }
        go()`
        const order = { networkMode: 'PUBLIC' as const, language: 'node' as const, interpreter: process.execPath, code, env: {}, stays: true }
        const { id, output } = await own.run(order)
        expect(output).toEqual(['internet'])
        const isIt = (line: string) => command.test(line)
        const [killed = 0] = await those(own, isIt)
        kill(killed)
        await until(async () => (await those(own, isIt)).some((pid) => pid !== killed))
        const before = (await own.now(id)).output.length
        await until(async () => (await own.now(id)).output.slice(before + 1).includes('internet'))
      } finally {
        await own.end()
      }
    },
    30_000,
  )

  it('leaves nothing running when the platform is killed', async () => {
    const doomed = await networkWorld(`aw${randomIds.alphanumeric(6).toLowerCase()}`)
    try {
      const code = `console.log('up'); setInterval(() => {}, 1000)`
      await doomed.run({ networkMode: 'PUBLIC', language: 'node', interpreter: process.execPath, code, env: {}, stays: true })
      const left = await descendants(doomed.platform.pid ?? 0)
      const names = await Promise.all(left.map(({ pid }) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')))
      expect(names.map((name) => name.trim())).toEqual(expect.arrayContaining(['bwrap', expect.stringMatching(/^pas(ta|st)/)]))
      doomed.platform.kill('SIGKILL')
      await until(async () => (await Promise.all(left.map(isRunning))).every((runs) => !runs))
    } finally {
      await doomed.end()
    }
  }, 30_000)
})

/** Zero would be the whole group of this test. */
function kill(pid: number): void {
  if (pid <= 1) throw new Error('nothing to kill was found')
  process.kill(pid, 'SIGKILL')
}

/** Of the platform's own processes, those whose command line is so. */
async function those(world: NetworkWorld, isIt: (command: string) => boolean): Promise<number[]> {
  const all = await descendants(world.platform.pid ?? 0)
  const commands = await Promise.all(all.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')))
  return all.flatMap(({ pid }, index) => (isIt((commands[index] ?? '').split('\0').join(' ').trim()) ? [pid] : []))
}

async function descendants(root: number): Promise<ProcessIdentity[]> {
  const rows = await allProcesses()
  const below = (parent: number): ProcessIdentity[] => rows.filter((row) => row.parent === parent).flatMap((row) => [row, ...below(row.pid)])
  return below(root)
}
