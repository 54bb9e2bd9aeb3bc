// A host and its internet in two network namespaces of the test's own: nothing that a test sends leaves this machine, not even its
// kernel's tables. The internet has every address that a session must not reach, with someone there who would notice.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { CodeProgram, Guarantee, Reach } from '#ports/sandbox.js'
import type { SessionOrder } from './serve-sessions.fixture.js'

const exec = promisify(execFile)

/** Of the internet, and later the host's. */
export const movingAddress = '203.0.113.20'
/** In the internet, and public. */
export const internet = { ipv4: '203.0.113.10', ipv6: '2001:db8:2::10' }
export const refusedByOperator = ['203.0.113.66', '2001:db8:2::66']
export const notPublic = [
  ...['0.1.2.3', '10.1.2.3', '100.66.1.1', '169.254.169.254', '172.16.5.5', '192.0.0.8', '192.168.7.7', '198.18.0.1', '240.0.0.1'],
  ...['fd00:ec2::254', 'fc00::1', '64:ff9b::a9fe:a9fe', '2002:a9fe:a9fe::1', '100::1'],
]
/** The host's own, on its way out and beside it. */
export const ofHost = ['198.51.100.2', '203.0.113.77', '2001:db8:1::2', '2001:db8:2::77']

// Node strips types but asks for the real file names; our imports name what the compiler will make.
const hook = `import { registerHooks } from 'node:module'
registerHooks({ resolve(name, context, next) {
  try { return next(name, context) } catch (error) { if (!name.startsWith('./')) throw error; return next(name.replace(/\\.js$/, '.ts'), context) }
} })`
const fromSource = [
  '--conditions=agentworks-source',
  '--disable-warning=ExperimentalWarning',
  '--import',
  `data:text/javascript,${encodeURIComponent(hook)}`,
]

export interface SessionResult {
  id: string
  output: string[]
  reach?: Reach
  exit?: { code: number | null }
  fault?: string
  found?: Guarantee[]
  pid?: number
}

export interface NetworkWorld {
  platform: ChildProcess
  host: string
  dir: string
  run(
    order: Omit<SessionOrder<CodeProgram>, 'id' | 'program'> & { language: 'node' | 'python'; interpreter: string; code: string },
  ): Promise<SessionResult>
  /** The same with whatever program the platform's level takes. */
  start<Program>(order: Omit<SessionOrder<Program>, 'id'>): Promise<SessionResult>
  probe(): Promise<Guarantee[]>
  /** Of a session that runs: its reach now, and all that it has printed. */
  now(id: string): Promise<SessionResult>
  /** Gives the host one more address of its own, while sessions run. */
  addToHost(address: string): Promise<void>
  /** Visits noticed so far, as `tcp 10.1.2.3`. */
  visits: { host: string[]; internet: string[] }
  end(): Promise<void>
}

/** `platformFile` is the program that serves sessions there; its arguments come after the runtime folder. */
export async function networkWorld(prefix: string, platformFile = source('network-platform.fixture.ts'), args: string[] = []): Promise<NetworkWorld> {
  const [host, net] = [`${prefix}h`, `${prefix}n`]
  const dir = await mkdtemp(join(tmpdir(), 'aw-'))
  await chmod(dir, 0o711)
  await exec('ip', ['netns', 'add', host])
  await exec('ip', ['netns', 'add', net])
  await batch(host, [
    'link set lo up',
    `link add up0 address 02:00:00:00:01:01 type veth peer name down0 address 02:00:00:00:01:02 netns ${net}`,
    ...['198.51.100.2/24', '2001:db8:1::2/64'].map((address) => `addr add ${address} dev up0 ${address.includes(':') ? 'nodad' : ''}`),
    ...['203.0.113.77/32', '2001:db8:2::77/128'].map((address) => `addr add ${address} dev lo`),
    'link set up0 up',
  ])
  await batch(net, [
    'link set lo up',
    'addr add 198.51.100.1/24 dev down0',
    'addr add 2001:db8:1::1/64 dev down0 nodad',
    'link set down0 up',
    'neigh replace 2001:db8:1::2 lladdr 02:00:00:00:01:01 dev down0 nud permanent',
    ...[internet.ipv4, internet.ipv6, movingAddress, ...refusedByOperator, ...notPublic.filter((address) => !/^(0|240)\./.test(address))].map(
      (address) => `addr add ${address}/${address.includes(':') ? 128 : 32} dev lo`,
    ),
  ])
  await batch(host, [
    'route add default via 198.51.100.1',
    'route add default via 2001:db8:1::1',
    // In the first second after an interface is up, IPv6 would find no neighbours.
    'neigh replace 2001:db8:1::1 lladdr 02:00:00:00:01:02 dev up0 nud permanent',
  ])
  const visits = { host: [] as string[], internet: [] as string[] }
  const witnesses = [await witness(host, 'host', visits.host), await witness(net, 'internet', visits.internet)]

  const platform = inNamespace(host, [...fromSource, platformFile, join(dir, 'r'), ...args])
  const waiting = new Map<string, (result: SessionResult) => void>()
  const told = (id: string) => new Promise<SessionResult>((resolve) => waiting.set(id, resolve))
  const ready = told('ready')
  if (platform.stdout) createInterface(platform.stdout).on('line', (line) => waiting.get(JSON.parse(line).id)?.(JSON.parse(line) as SessionResult))
  await ready
  let count = 0
  const start = (id: string, order: object) => {
    const ended = told(id)
    platform.stdin?.write(`${JSON.stringify({ ...order, id })}\n`)
    return ended
  }

  return {
    platform,
    host,
    dir,
    visits,
    async run({ language, interpreter, code, ...order }) {
      const id = `s${++count}`
      const codeDir = join(dir, id)
      const file = language === 'node' ? 'agent.cjs' : 'agent.py'
      await mkdir(codeDir)
      await writeFile(join(codeDir, file), code)
      return start(id, { ...order, program: { codeDir, language, interpreter, args: [file] } })
    },
    start: (order) => start(`s${++count}`, order),
    addToHost: (address) => batch(host, [`addr add ${address} dev lo`]),
    async probe() {
      const ended = told('probe')
      platform.stdin?.write('probe\n')
      return (await ended).found ?? []
    },
    async now(id) {
      const answered = told('now')
      platform.stdin?.write(`now ${id}\n`)
      return answered
    },
    async end() {
      platform.stdin?.end()
      if (platform.exitCode === null && platform.signalCode === null) await new Promise((resolve) => platform.once('exit', resolve))
      for (const process of witnesses) process.kill('SIGKILL')
      for (const name of [host, net]) await exec('ip', ['netns', 'del', name])
      await rm(dir, { recursive: true, force: true })
    },
  }
}

const source = (file: string) => fileURLToPath(new URL(`./${file}`, import.meta.url))

function inNamespace(name: string, args: string[]): ChildProcess {
  return spawn('ip', ['netns', 'exec', name, process.execPath, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function witness(namespace: string, name: string, visits: string[]): Promise<ChildProcess> {
  const child = inNamespace(namespace, [...fromSource, source('network-witness.fixture.ts'), name])
  await new Promise<void>((resolve) => {
    if (child.stdout) createInterface(child.stdout).on('line', (line) => (line === 'listening' ? resolve() : visits.push(line)))
  })
  return child
}

async function batch(namespace: string, lines: string[]): Promise<void> {
  const running = exec('ip', ['-n', namespace, '-batch', '-'])
  running.child.stdin?.end(`${lines.join('\n')}\n`)
  await running
}
