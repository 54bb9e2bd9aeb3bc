// The guide is true: every command on its pages is run against a real platform, every snippet is compiled.
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Block, blocksOf, commandsIn, firstMissing, type NamedCommand } from '../../tools/check-guide.ts'
import { guideShell, isMissing } from '../../tools/check-guide-shell.ts'
import { repositoryRoot } from '../../tools/source-files.ts'

const execute = promisify(execFile)
const bin = join(repositoryRoot, 'packages/cli/bin/agentworks.js')
const guide = join(repositoryRoot, 'docs/guide')
const pages = readdirSync(guide)
  .filter((name) => name.endsWith('.md'))
  .toSorted()
  .map((name) => ({ name, blocks: blocksOf(name, readFileSync(join(guide, name), 'utf8')) }))
const allBlocks = pages.flatMap(({ blocks }) => blocks)

const shell = guideShell()
let running: ChildProcess[] = []

beforeAll(async () => {
  running = [await startPlatform(), await startIdentityProvider()]
}, 60_000)

afterAll(async () => {
  for (const one of running.filter(({ exitCode }) => exitCode === null)) {
    one.kill('SIGTERM')
    await once(one, 'exit')
  }
  shell.remove()
})

// A page that only shows code is compiled below; a suite without a test would fail.
const triedPages = pages.filter(({ blocks }) => blocks.some(({ file, purpose }) => file !== undefined || purpose === 'run'))

for (const { name, blocks } of triedPages) {
  describe(name, () => {
    beforeAll(() => shell.forget())
    for (const [index, block] of blocks.entries()) {
      if (block.file !== undefined) it(`line ${block.line}: ${block.file} is saved`, () => void shell.write(block.file ?? '', block.text))
      if (block.purpose === 'run') it(`line ${block.line}: ${firstLine(block)}`, (ctx) => tried(block, blocks[index + 1], ctx.skip), 60_000)
    }
  })
}

describe('what the guide shows', () => {
  it('names commands and options that exist', async () => {
    const named = commandsIn(allBlocks)
    expect(named.length).toBeGreaterThan(10)
    const helps = helpPages()
    for (const { at, words, options } of named) {
      const help = await helpFor(words, helps)
      expect(help, `${at}: agentworks ${words.join(' ')}`).toBeDefined()
      for (const option of options) expect(help, `${at}: agentworks ${words.join(' ')} ${option}`).toContain(` ${option}`)
    }
  }, 60_000)

  it('compiles: TypeScript and JavaScript against our packages', async () => {
    const files = snippets(['ts', 'js']).map(({ block, name }) => shell.write(`snippets/${name}.m${block.language}`, block.text))
    expect(files.length).toBeGreaterThan(3)
    const strict = ['--noEmit', '--strict', '--allowJs', '--checkJs', '--noImplicitAny', 'false', '--skipLibCheck']
    const target = ['--module', 'nodenext', '--target', 'es2024', '--types', 'node']
    await succeeds('tsc', [...strict, ...target, ...files])
  }, 60_000)

  it('compiles: Python', async (ctx) => {
    if (isMissing('python3')) return ctx.skip('python3 (3.10 to 3.14) is not installed')
    const files = snippets(['python']).map(({ block, name }) => shell.write(`snippets/${name}.py`, block.text))
    expect(files.length).toBeGreaterThan(3)
    await succeeds('python3', ['-m', 'py_compile', ...files])
  })

  it('parses: JSON', () => {
    for (const { block, name } of snippets(['json'])) expect(() => JSON.parse(block.text), name).not.toThrow()
  })
})

type Skip = (reason: string) => void

async function tried(block: Block, next: Block | undefined, skip: Skip): Promise<void> {
  const missing = block.needs.filter(isMissing)
  if (missing.length > 0) return skip(`${missing.join(' and ')} not installed, or too old to know our services`)
  const { code, output } = await shell.run(block.text)
  expect(code, output).toBe(block.exit)
  if (next?.purpose === 'expect') expect(firstMissing(next.text, output), output).toBeUndefined()
}

function snippets(languages: readonly string[]): { block: Block; name: string }[] {
  return allBlocks
    .filter(({ purpose, language }) => purpose === 'check' && languages.includes(language))
    .map((block) => ({ block, name: `${block.page.replace('.md', '')}-line-${block.line}` }))
}

function firstLine({ text }: Block): string {
  const [line = '', ...rest] = text.split('\n')
  return rest.length > 0 ? `${line} …` : line
}

async function succeeds(command: string, args: string[]): Promise<void> {
  const env = { ...process.env, PATH: [dirname(process.execPath), join(repositoryRoot, 'node_modules/.bin'), process.env.PATH ?? ''].join(':') }
  const said = await execute(command, args, { cwd: shell.folder, env }).then(
    () => '',
    (error: Error & { stdout?: string; stderr?: string }) => `${error.stdout}${error.stderr}` || error.message,
  )
  expect(said).toBe('')
}

/** With the builder, as a person has it, on the offline model, whatever keys this machine has. */
function startPlatform(): Promise<ChildProcess> {
  // The last line before it only serves: from here on the builder is there.
  return startInForeground(['start', '--port', '0', '--allow-egress', '127.0.0.1'], 'go on')
}

/** The page has the reader start it in a terminal of its own. */
function startIdentityProvider(): Promise<ChildProcess> {
  return startInForeground(['identity', 'provider', 'start', '--port', '0'], 'identity provider ready on')
}

async function startInForeground(words: readonly string[], readyLine: string): Promise<ChildProcess> {
  const env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', AGENTWORKS_MODEL: 'offline', AGENTWORKS_LOG_LEVEL: 'warn' }
  const child = spawn(process.execPath, [bin, ...words, '--data-dir', shell.dataDir], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text))
  const { promise, resolve, reject } = Promise.withResolvers<ChildProcess>()
  child.once('exit', (code) => reject(new Error(`${words.join(' ')} ended with ${code} before it was ready:\n${said}`)))
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith(readyLine)) resolve(child)
  })
  return promise
}

type Help = (words: readonly string[]) => Promise<string>

function helpPages(): Help {
  const asked = new Map<string, Promise<string>>()
  return (words) => {
    const key = words.join(' ')
    const known = asked.get(key) ?? execute(process.execPath, [bin, ...words, '--help']).then(({ stdout }) => stdout)
    asked.set(key, known)
    return known
  }
}

/** The help of the command that the words begin with; `undefined` when there is none. */
async function helpFor(words: NamedCommand['words'], help: Help): Promise<string | undefined> {
  let page = await help([])
  for (const [index, word] of words.entries()) {
    const known = subcommands(page)
    if (known.length === 0) break
    if (!known.includes(word)) return undefined
    page = await help(words.slice(0, index + 1))
  }
  return page
}

function subcommands(help: string): string[] {
  const [, list = ''] = help.split('\nCommands:\n')
  return [...list.matchAll(/^ {2}([a-z0-9-]+)/gm)].map(([, name = '']) => name).filter((name) => name !== 'help')
}
