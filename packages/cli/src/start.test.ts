// The commands against a running platform, from `start` to SIGTERM: real sockets, real sandboxes, the offline model.
import { type ChildProcess, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { installFactory } from '@agentworks/factory'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agentworks, spawnSource } from './from-source.fixture.js'

const examples = join(import.meta.dirname, '../../../examples')
let home: string
let platform: ChildProcess
const said: string[] = []
let complaints = ''

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'platform-'))
  const bundling = spawnSource('packages/factory/src/build-agents.ts', [], { env: {}, cwd: home })
  expect(await once(bundling, 'exit')).toEqual([0, null])
  platform = spawnSource('packages/cli/src/run.fixture.ts', ['start', '--port', '0'], { env: world(), cwd: home })
  platform.stderr?.on('data', (chunk) => {
    complaints += chunk
  })
  const lines = createInterface({ input: platform.stdout ?? process.stdin })
  lines.on('line', (line) => said.push(line))
  await until(() => said.some((line) => line.includes('agentworks chat')))
}, 60_000)

afterAll(async () => {
  if (platform.exitCode === null) platform.kill('SIGKILL')
  await rm(home, { recursive: true, force: true })
})

function world(): Record<string, string> {
  return { HOME: home, AGENTWORKS_MODEL: 'offline', AGENTWORKS_LOG_LEVEL: 'warn' }
}

async function until(holds: () => boolean, withinMs = 40_000): Promise<void> {
  const deadline = performance.now() + withinMs
  while (!holds()) {
    if (performance.now() > deadline || platform.exitCode !== null)
      throw new Error(`it did not come to pass; said:\n${said.join('\n')}\n${complaints}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function run(args: string[], input?: string) {
  const ran = await agentworks(args, { env: world(), cwd: home, input })
  if (ran.code !== 0)
    throw new Error(`agentworks ${args.join(' ')} exited ${ran.code}\n${ran.stdout}\n${ran.stderr}\nplatform: ${complaints.slice(-2_000)}`)
  return ran
}

async function json(args: string[]) {
  return JSON.parse((await run([...args, '--json'])).stdout)
}

test('start says first where it listens, then the model and the isolation', () => {
  expect(said[0]).toMatch(/^agentworks ready on http:\/\/127\.0\.0\.1:\d+$/)
  expect(said[1]).toMatch(/^model: offline/)
  expect(said[2]).toMatch(/^isolation: (bubblewrap|process)/)
  expect(said.join('\n')).not.toContain('invoke GreeterBot')
})

test('installing the factory again finds everything in place', async () => {
  const env = await json(['env'])
  const access = {
    endpoint: env.AWS_ENDPOINT_URL,
    region: env.AWS_REGION,
    credentials: { accessKeyId: env.AWS_ACCESS_KEY_ID, secretAccessKey: env.AWS_SECRET_ACCESS_KEY },
  }
  expect((await installFactory(access)).changes).toEqual([])
})

test('a second start on the same folder exits 1 and names the first', async () => {
  const second = await agentworks(['start', '--port', '0'], { env: world(), cwd: home })
  expect(second.code).toBe(1)
  expect(second.stderr).toMatch(new RegExp(`why: process ${platform.pid} serves it at http://127.0.0.1:\\d+ since 2`))
  expect(second.stderr).toContain(`fix: kill ${platform.pid}, or npx agentworks start --data-dir DIR --port 0`)
})

test('deploys a Node folder, keeps the state of a session, and shares none between sessions', { timeout: 60_000 }, async () => {
  const deployed = await json(['deploy', join(examples, 'hello-node'), '--name', 'hello_node'])
  expect(deployed).toMatchObject({ status: 'READY', agentRuntimeVersion: '1' })
  const first = await json(['invoke', 'hello_node', 'one'])
  expect(first).toMatchObject({ statusCode: 200, response: { response: 'Hello! You said: one', count: 1 } })
  expect(await json(['invoke', 'hello_node', 'two', '--session', first.runtimeSessionId])).toMatchObject({ response: { count: 2 } })
  expect(await json(['invoke', deployed.agentRuntimeArn, 'three'])).toMatchObject({ response: { count: 1 } })
  expect((await json(['deploy', join(examples, 'hello-node'), '--name', 'hello_node'])).agentRuntimeVersion).toBe('2')
})

test('shows pieces of a stream as they come', { timeout: 60_000 }, async () => {
  await run(['deploy', join(examples, 'streaming-node'), '--name', 'streaming'])
  const { stdout } = await run(['invoke', 'streaming', 'a b c'])
  expect(stdout.trim()).toBe('a b c')
  expect((await json(['invoke', 'streaming', 'a b'])).response).toEqual([{ text: 'a ' }, { text: 'b ' }])
})

test.skipIf(spawnSync('python3', ['--version']).status !== 0)(
  'deploys a Python folder (skipped where there is no python3)',
  { timeout: 60_000 },
  async () => {
    expect(await json(['deploy', join(examples, 'hello-python'), '--name', 'hello_python'])).toMatchObject({ status: 'READY' })
    expect((await json(['invoke', 'hello_python', 'one'])).response).toEqual({ response: 'Hello from Python! You said: one', count: 1 })
  },
)

test('runs a command beside an agent, with its outputs and its exit code', { timeout: 60_000 }, async () => {
  const { runtimeSessionId } = await json(['invoke', 'hello_node', 'exec'])
  const exec = (...words: string[]) => agentworks(['sessions', 'exec', runtimeSessionId, ...words], { env: world(), cwd: home })
  const failing = await exec('--', 'echo out; echo err >&2; exit 7')
  expect([failing.code, failing.stdout, failing.stderr]).toEqual([7, 'out\n', 'err\n'])
  expect((await exec('--', 'printf', '%s|', "it's", '$HOME', 'a b')).stdout).toBe("it's|$HOME|a b|")
  expect(JSON.parse((await exec('--json', '--', 'echo hello')).stdout)).toEqual({ exitCode: 0, status: 'COMPLETED', stdout: 'hello\n', stderr: '' })
  const late = await exec('--timeout', '1', '--', 'sleep 100')
  expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('took too long')])
  const refused = await exec('--timeout', '4000', '--', 'true')
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('timeout')])
  const other = 'a-session-that-the-command-starts-00000001'
  const started = await agentworks(['sessions', 'exec', other, '--agent', 'hello_node', '--', 'echo up'], { env: world(), cwd: home })
  expect([started.code, started.stdout]).toEqual([0, 'up\n'])
})

test('lists, shows and stops sessions, and prints what the agent printed', { timeout: 60_000 }, async () => {
  const { runtimeSessionId } = await json(['invoke', 'hello_node', 'stop me'])
  const sessions = await json(['sessions', 'list'])
  const mine = sessions.find((one: { runtimeSessionId: string }) => one.runtimeSessionId === runtimeSessionId)
  expect(mine).toMatchObject({
    version: '2',
    state: expect.stringMatching(/ACTIVE|IDLE/),
    isolation: expect.any(String),
    idleSeconds: expect.any(Number),
  })
  const contract = ['runtimeSessionId', 'agentRuntimeId', 'version', 'state', 'isolation', 'startedAt', 'idleSeconds']
  expect(Object.keys(mine).toSorted(), 'the keys of the contract, and what a session may use and reach').toEqual(
    [...contract, 'cpus', 'memoryMb', 'network'].toSorted(),
  )
  const ping = { status: 'Healthy', changedAt: expect.stringMatching(/^2\d{3}-.*Z$/), answerAgeSeconds: expect.any(Number) }
  expect((await json(['agents', 'get', 'hello_node'])).sessions).toContainEqual(expect.objectContaining({ runtimeSessionId, ping }))
  expect((await run(['agents', 'get', 'hello_node'])).stdout).toMatch(
    new RegExp(`session ${runtimeSessionId}: version 2, (ACTIVE|IDLE), /ping Healthy since 2\\S+Z, answered \\d+ s ago`),
  )
  await run(['sessions', 'stop', runtimeSessionId])
  const gone = await agentworks(['sessions', 'exec', runtimeSessionId, '--', 'true'], { env: world(), cwd: home })
  expect([gone.code, gone.stderr]).toEqual([1, expect.stringContaining('--agent NAME')])
  const left = await json(['sessions', 'list'])
  expect(
    left.filter((one: { runtimeSessionId: string; state: string }) => one.runtimeSessionId === runtimeSessionId && one.state !== 'STOPPED'),
  ).toEqual([])
  expect((await run(['logs', 'hello_node'])).stdout).toContain('hello-node listens on 8080')
})

test('the builder makes an agent from a piped sentence, and the agent answers', { timeout: 90_000 }, async () => {
  const { stdout, stderr } = await run(['chat'], 'Create an agent called GreeterBot that welcomes users\n/exit\n')
  expect(stderr).toContain('deploy_agent')
  expect(stdout).toMatch(
    /^\[offline model\] Made GreeterBot, version 1, READY\. Trial: "Hello! Who are you\?" -> ".+"\. Next: npx agentworks invoke GreeterBot/,
  )
  expect(await json(['agents', 'list'])).toContainEqual(
    expect.objectContaining({ name: 'GreeterBot', status: 'READY', protocol: 'HTTP', version: '1' }),
  )
  expect((await json(['invoke', 'GreeterBot', 'Hello, I am Ada'])).response.response).toMatch(/\w+/)
})

test('an agent with the calculator computes', { timeout: 90_000 }, async () => {
  await run(['chat'], 'Create an agent called MathBot that does arithmetic with the calculator tool\n')
  const { stdout } = await run(['chat'], 'Create an agent called MathBot that does arithmetic with the calculator tool\n')
  expect(stdout).toContain('Updated MathBot, which existed: version 2, READY')
  const { response } = await json(['invoke', 'MathBot', 'what is 42 * 137?'])
  expect(response.response).toContain('5754')
  expect(response.toolCalls).toEqual([expect.objectContaining({ name: 'calculator', status: 'success' })])
})

test('the builder deletes nothing, and says who does', { timeout: 60_000 }, async () => {
  const { stdout } = await run(['chat'], 'delete MathBot\n')
  expect(stdout.trim()).toBe('[offline model] I cannot delete agents; people do that with: npx agentworks agents delete MathBot')
})

test('a prompt that the agent refuses is an error with a way out, not an answer', { timeout: 60_000 }, async () => {
  const { code, stderr } = await agentworks(['invoke', 'GreeterBot', '--payload', '{"promt":"typo"}'], { env: world(), cwd: home })
  expect(code).toBe(1)
  expect(stderr).toContain('RuntimeClientError')
  expect(stderr).toContain('agentworks logs')
})

test('what has no lines yet says so, and none are shown when none are wanted', { timeout: 60_000 }, async () => {
  const deployed = await run(['deploy', join(examples, 'hello-node'), '--name', 'silent'])
  expect(deployed.stderr).toMatch(/packed \d+ files?, \d+ kB/)
  expect((await run(['logs', 'silent'])).stderr).toContain(
    'silent has written nothing yet; its sessions start with: npx agentworks invoke silent "Hello!"',
  )
  expect((await run(['logs', 'hello_node', '--session', 'nobody'])).stderr).toContain('hello_node has no lines of a session nobody')
  expect((await run(['logs', 'hello_node', '--tail', '0'])).stdout).toBe('')
  const { code, stderr } = await agentworks(['sessions', 'stop', 'nobody'], { env: world(), cwd: home })
  expect([code, stderr]).toEqual([1, expect.stringContaining('fix: see what runs: npx agentworks sessions list')])
})

test('deploys under the name of the package when none is given', { timeout: 60_000 }, async () => {
  expect(await json(['deploy', join(examples, 'streaming-node')])).toMatchObject({ agentRuntimeId: expect.stringMatching(/^streaming_node-/) })
})

test('deletes an agent', { timeout: 60_000 }, async () => {
  await run(['agents', 'delete', 'streaming'])
  expect((await json(['agents', 'list'])).map((agent: { name: string }) => agent.name)).not.toContain('streaming')
  expect((await agentworks(['agents', 'get', 'streaming'], { env: world(), cwd: home })).code).toBe(1)
})

test('env and doctor answer', { timeout: 60_000 }, async () => {
  expect(await json(['env'])).toMatchObject({ AWS_ENDPOINT_URL: said[0]?.slice('agentworks ready on '.length), AWS_REGION: expect.any(String) })
  expect((await json(['doctor'])).guarantees).toContainEqual(expect.objectContaining({ name: expect.any(String), holds: expect.any(Boolean) }))
})

test('a deleted builder is missed, and how it comes back is said', { timeout: 60_000 }, async () => {
  expect((await run(['agents', 'delete', 'builder'])).stderr).toContain('the next npx agentworks start installs it again')
  const { code, stderr } = await agentworks(['chat'], { env: world(), cwd: home, input: 'hello\n' })
  expect([code, stderr]).toEqual([1, expect.stringMatching(/no agent builder[\s\S]*fix: .*npx agentworks start .*installs the builder/)])
})

test('SIGTERM ends it with exit code 0 and nothing left of its lock', { timeout: 30_000 }, async () => {
  platform.kill('SIGTERM')
  expect(await once(platform, 'exit')).toEqual([0, null])
  expect(complaints).toMatch(/stopping…\nstopped; data stays in \S+\.agentworks\n$/)
  expect((await agentworks(['agents', 'list'], { env: world(), cwd: home })).stderr).toContain('no platform runs')
})
