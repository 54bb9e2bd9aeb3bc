// The app as a process of its own: what it writes, how fast it is up, how it stops.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, expect, it } from 'vitest'

const children: ChildProcess[] = []
const folders: string[] = []
afterEach(async () => {
  for (const child of children.splice(0)) if (child.exitCode === null) child.kill('SIGKILL')
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
})

async function agent(program: string, env: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'sdk-app-'))
  folders.push(folder)
  const file = join(folder, 'agent.ts')
  const door = `${import.meta.dirname}/index.ts`
  const imported = program.includes('@agentworks/sdk/runtime') ? program : `import { BedrockAgentCoreApp } from '@agentworks/sdk/runtime'\n${program}`
  await writeFile(file, imported.replace('@agentworks/sdk/runtime', door))
  // Runs our source as it is: node strips the types, the hook finds ./x.ts where the import says ./x.js.
  const hook = `import{registerHooks}from'node:module';registerHooks({resolve:(s,c,n)=>n(s.startsWith('./')?s.replace(/\\.js$/,'.ts'):s,c)})`
  const child = spawn(process.execPath, ['--import', `data:text/javascript,${encodeURIComponent(hook)}`, file], {
    env: { PATH: process.env.PATH, ...env },
  })
  children.push(child)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const nextLine = async () => JSON.parse((await lines.next()).value ?? '{}') as Record<string, unknown>
  return { child, nextLine }
}

it('writes one JSON object a line, with the request, the session and the place of an error', async () => {
  const program = `const app = new BedrockAgentCoreApp(); app.entrypoint(() => { app.logger.info('at work', { step: 1 }); throw new TypeError('broken') }); await app.run()`
  const { nextLine } = await agent(program, { PORT: '0' })
  const listening = await nextLine()
  expect(listening).toMatchObject({ level: 'INFO', message: 'listening', logger: 'agentworks.app' })
  const headers = { 'x-amzn-bedrock-agentcore-runtime-session-id': 's-1', 'x-amzn-bedrock-agentcore-runtime-request-id': 'r-1' }
  await fetch(`http://127.0.0.1:${listening.port}/ping`)
  await fetch(`http://127.0.0.1:${listening.port}/invocations`, { method: 'POST', body: '{}', headers })
  expect(await nextLine()).toMatchObject({
    level: 'INFO',
    message: 'at work',
    step: 1,
    requestId: 'r-1',
    sessionId: 's-1',
    timestamp: expect.stringMatching(/Z$/),
  })
  const failure = await nextLine()
  expect(failure).toMatchObject({
    level: 'ERROR',
    errorType: 'TypeError',
    errorMessage: 'broken',
    requestId: 'r-1',
    location: expect.stringContaining('agent.ts'),
  })
  expect(failure.stackTrace).toContainEqual(expect.stringContaining('agent.ts'))
})

it('listens on every address in a container, on loopback elsewhere', async () => {
  const program = `const app = new BedrockAgentCoreApp(); app.entrypoint(() => 1); await app.run()`
  const { nextLine } = await agent(program, { PORT: '0', DOCKER_CONTAINER: '1' })
  expect(await nextLine()).toMatchObject({ host: '0.0.0.0' })
})

it('lets the answer in flight end on SIGTERM, then exits 0', async () => {
  const program = `const app = new BedrockAgentCoreApp(); app.entrypoint(async () => { const go = new Promise((resolve) => process.once('SIGUSR2', resolve)); app.logger.info('begun'); await go; return 'done' }); await app.run()`
  const { child, nextLine } = await agent(program, { PORT: '0' })
  const { port } = await nextLine()
  const answer = fetch(`http://127.0.0.1:${port}/invocations`, { method: 'POST', body: '{}' })
  expect(await nextLine()).toMatchObject({ message: 'begun' })
  child.kill('SIGTERM')
  child.kill('SIGUSR2')
  expect(await (await answer).json()).toBe('done')
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
})

it('runs what the README shows', async () => {
  const readme = await readFile(join(import.meta.dirname, '../../README.md'), 'utf8')
  const { nextLine } = await agent(/```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '', { PORT: '0' })
  const { port } = await nextLine()
  const answer = await fetch(`http://127.0.0.1:${port}/invocations`, { method: 'POST', body: '{"prompt":"two words"}' })
  expect(await answer.text()).toMatch(/^data: {"word":"two"}\n\ndata: {"word":"words"}\n\ndata: {"requestId":"[0-9a-f-]{36}"}\n\n$/)
})

it('writes from LOG_LEVEL on, and says so when it does not know the level', async () => {
  const program = `const app = new BedrockAgentCoreApp(); app.entrypoint(() => { app.logger.debug('fine'); app.logger.info('usual'); app.logger.error('bad') }); const { port } = await app.run(); console.log(JSON.stringify({ port }))`
  const quiet = await agent(program, { PORT: '0', LOG_LEVEL: 'error' })
  const { port } = await quiet.nextLine()
  await fetch(`http://127.0.0.1:${port}/invocations`, { method: 'POST', body: '{}' })
  expect(await quiet.nextLine()).toMatchObject({ level: 'ERROR', message: 'bad' })
  const wordy = await agent(program, { PORT: '0', LOG_LEVEL: 'Debug' })
  expect(await wordy.nextLine()).toMatchObject({ message: 'listening' })
  const { port: second } = await wordy.nextLine()
  await fetch(`http://127.0.0.1:${second}/invocations`, { method: 'POST', body: '{}' })
  expect(await wordy.nextLine()).toMatchObject({ level: 'DEBUG', message: 'fine' })
  const wrong = await agent(program, { PORT: '0', LOG_LEVEL: 'loud' })
  expect(await wrong.nextLine()).toMatchObject({ level: 'WARNING', message: expect.stringContaining('LOG_LEVEL is "loud"') })
})
