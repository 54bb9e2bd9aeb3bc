// What code in a session could try against its host and its neighbours. Each attempt is harmless where it succeeds: it reaches only
// what the test itself has put there.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { randomIds } from '#kernel/ids.js'
import type { InstancePlace } from '#ports/sandbox.js'
import { folderOf } from '#ports/sandbox-instances.fixture.js'
import { identify, type ProcessIdentity } from './process-identity.js'

const run = promisify(execFile)

/** Title in the guide -> the body of an async function; it has succeeded when it returns without an error, and with anything but false. */
export const attempts: Readonly<Record<string, string>> = {
  "read a file of the platform's user": `return fs.readFileSync(target.hostFile, 'utf8') === 'secret of the host'`,
  'write to a folder of the host': `fs.writeFileSync(target.hostFile + '.written', '')`,
  "read another session's files": `
    const tries = [target.otherHome + '/mine', '/proc/' + target.otherPid + '/root/home/agent/mine', '/proc/' + target.otherPid + '/cwd/agent.cjs']
    return tries.some((path) => { try { return fs.readFileSync(path).length > 0 } catch { return false } })`,
  "connect to another session's sockets": `
    for (const name of ['platform/api.sock', 'agent/agent.sock']) if (await connects({ path: target.otherDir + '/' + name })) return true
    return false`,
  "read the platform's environment": `
    const reads = (pid) => { try { return fs.readFileSync('/proc/' + pid + '/environ').length > 0 } catch { return false } }
    return reads(1) || (isSame(target.platform) && reads(target.platform.pid))`,
  "read the platform's command line": `return isSame(target.platform) && fs.readFileSync('/proc/' + target.platform.pid + '/cmdline').length > 0`,
  'see processes of the host': `return fs.readdirSync('/proc').includes(String(target.bystander.pid)) && isSame(target.bystander)`,
  'signal a process of the host': `return isSame(target.bystander) && process.kill(target.bystander.pid, 0)`,
  "open another process's memory": `if (!isSame(target.bystander)) return false; fs.closeSync(fs.openSync('/proc/' + target.bystander.pid + '/mem', 'r+'))`,
  'reach a service on the loopback of the host': `return await connects({ host: '127.0.0.1', port: target.port }) || await connects({ host: '::1', port: target.port })`,
  'reach an abstract socket of the host': `return connects({ path: '\\0' + target.abstractName })`,
  'reach a private address': `return connects({ host: target.privateAddress, port: target.port })`,
  'reach a link-local address, as metadata services have': `return connects({ host: target.linkLocalAddress, port: target.port })`,
  'mount a file system': `
    const dir = process.env.HOME + '/mounted'
    fs.mkdirSync(dir)
    if (spawnSync('mount', ['-t', 'tmpfs', 'none', dir]).status !== 0) return false
    spawnSync('umount', [dir])`,
  'make a user namespace': `return spawnSync('unshare', ['--user', 'true']).status === 0`,
  // To what it is already.
  'set the host name': `
    const name = require('os').hostname()
    fs.writeFileSync('/proc/sys/kernel/hostname', name)`,
  'change its own code': `fs.writeFileSync('extra', '')`,
  'write to system folders': `fs.accessSync('/usr/bin', fs.constants.W_OK); fs.accessSync('/etc', fs.constants.W_OK)`,
  'start more processes than its limit': `
    const program = 'n=0; while [ $n -lt 400 ]; do sleep 5 >/dev/null & n=$((n+1)); done'
    return spawnSync('/bin/sh', ['-c', program], { stdio: 'ignore' }).status === 0`,
  'use more memory than its limit': `
    const eat = 'const kept = []; for (let n = 0; n < 320; n++) kept.push(Buffer.alloc(1 << 22, 1))'
    return spawnSync(process.execPath, ['-e', eat]).signal === null`,
  'fill its home beyond its size': `return fills(process.env.HOME)`,
  'fill its temporary folder beyond its size': `return fills(require('os').tmpdir())`,
  'fill shared memory beyond its size': `return fills('/dev/shm')`,
}

export interface EscapeTarget {
  hostFile: string
  otherDir: string
  otherHome: string
  otherPid: number
  platform: ProcessIdentity
  bystander: ProcessIdentity
  port: number
  abstractName: string
  privateAddress: string
  linkLocalAddress: string
}

/** The agent: tries everything in turn and prints one line of JSON, title -> whether it succeeded. */
export function attemptingAgent(target: EscapeTarget): string {
  return `
const fs = require('fs'), net = require('net'), { spawnSync } = require('child_process')
const target = ${JSON.stringify(target)}
// A number of the host may mean a process of the session's own: its start time decides.
const isSame = ({ pid, startedAt }) => {
  const stat = fs.readFileSync('/proc/' + pid + '/stat', 'latin1')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] === startedAt
}
const connects = (where) => new Promise((resolve) => {
  const socket = net.connect(where)
  const end = (result) => { socket.destroy(); resolve(result) }
  socket.on('connect', () => end(true)); socket.on('error', () => end(false)); socket.setTimeout(2000, () => end(false))
})
const fills = (dir) => {
  const path = dir + '/fill-' + process.pid
  try { for (let n = 0; n < 24; n++) fs.appendFileSync(path, Buffer.alloc(1 << 20, 1)); return true } finally { fs.rmSync(path, { force: true }) }
}
const attempts = {${Object.entries(attempts).map(([title, body]) => `${JSON.stringify(title)}: async () => {${body}}`)}}
void (async () => {
  const succeeded = {}
  for (const [title, attempt] of Object.entries(attempts)) succeeded[title] = await attempt().then((result) => result !== false, () => false)
  console.log(JSON.stringify(succeeded))
})()`
}

export interface EscapeWorld {
  target(other: { place: InstancePlace; pid: number }): EscapeTarget
  /** Why the addresses could not be put on the loopback interface, when they could not. */
  withoutAddresses: string | undefined
  end(): Promise<void>
}

export async function escapeWorld(): Promise<EscapeWorld> {
  const dir = await mkdtemp(join(tmpdir(), 'aw-host-'))
  const hostFile = join(dir, 'file')
  await writeFile(hostFile, 'secret of the host', { mode: 0o600 })
  const bystander = spawn('sleep', ['600'], { stdio: 'ignore' })
  await once(bystander, 'spawn')
  const [sleeping, self] = await Promise.all([identify(bystander.pid ?? 0), identify(process.pid)])
  if (!sleeping || !self) throw new Error('no /proc to know processes by')
  const abstractName = `aw-${randomIds.alphanumeric(12)}`
  const part = () => 1 + (Number.parseInt(randomIds.uuid().slice(0, 2), 16) % 250)
  const addresses = [`10.213.${part()}.${part()}`, `169.254.77.${part()}`]
  const failures = await Promise.all(addresses.map((address) => onLoopback('add', address)))
  const servers = [await listening({ host: '::', port: 0 }), await listening({ path: `\0${abstractName}` })]
  const bound = servers[0]?.address()

  return {
    target: ({ place, pid }) => ({
      hostFile,
      otherDir: folderOf(place),
      otherHome: join(folderOf(place), 'home'),
      otherPid: pid,
      platform: self,
      bystander: sleeping,
      port: typeof bound === 'object' && bound ? bound.port : 0,
      abstractName,
      privateAddress: addresses[0] ?? '',
      linkLocalAddress: addresses[1] ?? '',
    }),
    withoutAddresses: failures.find((failure) => failure !== undefined),
    async end() {
      await Promise.all(addresses.map((address, index) => (failures[index] === undefined ? onLoopback('del', address) : undefined)))
      for (const server of servers) server.close()
      await ended(bystander)
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function onLoopback(what: 'add' | 'del', address: string): Promise<string | undefined> {
  return run('ip', ['addr', what, `${address}/32`, 'dev', 'lo']).then(
    () => undefined,
    (fault: Error) => fault.message,
  )
}

async function listening(where: { host: string; port: number } | { path: string }): Promise<Server> {
  const server = createServer((socket) => socket.on('error', () => {}).end()).listen(where)
  await once(server, 'listening')
  return server
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}
