// Third-party programs for the suites, installed once into a cache beside node_modules, with exact versions.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cp } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, join } from 'node:path'
import { NotToBeHad } from './results.ts'
import { lastWords, runProgram } from './run-program.ts'

const here = import.meta.dirname
const cache = join(here, '../node_modules/.cache/agentworks-interop')
const installMs = 240_000

const env = Object.fromEntries(Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined))

/** The folder of a virtual environment with boto3 and the aws command. */
export async function pythonTools(): Promise<{ python: string; aws: string }> {
  const requirements = join(here, 'requirements.txt')
  const folder = join(cache, 'python')
  await once(folder, readFileSync(requirements, 'utf8'), async () => {
    await must('python3', ['-m', 'venv', folder])
    await must(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements])
  })
  return { python: join(folder, 'bin/python'), aws: join(folder, 'bin/aws') }
}

/** A python with the official SDK, for its clients. */
export async function pythonSdk(): Promise<string> {
  const requirements = join(here, 'guests/python-sdk/requirements.txt')
  const folder = join(cache, 'python-sdk-client')
  await once(folder, readFileSync(requirements, 'utf8'), async () => {
    await must('python3', ['-m', 'venv', folder])
    await must(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements])
  })
  return join(folder, 'bin/python')
}

/** The python of a virtual environment with what a file of requirements names. */
export async function pythonWith(name: string, requirements: string, contents: string): Promise<string> {
  const folder = join(cache, name)
  await once(folder, contents, async () => {
    await must('python3', ['-m', 'venv', folder])
    await must(join(folder, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--requirement', requirements])
  })
  return join(folder, 'bin/python')
}

/** A copy of the guest's folder with what its requirements.txt asks for beside its code, as `pip install --target` puts it: nothing is left to install at `deploy`. */
export async function pythonGuest(name: string, { folder: path }: HostPython): Promise<string> {
  const source = join(here, 'guests', name)
  const folder = join(cache, `${name}-on-${basename(path)}`)
  const requirements = join(source, 'requirements.txt')
  await once(folder, readFileSync(requirements, 'utf8'), async () => {
    const how = ['--quiet', '--disable-pip-version-check', '--no-input', '--no-compile', '--only-binary', ':all:', '--target', folder]
    await must(join(path, 'python3'), ['-m', 'pip', 'install', ...how, '--requirement', requirements])
  })
  await cp(source, folder, { recursive: true, filter: (path) => path !== requirements })
  return folder
}

/** A copy of the guest's folder with its node_modules, ready to be deployed. */
export async function nodeGuest(name: string): Promise<string> {
  const source = join(here, 'guests', name)
  const folder = join(cache, name)
  await once(folder, readFileSync(join(source, 'package.json'), 'utf8'), async () => {
    mkdirSync(folder, { recursive: true })
    await cp(source, folder, { recursive: true })
    await must('npm', ['install', '--omit=dev', '--omit=optional', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], folder)
  })
  await cp(source, folder, { recursive: true })
  return folder
}

export interface HostPython {
  /** As in 3.12. */
  version: string
  /** A folder for PATH in which python3 is this one. */
  folder: string
}

/** The Pythons of this host that AWS has a runtime for and that have pip. */
export async function hostPythons(): Promise<HostPython[]> {
  const found: HostPython[] = []
  for (const minor of [11, 12, 13]) {
    for (const candidate of [`python3.${minor}`, ...pyenvPythons(minor)]) {
      const { code } = await runProgram(candidate, ['-m', 'pip', '--version'], { env, limitMs: 20_000 })
      if (code !== 0) continue
      const folder = join(cache, `python3.${minor}`)
      mkdirSync(folder, { recursive: true })
      writeFileSync(join(folder, 'python3'), `#!/bin/sh\nexec ${candidate} "$@"\n`, { mode: 0o755 })
      found.push({ version: `3.${minor}`, folder })
      break
    }
  }
  return found
}

function pyenvPythons(minor: number): string[] {
  const versions = join(homedir(), '.pyenv/versions')
  if (!existsSync(versions)) return []
  return readdirSync(versions)
    .filter((version) => version.startsWith(`3.${minor}.`))
    .map((version) => join(versions, version, 'bin/python3'))
}

const underWay = new Map<string, Promise<void>>()

/** Done again only when what it was made from is another. Who asks while it is being made waits for it. */
function once(folder: string, madeFrom: string, make: () => Promise<void>): Promise<void> {
  const known = underWay.get(folder) ?? made(folder, madeFrom, make)
  underWay.set(folder, known)
  return known
}

async function made(folder: string, madeFrom: string, make: () => Promise<void>): Promise<void> {
  const mark = join(folder, '.complete')
  const wanted = createHash('sha256').update(madeFrom).digest('hex')
  if (existsSync(mark) && readFileSync(mark, 'utf8') === wanted) return
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(cache, { recursive: true })
  await make()
  writeFileSync(mark, wanted)
}

async function must(command: string, args: string[], cwd?: string): Promise<void> {
  const ran = await runProgram(command, args, { env, cwd, limitMs: installMs })
  if (ran.code !== 0) throw new NotToBeHad(`${command} ${args.slice(0, 3).join(' ')} failed: ${lastWords(ran)}`)
}
