import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, describe, expect, it } from 'vitest'
import { bubblewrapAvailable } from '#adapters/sandbox-bubblewrap/availability.js'
import { bubblewrapSandbox } from '#adapters/sandbox-bubblewrap/sandbox.js'
import { processSandbox } from '#adapters/sandbox-process/sandbox.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { until } from '#ports/sandbox-instances.fixture.js'
import { startPlatform } from './platform-process.fixture.js'

// The agent, a child, and a child that has left the group: each names the mark in its command line.
const agent = (mark: string) => `
const { spawn } = require('node:child_process')
const child = "/* ${mark} */ setInterval(() => {}, 1000); console.log('child up')"
spawn(process.execPath, ['-e', child], { stdio: 'inherit' })
spawn(process.execPath, ['-e', child], { stdio: 'inherit', detached: true })
require('node:http').createServer((q, s) => s.end()).listen(8080)
`

const dirs: string[] = []
afterAll(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true }))))

const available = await bubblewrapAvailable()

describe.each(['bubblewrap', 'process'] as const)('a platform at level %s, killed with SIGKILL', (level) => {
  it('leaves nothing running and no folder once the next one has looked', async ({ skip }) => {
    if (level === 'bubblewrap' && !available.ok) return skip(available.reason)
    if (process.platform !== 'linux') return skip('the test counts processes by /proc')
    const dir = await mkdtemp(join(tmpdir(), 'aw-'))
    dirs.push(dir)
    await chmod(dir, 0o711)
    const [runtimeDir, codeDir, mark] = [join(dir, 'r'), join(dir, 'code'), `mark-${randomIds.alphanumeric(12)}`]
    await mkdir(codeDir)
    await writeFile(join(codeDir, 'agent.cjs'), agent(mark))

    const platform = startPlatform(level, runtimeDir, codeDir)
    await saidAll(platform, ['listening', 'child up', 'child up'])
    expect(await marked(mark)).toHaveLength(2)
    platform.kill('SIGKILL')
    await once(platform, 'exit')

    const next =
      level === 'bubblewrap'
        ? bubblewrapSandbox({ runtimeDir, clock: systemClock, ids: randomIds })
        : processSandbox({ runtimeDir, clock: systemClock })
    if (level === 'bubblewrap') await until(async () => (await marked(mark)).length === 0)
    const ended = await next.endOrphans()
    // Bubblewrap's own tie to the platform is quicker than we are.
    expect(ended).toEqual(level === 'bubblewrap' ? [] : ['orphan'])
    await until(async () => (await marked(mark)).length === 0)
    expect(await readdir(join(runtimeDir, level.slice(0, 1)))).toEqual([])
  })

  it('and its successor spare a process that only has the recorded id', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'aw-'))
    dirs.push(dir)
    const bystander = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { detached: true, stdio: 'ignore' })
    const place = join(dir, level.slice(0, 1), 'old')
    await mkdir(place, { recursive: true })
    await writeFile(join(place, 'process.json'), JSON.stringify({ pid: bystander.pid, startedAt: '1' }))
    const next =
      level === 'bubblewrap'
        ? bubblewrapSandbox({ runtimeDir: dir, clock: systemClock, ids: randomIds })
        : processSandbox({ runtimeDir: dir, clock: systemClock })
    expect(await next.endOrphans()).toEqual([])
    expect(bystander.exitCode ?? bystander.signalCode).toBeNull()
    bystander.kill('SIGKILL')
    await once(bystander, 'exit')
  })
})

it('ends a start that the killed platform left half done, by the folder it names', async ({ skip }) => {
  if (process.platform !== 'linux' || !available.ok) return skip('bubblewrap is not available')
  const dir = await mkdtemp(join(tmpdir(), 'aw-'))
  dirs.push(dir)
  const agentDir = join(dir, 'b', 'old', 'agent')
  await mkdir(agentDir, { recursive: true })
  const half = spawn('/bin/sh', ['-c', 'while :; do sleep 1; done', 'bwrap', '--die-with-parent', '--bind', agentDir, '/run'], { stdio: 'ignore' })
  const other = spawn('/bin/sh', ['-c', 'while :; do sleep 1; done', 'bwrap', '--die-with-parent', '--bind', `${agentDir}-2`, '/run'], {
    stdio: 'ignore',
  })
  const exited = once(half, 'exit')
  expect(await bubblewrapSandbox({ runtimeDir: dir, clock: systemClock, ids: randomIds }).endOrphans()).toEqual(['old'])
  expect(await exited).toEqual([null, 'SIGKILL'])
  expect(other.signalCode).toBeNull()
  other.kill('SIGKILL')
})

async function saidAll(child: ChildProcess, lines: string[]): Promise<void> {
  const missing = [...lines]
  if (!child.stdout) throw new Error('no output to read')
  for await (const line of createInterface(child.stdout)) {
    const index = missing.indexOf(line)
    if (index >= 0) missing.splice(index, 1)
    if (missing.length === 0) return
  }
  throw new Error(`the platform ended before it said ${missing.join(', ')}`)
}

async function marked(mark: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')))
  return pids.filter((_pid, index) => commands[index]?.includes(mark))
}
