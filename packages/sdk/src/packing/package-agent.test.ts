// Packing real folders, and reading the packages back with another program's eyes.
import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ZipFile } from 'yazl'
import { awsLimits, type PackingLimits } from './limits.js'
import { packageAgent } from './package-agent.js'
import { projectIn } from './project.js'
import { findPython } from './python.js'

const run = promisify(execFile)
const python = await findPython(process.env).catch(() => undefined)
let dir: string
let scratch: string

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pack-'))
  scratch = await mkdtemp(join(tmpdir(), 'scratch-'))
})
afterEach(async () => {
  await rm(dir, { recursive: true })
  await rm(scratch, { recursive: true })
})

async function write(files: Record<string, string>): Promise<void> {
  for (const [place, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, place)), { recursive: true })
    await writeFile(join(dir, place), text)
  }
}

async function pack(options: { entryPoint?: string; limits?: PackingLimits } = {}) {
  const project = await projectIn(dir, options.entryPoint)
  return packageAgent({ dir, project, scratch, env: process.env, limits: options.limits ?? awsLimits, step: () => {} })
}

async function placesIn(zipPath: string): Promise<string[]> {
  const { stdout } = await run('node', ['--input-type=module', '-e', listing, zipPath], { cwd: import.meta.dirname })
  return JSON.parse(stdout)
}
const listing = `
import yauzl from 'yauzl'
const zip = await yauzl.openPromise(process.argv[1])
const names = []
for await (const entry of zip.eachEntry()) names.push(entry.fileName)
console.log(JSON.stringify(names.sort()))`

describe('a Node folder', () => {
  test('keeps production modules, prunes what only development needs, and never packs secrets', async () => {
    await write({
      'package.json': '{"main":"main.mjs","dependencies":{"used":"1"}}',
      'package-lock.json': JSON.stringify({ packages: { '': {}, 'node_modules/used': {}, 'node_modules/tester': { dev: true } } }),
      'main.mjs': 'export {}',
      'lib/deep.mjs': 'export {}',
      'node_modules/used/index.js': '',
      'node_modules/tester/index.js': '',
      '.env': 'KEY=secret',
      '.env.local': 'KEY=secret',
      '.env.example': 'KEY=',
      '.npmrc': '//x/:_authToken=secret',
      '.git/config': '',
      'lib/.env': 'KEY=secret',
    })
    const made = await pack()
    expect(await placesIn(made.path)).toEqual([
      '.env.example',
      'lib/deep.mjs',
      'main.mjs',
      'node_modules/used/index.js',
      'package-lock.json',
      'package.json',
    ])
    expect(made.leftOut).toEqual(['.env', '.env.local', '.git', '.npmrc', 'lib/.env'])
    expect(made.runtime).toBe('NODE_22')
    expect(made.dependencies).toContain('without 1 package that')
  })

  test('gives the same bytes for the same files', async () => {
    await write({ 'main.mjs': 'export {}', 'a/b.txt': 'x' })
    const first = await pack()
    await rm(first.path)
    await writeFile(join(dir, 'main.mjs'), 'export {}')
    expect((await pack()).sha256).toBe(first.sha256)
    await writeFile(join(dir, 'main.mjs'), 'export { }')
    expect((await pack()).sha256).not.toBe(first.sha256)
  })

  test('keeps a link within the package as a link, and packs what a link outwards leads to', async () => {
    const outside = await mkdtemp(join(tmpdir(), 'outside-'))
    await writeFile(join(outside, 'shared.mjs'), 'export {}')
    await write({ 'main.mjs': 'export {}' })
    await symlink('main.mjs', join(dir, 'again.mjs'))
    await symlink(outside, join(dir, 'shared'))
    const made = await pack()
    expect(await placesIn(made.path)).toEqual(['again.mjs', 'main.mjs', 'shared/shared.mjs'])
    await rm(outside, { recursive: true })
  })

  test('refuses a link that leads nowhere, and one that never ends', async () => {
    await write({ 'main.mjs': 'export {}' })
    await symlink('/nowhere/at/all', join(dir, 'gone'))
    await expect(pack()).rejects.toThrow(/gone is a link to \/nowhere/)
    await rm(join(dir, 'gone'))
    await symlink(dir, join(dir, 'self'))
    await expect(pack()).rejects.toThrow(/links to a folder that it lies in/)
  })

  test('names modules that are declared and not installed', async () => {
    await write({ 'package.json': '{"dependencies":{"@scope/missing":"1"}}', 'main.mjs': '' })
    await expect(pack()).rejects.toThrow(/not installed .*@scope\/missing/)
  })

  test('refuses what is too large with the size found, the limit and the biggest folders', async () => {
    await write({ 'main.mjs': '', 'node_modules/huge/data.txt': 'a'.repeat(3 * 1024 ** 2), 'node_modules/big/data.txt': 'b'.repeat(1024 ** 2) })
    const limits = { ...awsLimits, unpackedBytes: 2 * 1024 ** 2 }
    await expect(pack({ limits })).rejects.toMatchObject({
      message: 'the package is 4.0 MB unpacked; the limit is 2.0 MB',
      why: 'the biggest folders are node_modules/huge (3.0 MB), node_modules/big (1.0 MB), . (0 kB); the biggest files: node_modules/huge/data.txt (3.0 MB), node_modules/big/data.txt (1.0 MB), main.mjs (0 kB)',
    })
    await expect(pack({ limits: { ...awsLimits, packedBytes: 100 } })).rejects.toThrow(/packed; the limit is 1 kB/)
  })
})

describe('the entry point', () => {
  test.each([
    [{ 'package.json': '{"main":"./src/start.js"}', 'src/start.js': '' }, undefined, 'src/start.js'],
    [{ 'agent.js': '' }, undefined, 'agent.js'],
    [{ 'main.py': '' }, undefined, 'main.py'],
    [{ 'main.py': '', 'tool.mjs': '' }, './tool.mjs', 'tool.mjs'],
  ])('of %j with entryPoint %s is %s', async (files, named, found) => {
    await write(files)
    expect((await projectIn(dir, named)).entryPoint).toBe(found)
  })

  test.each([
    [{ 'main.py': '', 'index.js': '' }, undefined, /both|Node agent \(index\.js\) and a Python agent/],
    [{ 'src/index.ts': '' }, undefined, /TypeScript/],
    [{ 'README.md': '' }, undefined, /no agent found/],
    [{ 'main.mjs': '' }, 'other.mjs', /does not exist/],
    [{ 'main.mjs': '' }, '../main.mjs', /outside/],
    [{ 'main.rb': '' }, 'main.rb', /neither JavaScript nor Python/],
    [{ 'package.json': '{nonsense' }, undefined, /no JSON/],
  ])('of %j with entryPoint %s is refused', async (files, named, reason) => {
    await write(files)
    await expect(projectIn(dir, named)).rejects.toThrow(reason)
  })
})

describe.skipIf(!python)(`a Python folder (skipped where there is no Python that AWS has a runtime for)`, () => {
  test('gets the dependencies of requirements.txt beside its code, by pip', async () => {
    await write({ 'main.py': 'import greeting', 'requirements.txt': './greeting-1.0-py3-none-any.whl\n', '__pycache__/x.pyc': '' })
    await writeWheel(join(dir, 'greeting-1.0-py3-none-any.whl'))
    const made = await pack()
    const places = await placesIn(made.path)
    expect(places).toContain('main.py')
    expect(places).toContain('greeting.py')
    expect(places.filter((place) => place.includes('__pycache__'))).toEqual([])
    expect(made.dependencies).toBe('requirements.txt, by pip')
    expect(made.runtime).toBe(python?.runtime)
  })

  test('says what pip said when it cannot install', async () => {
    await write({ 'main.py': '', 'requirements.txt': './no-such-wheel-1.0-py3-none-any.whl\n' })
    await expect(pack()).rejects.toMatchObject({
      message: expect.stringContaining('could not install'),
      why: expect.stringContaining('no-such-wheel'),
    })
  })

  test('says that it installed nothing when nothing asks for it', async () => {
    await write({ 'main.py': '' })
    expect((await pack()).dependencies).toMatch(/^nothing/)
  })
})

/** A wheel is a zip with three small files of metadata: enough for pip, without any index. */
async function writeWheel(path: string): Promise<void> {
  const zip = new ZipFile()
  const info = 'greeting-1.0.dist-info'
  zip.addBuffer(Buffer.from('def hello():\n    return "hello"\n'), 'greeting.py')
  zip.addBuffer(Buffer.from('Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n'), `${info}/METADATA`)
  zip.addBuffer(Buffer.from('Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n'), `${info}/WHEEL`)
  zip.addBuffer(Buffer.from(`greeting.py,,\n${info}/METADATA,,\n${info}/WHEEL,,\n${info}/RECORD,,\n`), `${info}/RECORD`)
  zip.end()
  await pipeline(zip.outputStream, createWriteStream(path))
}
