// sessions shell, in a terminal as a user has one, and without.
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { sourceArguments } from './from-source.fixture.js'
import { type OwnPlatform, ownPlatform } from './own-platform.fixture.js'

interface Terminal {
  onData(told: (text: string) => void): void
  onExit(told: (end: { exitCode: number }) => void): void
  write(text: string): void
  resize(columns: number, rows: number): void
  kill(): void
}
interface Terminals {
  spawn(file: string, args: string[], options: object): Terminal
}

const fixture = 'packages/cli/src/run.fixture.ts'
const session = `shelled-${'0'.repeat(33)}`
let platform: OwnPlatform

beforeAll(async () => {
  platform = await ownPlatform()
  const dir = join(platform.home, 'agent')
  await mkdir(dir)
  await writeFile(join(dir, 'main.js'), `require('node:http').createServer((_, response) => response.end('{}')).listen(8080)`)
  const { code, stderr } = await platform.run(['deploy', dir, '--name', 'shelled'])
  expect([code, stderr]).toEqual([0, expect.anything()])
}, 90_000)

afterAll(() => platform.end())

function opened(...args: string[]) {
  const { spawn } = createRequire(import.meta.url)('@lydell/node-pty') as Terminals
  const options = { cols: 90, rows: 20, cwd: platform.home, env: { PATH: process.env.PATH ?? '', ...platform.env } }
  const terminal = spawn(process.execPath, sourceArguments(fixture, ['sessions', 'shell', session, ...args]), options)
  let shown = ''
  terminal.onData((text) => {
    shown += text
  })
  const exit = new Promise<number>((resolve) => terminal.onExit(({ exitCode }) => resolve(exitCode)))
  const shows = (what: RegExp) => vi.waitFor(() => expect(shown).toMatch(what), { timeout: 30_000, interval: 20 })
  return { terminal, exit, shows }
}

test('a terminal is the shell’s: its size, its keys, its exit code', { timeout: 90_000 }, async () => {
  const { terminal, exit, shows } = opened('--agent', 'shelled')
  await shows(/\$ $/)
  terminal.write('stty size\r')
  await shows(/20 90\r/)
  terminal.resize(120, 33)
  // Bash hears of it by a signal: asked until it knows.
  await vi.waitFor(
    async () => {
      terminal.write('stty size\r')
      await vi.waitFor(() => shows(/33 120\r/), { timeout: 1_000 })
    },
    { timeout: 30_000 },
  )
  terminal.write('cat\r')
  await shows(/\$ cat\r/)
  terminal.write('typed\r')
  await shows(/typed\r\ntyped/)
  // Ctrl-C is the shell's, not ours.
  terminal.write('\u0003')
  await shows(/\^C.*\$ $/s)
  terminal.write('exit 7\r')
  expect(await exit).toBe(7)
})

test('input that is no terminal is typed, and its end ends the shell', { timeout: 60_000 }, async () => {
  const ran = await platform.run(['sessions', 'shell', session, '--agent', 'shelled'], 'echo "sum $((40 + 2))"\n')
  expect(ran.stdout).toContain('sum 42')
  expect(ran.code).toBe(0)
})

test('what cannot be opened is told with what to do', { timeout: 60_000 }, async () => {
  const nowhere = await platform.run(['sessions', 'shell', `nobody-${'0'.repeat(33)}`])
  expect([nowhere.code, nowhere.stderr]).toEqual([1, expect.stringContaining('no running session has the id')])
  const json = await platform.run(['sessions', 'shell', session, '--json'])
  expect([json.code, json.stdout]).toEqual([2, expect.stringContaining('no JSON document')])
  const named = await platform.run(['sessions', 'shell', session, '--agent', 'shelled', '--shell', '-x'])
  expect([named.code, named.stderr]).toEqual([1, expect.stringContaining('names no shell')])
})
