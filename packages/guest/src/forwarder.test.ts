import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import net, { type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { guestPrograms } from './index.js'

let dir: string
let open: (ChildProcess | net.Server)[]

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aw-'))
  open = []
})
afterEach(async () => {
  for (const one of open) 'kill' in one ? one.kill('SIGKILL') : one.close()
  await rm(dir, { recursive: true })
})

async function agentOn(port: number, onConnection: (socket: Socket) => void): Promise<number> {
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    // The forwarder's first connection only asks whether anyone is there, and may be gone before the answer.
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.listen(port, '127.0.0.1')
  open.push(server)
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

async function forwarder(agentPort: number, platformPort: number): Promise<{ child: ChildProcess; socketPath: string }> {
  const socketPath = join(dir, 'forward.sock')
  const args = [guestPrograms.forwarder, String(agentPort), socketPath, String(platformPort), join(dir, 'api.sock'), 'end-with-input']
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'inherit'] })
  open.push(child)
  return { child, socketPath }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const trial = net.connect(port, '127.0.0.1')
    trial.on('error', () => resolve(false))
    trial.on('connect', () => {
      trial.destroy()
      resolve(true)
    })
  })
}

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 10_000
  while (!holds()) {
    if (Date.now() > end) throw new Error('did not come true in time')
    await delay(5)
  }
}

it('shows its socket only once the agent accepts', async () => {
  const [agentPort, platformPort] = [await freePort(), await freePort()]
  const { socketPath } = await forwarder(agentPort, platformPort)
  // The other bridge is up, so the program has started; nothing listens on the agent's port yet.
  while (!(await accepts(platformPort))) await delay(5)
  expect(existsSync(socketPath)).toBe(false)
  await agentOn(agentPort, (socket) => socket.end('here'))
  await until(() => existsSync(socketPath))
  expect(await text(net.connect(socketPath))).toBe('here')
})

it('passes a half-close on, and the answer that comes after it', async () => {
  const agentPort = await agentOn(0, async (socket) => socket.end(`got ${await text(socket).catch(String)}`))
  const { socketPath } = await forwarder(agentPort, await freePort())
  await until(() => existsSync(socketPath))
  const socket = net.connect({ path: socketPath, allowHalfOpen: true })
  socket.end('all of it')
  expect(await text(socket)).toBe('got all of it')
})

it('loses nothing of a large answer to a slow reader, and holds little of it', async ({ skip }) => {
  if (process.platform !== 'linux') return skip('the test reads memory from /proc')
  const size = 64 << 20
  const agentPort = await agentOn(0, (socket) => socket.end(Buffer.alloc(size, 'x')))
  const { child, socketPath } = await forwarder(agentPort, await freePort())
  await until(() => existsSync(socketPath))
  const socket = net.connect(socketPath)
  await once(socket, 'readable')
  const memory = Number(/VmHWM:\s+(\d+)/.exec(await readFile(`/proc/${child.pid}/status`, 'utf8'))?.[1])
  expect(memory).toBeLessThan(100_000)
  expect((await buffer(socket)).length).toBe(size)
})

it('tells the agent when the caller goes away, and lives on', async () => {
  const ended: string[] = []
  const agentPort = await agentOn(0, (socket) => {
    socket.on('close', () => ended.push('closed'))
    const timer = setInterval(() => socket.write('tick'), 5)
    socket.on('close', () => clearInterval(timer))
  })
  const { socketPath } = await forwarder(agentPort, await freePort())
  await until(() => existsSync(socketPath))
  const before = ended.length
  for (let count = 0; count < 5; count++) {
    const socket = net.connect(socketPath)
    await once(socket, 'data')
    socket.destroy()
  }
  await until(() => ended.length >= before + 5)
  const again = net.connect(socketPath)
  await once(again, 'data')
  again.destroy()
})

it('ends when its standard input does', async () => {
  const agentPort = await agentOn(0, (socket) => socket.end())
  const { child, socketPath } = await forwarder(agentPort, await freePort())
  await until(() => existsSync(socketPath))
  child.stdin?.end()
  expect(await once(child, 'exit')).toEqual([0, null])
})
