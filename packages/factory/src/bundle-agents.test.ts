// The artifacts as a session runs them: one file, a bare environment, nothing installed beside it.
import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleAgents } from './bundle-agents.js'

let folder: string
type Agent = ChildProcessByStdio<null, Readable, Readable>
const running: Agent[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'agents-'))
  await bundleAgents(folder)
})
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL')
  await rm(folder, { recursive: true })
})

function start(name: string, env: Record<string, string>): Agent {
  const child = spawn(process.execPath, [join(folder, `${name}.mjs`)], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  running.push(child)
  return child
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

async function post(url: string, payload: unknown) {
  const response = await fetch(url, { method: 'POST', body: JSON.stringify(payload) })
  return { status: response.status, body: (await response.json()) as { error: string } }
}

test('answers /ping, refuses a bad payload with the cause, and a dead model is an error, not an answer', async () => {
  const port = await freePort()
  const nobody = await freePort()
  const child = start('generic', {
    PORT: String(port),
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: `http://127.0.0.1:${nobody}`,
    AWS_ACCESS_KEY_ID: 'AKIATEST',
    AWS_SECRET_ACCESS_KEY: 'secret',
    AGENT_TOOLS: 'calculator',
  })
  await once(child.stdout, 'data')
  const url = `http://127.0.0.1:${port}`
  expect(await (await fetch(`${url}/ping`)).json()).toMatchObject({ status: 'Healthy' })

  const unknown = await post(`${url}/invocations`, { prompt: 5 })
  expect(unknown.status).toBe(400)
  expect(unknown.body.error).toContain('prompt')
  expect((await post(`${url}/invocations`, { prompt: '' })).status).toBe(400)

  const failed = await post(`${url}/invocations`, { prompt: 'hi' })
  expect(failed.status).toBe(500)
  expect(failed.body.error).toContain('ECONNREFUSED')
})

test('says in one line which setting keeps it from starting', async () => {
  const child = start('generic', { AWS_REGION: 'us-east-1', ENABLE_BROWSER: 'true' })
  const [[code], complaint] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect(code).toBe(1)
  expect(complaint).toBe('cannot start: ENABLE_BROWSER: the browser does not execute yet; remove it\n')
})

test('the builder names the variable that it misses', async () => {
  const child = start('builder', { AWS_REGION: 'us-east-1' })
  const [[code], complaint] = await Promise.all([once(child, 'exit'), text(child.stderr)])
  expect(code).toBe(1)
  expect(complaint).toBe('cannot start: GENERIC_AGENT_S3_BUCKET: is not set\n')
})

test('bundles the same sources to the same bytes, so that an unchanged agent keeps its key', async () => {
  const again = await mkdtemp(join(tmpdir(), 'agents-'))
  await bundleAgents(again)
  expect(await readFile(join(again, 'generic.mjs'))).toEqual(await readFile(join(folder, 'generic.mjs')))
  await rm(again, { recursive: true })
})
