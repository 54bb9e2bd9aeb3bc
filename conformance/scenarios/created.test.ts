// Projects of `agentworks create` that need no registry: their tests pass, they deploy and answer. The others: npm run test:interop.
import { execFile } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { isMissing } from '../../tools/check-guide-shell.ts'
import { repositoryRoot } from '../../tools/source-files.ts'
import { type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'

const execute = promisify(execFile)
const modules = join(repositoryRoot, 'node_modules')
const bin = join(repositoryRoot, 'packages/cli/bin/agentworks.js')
const folder = mkdtempSync(join(tmpdir(), 'aw-created-'))
let platform: RunningPlatform

beforeAll(async () => {
  platform = await startPlatform()
  // What the projects need for development is found above them, and so is not packed.
  symlinkSync(modules, join(folder, 'node_modules'))
})
afterAll(async () => {
  await removeDataDir(platform)
  rmSync(folder, { recursive: true, force: true })
})

interface Ran {
  code: number
  stdout: string
  stderr: string
}

async function run(command: string, args: string[], cwd = folder): Promise<Ran> {
  return execute(command, args, { cwd, env: platform.env }).then(
    (said) => ({ code: 0, ...said }),
    (fault: Ran) => fault,
  )
}

const agentworks = (...args: string[]) => run(process.execPath, [bin, ...args, '--data-dir', platform.dataDir])

async function succeeds(ran: Promise<Ran>): Promise<string> {
  const { code, stdout, stderr } = await ran
  expect(code, stdout + stderr).toBe(0)
  return stdout
}

it('a TypeScript project compiles, passes its own tests, deploys and answers', { timeout: 120_000 }, async () => {
  const { dir } = JSON.parse(await succeeds(agentworks('create', 'in-ts', '--no-install', '--json'))) as { dir: string }
  installed(dir, await unpackedSdk(dir))
  await succeeds(run(process.execPath, [join(modules, 'typescript/bin/tsc')], dir))
  expect(await succeeds(run(process.execPath, [join(modules, 'vitest/vitest.mjs'), 'run'], dir))).toMatch(/3 passed/)
  await succeeds(agentworks('deploy', dir))
  expect(await succeeds(agentworks('invoke', 'in_ts', 'Hello!'))).toContain('You said: Hello!')
})

it('a Python project passes its own tests, deploys and answers', { timeout: 120_000 }, async (context) => {
  if (isMissing('python3')) return context.skip('python3 (3.10 to 3.14) is not installed')
  await succeeds(agentworks('create', 'in-python', '--language', 'python'))
  await succeeds(agentworks('deploy', 'in-python'))
  expect(await succeeds(agentworks('invoke', 'in_python', 'Hello!'))).toContain('You said: Hello!')
  const hasPytest = (await run('python3', ['-m', 'pytest', '--version'])).code === 0
  if (!hasPytest) return context.skip('it deploys and answers; its own tests need pytest, which is not installed')
  expect(await succeeds(run('python3', ['-m', 'pytest', '-q'], join(folder, 'in-python')))).toMatch(/3 passed/)
})

it('refuses what there is no project of, a bad name, and a folder with files in it', async () => {
  const none = await agentworks('create', 'x', '--framework', 'vercel-ai', '--language', 'python')
  expect([none.code, none.stderr]).toEqual([
    2,
    expect.stringMatching(/no project of --framework vercel-ai --language python[\s\S]*fix: one of: .*vercel-ai --language ts/),
  ])
  const unknown = await agentworks('create', 'x', '--framework', 'rails')
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringMatching(/--framework rails is not known[\s\S]*strands, or langgraph/)])
  const named = await agentworks('create', 'My Agent')
  expect([named.code, named.stderr]).toEqual([2, expect.stringContaining('agentworks create my-agent')])
  mkdirSync(join(folder, 'taken'))
  writeFileSync(join(folder, 'taken/notes.txt'), 'mine')
  const taken = await agentworks('create', 'taken')
  expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining('is there already and not empty')])
  expect(readFileSync(join(folder, 'taken/notes.txt'), 'utf8')).toBe('mine')
})

/** The SDK as the project carries it. */
async function unpackedSdk(dir: string): Promise<string> {
  const scratch = mkdtempSync(join(folder, 'sdk-'))
  await succeeds(run('tar', ['-xzf', join(dir, 'vendor/agentworks-sdk.tgz'), '-C', scratch]))
  return join(scratch, 'package')
}

/** What npm install would put there, without a registry. */
function installed(dir: string, sdk: string): void {
  cpSync(sdk, join(dir, 'node_modules/@agentworks/sdk'), { recursive: true })
  cpSync(join(modules, 'ws'), join(dir, 'node_modules/ws'), { recursive: true })
}
