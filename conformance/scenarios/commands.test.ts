// InvokeAgentRuntimeCommand by the stock SDK, at each isolation level that this host has.
import {
  InvokeAgentRuntimeCommandCommand,
  type InvokeAgentRuntimeCommandStreamOutput,
  StopRuntimeSessionCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import { afterAll, beforeAll, expect } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const platforms: RunningPlatform[] = []
const agents: { clients: Clients; agentRuntimeArn: string }[] = []

/** Writes what a command will read, and says what a command has written. */
const agentWithFiles = `
const fs = require('node:fs')
fs.writeFileSync(process.env.HOME + '/from-agent', 'made by the agent')
require('node:http').createServer((request, response) => {
  if (request.url === '/ping') return response.end('{"status":"Healthy"}')
  request.resume().on('end', () => {
    const path = process.env.HOME + '/from-command'
    response.end(JSON.stringify({ said: fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : null, pid: process.pid }))
  })
}).listen(8080)`

beforeAll(async () => {
  for (const level of ['auto', 'process']) {
    const platform = await startPlatform(undefined, { AGENTWORKS_ISOLATION: level })
    platforms.push(platform)
    const clients = clientsOf(platform)
    const agent = { name: 'commanded', files: { 'main.js': agentWithFiles }, environmentVariables: { COLOUR: 'green' } }
    agents.push({ clients, agentRuntimeArn: (await createAgent(clients, agent)).agentRuntimeArn })
  }
}, 60_000)
afterAll(async () => {
  for (const platform of platforms) await removeDataDir(platform)
})

interface Asked {
  command: string
  timeout?: number
  name?: string
  signal?: AbortSignal
}

async function start({ clients, agentRuntimeArn }: (typeof agents)[number], { command, timeout, name = 'commands', signal }: Asked) {
  const wish = new InvokeAgentRuntimeCommandCommand({ agentRuntimeArn, runtimeSessionId: session(name), body: { command, timeout } })
  const answer = await clients.data.send(wish, { abortSignal: signal })
  return { ...answer, stream: answer.stream as AsyncIterable<InvokeAgentRuntimeCommandStreamOutput> }
}

async function run(agent: (typeof agents)[number], asked: Asked) {
  const said = { stdout: '', stderr: '', events: [] as string[], exitCode: undefined as number | undefined, status: undefined as string | undefined }
  for await (const { chunk } of (await start(agent, asked)).stream) {
    said.events.push(...Object.keys(chunk ?? {}))
    said.stdout += chunk?.contentDelta?.stdout ?? ''
    said.stderr += chunk?.contentDelta?.stderr ?? ''
    if (chunk?.contentStop) ({ exitCode: said.exitCode, status: said.status } = chunk.contentStop)
  }
  return said
}

scenario('command.run', 'js', async () => {
  for (const agent of agents) {
    const { clients, agentRuntimeArn } = agent
    const runtimeSessionId = session('run')
    const answer = await start(agent, { command: 'true', name: 'run' })
    expect(answer).toMatchObject({ statusCode: 200, runtimeSessionId, contentType: 'application/vnd.amazon.eventstream' })
    for await (const _ of answer.stream);
    const said = await run(agent, { command: 'echo out; echo err >/dev/stderr; exit 3', name: 'run' })
    expect(said).toMatchObject({ stdout: 'out\n', stderr: 'err\n', exitCode: 3, status: 'COMPLETED' })
    expect([said.events[0], said.events.at(-1)]).toEqual(['contentStart', 'contentStop'])
    // The agent's own environment and files, both ways; nothing of the shell is kept.
    const inside = await run(agent, {
      command: 'cat ~/from-agent; echo " $COLOUR $BASH_VERSION"; cd /tmp; X=kept; echo -n hello >~/from-command',
      name: 'run',
    })
    expect(inside.stdout).toMatch(/^made by the agent green \d/)
    expect((await run(agent, { command: 'echo "$X $PWD"', name: 'run' })).stdout).not.toMatch(/kept|tmp$/m)
    expect((await invoke(clients, agentRuntimeArn, {}, { runtimeSessionId })).body).toMatchObject({ said: 'hello' })
    // Characters that come in pieces are not broken.
    const split = await run(agent, { command: String.raw`printf 'a\xf0\x9f'; sleep 0.1; printf '\x98\x80z'; printf '\xff'`, name: 'run' })
    expect(split.stdout).toBe('a😀z�')
    expect((await run(agent, { command: 'kill -TERM $$', name: 'run' })).exitCode).toBe(143)
  }
})

scenario('command.stream', 'js', async () => {
  for (const agent of agents) {
    const { stream } = await start(agent, { command: 'echo one; while [ ! -e ~/go ]; do sleep 0.02; done; echo two' })
    const seen: string[] = []
    for await (const { chunk } of stream) {
      if (!chunk?.contentDelta) continue
      seen.push(chunk.contentDelta.stdout ?? '')
      // The second line comes only when a second command, beside the first, has allowed it: the first cannot have waited for it.
      if (seen.length === 1) await run(agent, { command: 'touch ~/go' })
    }
    expect(seen).toEqual(['one\n', 'two\n'])
    const big = await run(agent, { command: 'head -c 20000000 /dev/zero | tr "\\0" x' })
    expect(big.stdout.length).toBe(20_000_000)
  }
})

scenario('command.timeout', 'js', async () => {
  for (const agent of agents) {
    const late = await run(agent, { command: 'echo begun; trap "" TERM; sleep 4711; echo never', timeout: 1 })
    expect(late).toMatchObject({ stdout: 'begun\n', exitCode: -1, status: 'TIMED_OUT' })
    expect(await countOf(agent, '471[1]')).toBe(0)
    for (const timeout of [0, -1, 3601]) {
      expect(await errorOf(start(agent, { command: 'true', timeout }))).toMatchObject({ name: 'ValidationException', message: /timeout/ })
    }
    expect(await errorOf(start(agent, { command: '' }))).toMatchObject({ name: 'ValidationException', message: /command/ })
    expect(await errorOf(start(agent, { command: 'é'.repeat(40_000) }))).toMatchObject({ name: 'ValidationException', message: /65536/ })
    expect(await errorOf(start(agent, { command: 'a\0b' }))).toMatchObject({ name: 'ValidationException', message: /zero byte/ })
    expect((await run(agent, { command: `: ${'x'.repeat(65_534)}` })).exitCode).toBe(0)
  }
})

scenario('command.gone', 'js', async () => {
  for (const agent of agents) {
    const leaving = new AbortController()
    const { stream } = await start(agent, { command: 'echo up; sleep 4712 & sleep 4712', signal: leaving.signal })
    const reading = (async () => {
      for await (const { chunk } of stream) if (chunk?.contentDelta) leaving.abort()
    })()
    await expect(reading).rejects.toThrow()
    await expect.poll(() => countOf(agent, '471[2]'), { timeout: 10_000 }).toBe(0)
    // A session that is stopped takes its commands with it, and says so to whoever reads.
    const cut = await start(agent, { command: 'echo up; sleep 4713', name: 'cut' })
    const stop = new StopRuntimeSessionCommand({ agentRuntimeArn: agent.agentRuntimeArn, runtimeSessionId: session('cut') })
    const reader = (async () => {
      for await (const { chunk } of cut.stream) if (chunk?.contentDelta) void agent.clients.data.send(stop)
    })()
    expect(await errorOf(reader)).toMatchObject({ name: 'RuntimeClientError', message: /StopRuntimeSession/ })
  }
})

/** How many processes of the session have the pattern in their command line. */
async function countOf(agent: (typeof agents)[number], pattern: string): Promise<number> {
  const { stdout } = await run(agent, { command: `cat /proc/[0-9]*/cmdline 2>/dev/null | tr '\\0' ' ' | grep -c 'sleep ${pattern}' || true` })
  return Number(stdout)
}
