// Sessions that run into their limits, and what their owners then read.
import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { controlGroups } from '#adapters/cgroups/control-groups.js'
import { childrenOf } from '#adapters/sandbox/process-identity.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import type { Sandbox } from '#ports/sandbox.js'
import { ask, limitsOfTests, until } from '#ports/sandbox-instances.fixture.js'
import { bubblewrapAvailable } from './availability.js'
import { bubblewrapSandbox } from './sandbox.js'

const available = await bubblewrapAvailable()
const missing = controlGroups('/nonexistent').missing.map(({ controller, reason }) => `${controller}: ${reason}`)
const reason = available.ok ? missing.join('; ') : available.reason

describe.skipIf(reason !== '')(`a session at its limits${reason === '' ? '' : ` [skipped: ${reason}]`}`, () => {
  let dir: string
  let sandbox: Sandbox
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'aw-'))
    await chmod(dir, 0o711)
    sandbox = bubblewrapSandbox({ runtimeDir: join(dir, 'r'), clock: systemClock, ids: randomIds })
  })
  afterAll(() => rm(dir, { recursive: true, force: true }))

  async function start(program: string, limits = limitsOfTests) {
    const id = randomIds.alphanumeric(8)
    const place = await sandbox.prepare(id)
    const codeDir = join(dir, id)
    await mkdir(codeDir)
    await writeFile(join(codeDir, 'agent.cjs'), program)
    const output: string[] = []
    const code = { codeDir, language: 'node' as const, interpreter: process.execPath, args: ['agent.cjs'] }
    const instance = await sandbox.start({
      place,
      program: code,
      networkMode: 'VPC',
      limits,
      env: {},
      port: 8080,
      onOutput: (_stream, line) => output.push(line),
    })
    return { instance, output }
  }

  const eat = 'const kept = []; for (let n = 0; n < 4096; n++) kept.push(Buffer.alloc(1 << 20, 1))'
  const small = { ...limitsOfTests, memoryBytes: 128 << 20 }

  it('that allocates 4 GB is ended at its limit, and the limit is named', async () => {
    const { instance } = await start(eat, small)
    await expect(instance.listening(AbortSignal.timeout(20_000))).rejects.toThrow('out of memory: limit 128 MiB')
    expect(await instance.exited).toMatchObject({ limit: 'out of memory: limit 128 MiB' })
  })

  it('that fills its folders in memory is ended at its limit', async () => {
    const { instance } = await start(
      `const fs = require('fs'); for (let n = 0; n < 1000; n++) fs.appendFileSync(process.env.HOME + '/fill', Buffer.alloc(1 << 20, 1))`,
      small,
    )
    expect(await instance.exited).toMatchObject({ limit: 'out of memory: limit 128 MiB' })
  })

  it('that forks without end is refused more processes, and still answers', async () => {
    const { instance } = await start(
      `const { spawn } = require('child_process')
      let started = 0, refused = 0
      for (let n = 0; n < 200; n++) spawn('sleep', ['60'], { stdio: 'ignore' }).on('spawn', () => started++).on('error', () => refused++)
      require('http').createServer((q, s) => s.end(JSON.stringify({ started, refused }))).listen(8080)`,
      { ...limitsOfTests, pids: 64 },
    )
    const { socketPath } = await instance.listening(AbortSignal.timeout(20_000))
    await until(async () => {
      const { started, refused } = JSON.parse(await ask(socketPath, '/'))
      return started + refused === 200 && started < 64 && refused > 136
    })
    await instance.stop(0)
  })

  it('that leaves no room for one more process starts a command as soon as there is room', async () => {
    const { instance, output } = await start(
      `const { spawn } = require('child_process')
      const all = []
      const more = () => all.push(spawn('sleep', ['60'], { stdio: 'ignore' }).on('spawn', more).on('error', () => console.log('full')))
      more()
      require('http').createServer((q, s) => { for (const one of all) one.kill(); s.end() }).listen(8080)`,
      { ...limitsOfTests, pids: 64 },
    )
    const { socketPath } = await instance.listening(AbortSignal.timeout(20_000))
    await until(async () => output.includes('full'))
    const started = instance.execute({ command: ['/bin/bash', '-c', 'echo room'] })
    // The launcher has tried, could not, and began anew: the wish comes again until there is room.
    await until(async () => {
      const beside = (await childrenOf(instance.pid)).map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => ''))
      return (await Promise.all(beside)).some((line) => line.startsWith('/bin/sh\0-c\0trap'))
    })
    await ask(socketPath, '/')
    let said = ''
    for await (const { bytes } of (await started).output) said += bytes
    expect(said).toBe('room\n')
    await instance.stop(0)
  })

  it('that ends by itself or is stopped names no limit', async () => {
    const { instance } = await start('process.exit(137)')
    expect(await instance.exited).toEqual({ code: 137, signal: null })
  })

  it('is under them from its first instruction, and leaves no group behind', async () => {
    const { instance, output } = await start(`console.log(require('fs').readFileSync('/proc/self/cgroup', 'utf8').replaceAll('\\n', ' '))`)
    await instance.exited
    expect(output[0]).toMatch(/agentworks-[0-9a-f]{12}-/)
    const name = /agentworks-[0-9a-f]{12}-\w+/.exec(output[0] ?? '')?.[0] ?? ''
    const { stdout } = await promisify(execFile)('find', ['/sys/fs/cgroup', '-name', name])
    expect(stdout).toBe('')
  })

  it('is the first that the host ends when the host itself has no memory left', async () => {
    const { instance } = await start(`require('http').createServer((q, s) => s.end()).listen(8080)`)
    expect(Number(await readFile(`/proc/${instance.pid}/oom_score_adj`, 'utf8'))).toBe(500)
    await instance.stop(0)
  })
})

describe.skipIf(!available.ok)(`a session on a host without control groups${available.ok ? '' : ` [skipped: ${available.reason}]`}`, () => {
  it('is bounded in its processes all the same, and the probe names what is not', { timeout: 30_000 }, async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aw-'))
    await chmod(dir, 0o711)
    const runtimeDir = join(dir, 'r')
    const groups = controlGroups(runtimeDir, { mountinfo: '', cgroup: '' })
    const sandbox = bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds, groups })
    expect(sandbox.notice).toContain('without limits of memory, cpu')
    const found = Object.fromEntries((await sandbox.probe()).map(({ name, holds, detail }) => [name, `${holds}: ${detail}`]))
    expect(found['processes are limited']).toMatch(/^true: refused after \d+$/)
    for (const name of ['memory is limited', 'processor time is limited']) expect(found[name]).toMatch(/^false: .*mounts no control groups/)
    await rm(dir, { recursive: true, force: true })
  })
})
