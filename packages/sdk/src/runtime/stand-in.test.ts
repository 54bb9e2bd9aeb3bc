// /ping while a handler blocks: the app and its caller are two processes, as the runtime and an agent are.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { get, request } from 'node:http'
import { createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { json, text } from 'node:stream/consumers'
import { afterEach, describe, expect, it } from 'vitest'
import { BedrockAgentCoreApp } from './index.js'

const children: ChildProcess[] = []
const folders: string[] = []
const servers: Server[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const server of servers.splice(0)) server.close()
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

/** Blocks until the file is there: no clock decides how long. */
const blocking = (file: string) => `
const { existsSync } = process.getBuiltinModule('node:fs')
const app = new BedrockAgentCoreApp()
const wait = () => { while (!existsSync(${JSON.stringify(file)}));  }
app.entrypoint(({ mode }) => {
  if (mode === 'block') { wait(); return 'free' }
  if (mode === 'task') { app.asyncTask(async () => { await new Promise(setImmediate); wait() }, 'crunch')(); return 'started' }
  return 'at once'
})
await app.run()
`

async function agent(env: Record<string, string> = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'stand-in-'))
  folders.push(folder)
  const release = join(folder, 'release')
  const file = join(folder, 'agent.ts')
  await writeFile(file, `import { BedrockAgentCoreApp } from '${import.meta.dirname}/index.ts'\n${blocking(release)}`)
  const hook = `import{registerHooks}from'node:module';registerHooks({resolve:(s,c,n)=>n(s.startsWith('./')?s.replace(/\\.js$/,'.ts'):s,c)})`
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, file], {
    env: { PATH: process.env.PATH, PORT: '0', ...env },
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const { port } = JSON.parse((await lines.next()).value ?? '{}') as { port: number }
  const invoke = (mode: string) =>
    new Promise<string>((resolve, reject) => {
      const options = { port, host: '127.0.0.1', method: 'POST', path: '/invocations', agent: false }
      request(options, (response) => resolve(text(response)))
        .on('error', reject)
        .end(JSON.stringify({ mode }))
    })
  const ping = () =>
    new Promise<{ status: string; time_of_last_update: number }>((resolve, reject) => {
      get({ port, host: '127.0.0.1', path: '/ping', agent: false }, (response) => resolve(json(response) as never)).on('error', reject)
    })
  return { child, port, invoke, ping, release: () => writeFile(release, '') }
}

describe.each([
  ['127.0.0.1', {}],
  ['0.0.0.0', { DOCKER_CONTAINER: '1' }],
] as const)('an app on %s', (_host, env) => {
  it('answers /ping while its first handler blocks, and everything else once it is done', async () => {
    const { invoke, ping, release } = await agent(env)
    const blocked = invoke('block')
    expect(await pingWithin(ping)).toMatchObject({ status: 'Healthy', time_of_last_update: expect.any(Number) })
    const meanwhile = invoke('other')
    for (let n = 0; n < 20; n += 1) expect((await ping()).status).toBe('Healthy')
    await release()
    expect(await blocked).toBe('"free"')
    expect(await meanwhile).toBe('"at once"')
    expect(await invoke('other')).toBe('"at once"')
    expect((await ping()).status).toBe('Healthy')
  })
})

/** A ping that was sent before the thread took the port waits for the loop, as the runtime's own would; the next one does not. */
async function pingWithin<Answer>(ping: () => Promise<Answer>): Promise<Answer> {
  for (let n = 0; n < 50; n += 1) {
    const late = Symbol('late')
    const answer = await Promise.race([ping(), new Promise<typeof late>((resolve) => setTimeout(resolve, 200, late))])
    if (answer !== late) return answer as Answer
  }
  throw new Error('no ping was answered')
}

it('says HealthyBusy while a task blocks', async () => {
  const { invoke, ping, release } = await agent()
  expect(await invoke('task')).toBe('"started"')
  expect((await pingWithin(ping)).status).toBe('HealthyBusy')
  await release()
})

it('exits as before on SIGTERM, with the thread there', async () => {
  const { child, invoke } = await agent()
  await invoke('other')
  child.kill('SIGTERM')
  expect((await once(child, 'exit'))[0]).toBe(0)
})

it('does not share its port with a second app, or with anything else', async () => {
  const { port } = await agent()
  const second = new BedrockAgentCoreApp({ env: {} })
  second.entrypoint(() => 1)
  await expect(second.listen({ port, host: '127.0.0.1' })).rejects.toThrow('EADDRINUSE')
  const other = createServer().listen(0, '127.0.0.1')
  servers.push(other)
  await once(other, 'listening')
  const taken = other.address()
  await expect(second.listen({ port: typeof taken === 'object' ? (taken?.port ?? 0) : 0, host: '127.0.0.1' })).rejects.toThrow('EADDRINUSE')
})
