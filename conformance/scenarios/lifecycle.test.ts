// The life of the platform itself: one command, one data folder, one port.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { networkInterfaces } from 'node:os'
import { join } from 'node:path'
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterEach, expect } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { clientsOf, newDataDir, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const bin = join(import.meta.dirname, '../../packages/cli/bin/agentworks.js')
const running: RunningPlatform[] = []
const folders: string[] = []
afterEach(async () => {
  for (const platform of running.splice(0)) await removeDataDir(platform)
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true })
})

async function start(dataDir?: string): Promise<RunningPlatform> {
  const platform = await startPlatform(dataDir)
  running.push(platform)
  return platform
}

function throwAway(): string {
  const dir = newDataDir()
  folders.push(dir)
  return dir
}

/** Starts it by hand, and returns what it said when it ended. */
async function startAgain(dataDir: string, ...more: string[]): Promise<{ code: number | null; said: string }> {
  const args = [bin, 'start', '--port', '0', '--no-factory', '--data-dir', dataDir, ...more]
  const child = spawn(process.execPath, args, {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = saidBy(child)
  await once(child, 'close')
  return { code: child.exitCode, said: said() }
}

function saidBy(child: ChildProcess): () => string {
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (piece: string) => (said += piece))
  return () => said
}

scenario('platform.stop', 'js', async () => {
  const platform = await start()
  const clients = clientsOf(platform)
  const { agentRuntimeArn } = await createAgent(clients, { name: 'in_flight' })
  const { response } = await clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, payload: Buffer.from('{"stream":5}') }))
  const code = platform.stop()
  expect(await response?.transformToString()).toBe([1, 2, 3, 4, 5].map((piece) => `data: {"piece":${piece}}\n\n`).join(''))
  expect(await code).toBe(0)
  await expect(fetch(`${platform.url}/health`)).rejects.toThrow()
  // Nothing was lost by the stop.
  const again = await start(platform.dataDir)
  const { agentRuntimes } = await clientsOf(again).control.send(new ListAgentRuntimesCommand({}))
  expect(agentRuntimes).toMatchObject([{ agentRuntimeName: 'in_flight', status: 'READY' }])
})

scenario('platform.one', 'raw', async () => {
  const platform = await start()
  const { code, said } = await startAgain(platform.dataDir)
  expect(code).toBe(1)
  expect(said).toContain(String(platform.pid))
  expect(said).toContain(platform.url)
  expect(said).toContain('--data-dir')
  expect(JSON.parse(readFileSync(join(platform.dataDir, 'lock'), 'utf8'))).toMatchObject({ pid: platform.pid, url: platform.url })
  expect((await fetch(`${platform.url}/health`)).status, 'the first is not disturbed').toBe(200)
})

scenario('platform.private', 'raw', async () => {
  const platform = await start()
  const clients = clientsOf(platform)
  await createAgent(clients, { name: 'stored' })
  const others = readdirSync(platform.dataDir, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => statSync(path).isDirectory() || statSync(path).isFile())
  expect(others.length).toBeGreaterThan(8)
  expect(statSync(platform.dataDir).mode & 0o777).toBe(0o700)
  const files = readdirSync(platform.dataDir, { withFileTypes: true }).filter((entry) => entry.isFile())
  for (const { name } of files) expect((statSync(join(platform.dataDir, name)).mode & 0o777).toString(8), name).toBe('600')
  const { port } = new URL(platform.url)
  for (const address of outwardAddresses()) await expect(fetch(`http://${address}:${port}/health`), address).rejects.toThrow()
  await platform.stop()

  const open = spawn(process.execPath, [bin, 'start', '--port', '0', '--no-factory', '--host', '0.0.0.0', '--data-dir', throwAway()], {
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const said = saidBy(open)
  await expect.poll(said, { timeout: 10_000 }).toMatch(/warning: --host 0\.0\.0\.0 opens .*signature.*agentworks ready on/s)
  open.kill('SIGTERM')
  expect((await once(open, 'exit'))[0]).toBe(0)
})

function outwardAddresses(): string[] {
  const addresses = Object.values(networkInterfaces()).flatMap((list) => list ?? [])
  return addresses.filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address)
}

scenario('platform.health', 'raw', async () => {
  const platform = await start()
  expect(Number(new URL(platform.url).port), '--port 0 takes a free one').toBeGreaterThan(1023)
  const answer = await fetch(`${platform.url}/health`)
  expect(answer.status).toBe(200)
  expect(JSON.stringify(await answer.json())).not.toContain(platform.credentials.accessKeyId)
  const { port } = new URL(platform.url)
  expect((await startAgain(throwAway(), '--port', port)).said, 'a port that is taken').toMatch(new RegExp(`${port}.*in use|in use.*${port}`))
  expect((await startAgain(throwAway(), '--port', '65536')).code, 'no port').toBe(2)
})
