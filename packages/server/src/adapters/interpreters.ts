// Finds what this host has to run code with: the asked version, else the nearest.
import { execFile } from 'node:child_process'
import { readdir, realpath } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type { CodeRuntime, Interpreter, Interpreters } from '#ports/interpreters.js'

export interface Surroundings {
  /** PATH of the platform. */
  path: string
  homeDir: string
  /** The Node that runs the platform: the answer when no better one is found. */
  nodePath: string
}

export interface Found {
  path: string
  version: string
}

const oldestPython = 8

export function hostInterpreters(around: Surroundings): Interpreters {
  let nodes: Promise<Found[]> | undefined
  let pythons: Promise<Found[]> | undefined

  return {
    async find(runtime) {
      const { language, wanted } = asked(runtime)
      if (language === 'node') nodes ??= findNodes(around)
      else pythons ??= findPythons(around)
      const candidates = (await (language === 'node' ? nodes : pythons)) ?? []
      const chosen = nearest(candidates, language, wanted)
      return chosen && { language, ...chosen, exact: rank(chosen.version, language) === wanted }
    },
  }
}

function asked(runtime: CodeRuntime): { language: Interpreter['language']; wanted: number } {
  const [language, ...numbers] = runtime.split('_')
  return language === 'NODE' ? { language: 'node', wanted: Number(numbers[0]) } : { language: 'python', wanted: Number(numbers[1]) }
}

/** The number that AWS's name varies: Node's major, Python's minor. */
function rank(version: string, language: Interpreter['language']): number {
  const [major, minor] = version.split('.').map(Number)
  return (language === 'node' ? major : minor) ?? 0
}

/** The same, else the nearest newer (what ran on an older one mostly runs on it), else the newest older one. */
export function nearest(found: readonly Found[], language: Interpreter['language'], wanted: number): Found | undefined {
  const ranked = found.map((one) => ({ one, rank: rank(one.version, language) }))
  const newer = ranked.filter((entry) => entry.rank >= wanted).sort((a, b) => a.rank - b.rank)
  const older = ranked.filter((entry) => entry.rank < wanted).sort((a, b) => b.rank - a.rank)
  return (newer[0] ?? older[0])?.one
}

async function findNodes({ path, nodePath, homeDir }: Surroundings): Promise<Found[]> {
  const named = await namedOnPath(path, /^node(22)?$/)
  const managed = await versionsBelow(join(homeDir, '.nvm', 'versions', 'node'), /^v22\./, 'bin/node')
  const tried = await Promise.all(
    [...named, ...managed].map((candidate) => ask(candidate, ['-p', 'JSON.stringify([process.execPath, process.versions.node])'])),
  )
  // Only another Node 22 is worth more than the one that is known to run here.
  return [
    ...tried.filter((node) => node !== undefined && rank(node.version, 'node') === 22),
    { path: nodePath, version: process.versions.node },
  ].filter((node) => node !== undefined)
}

async function findPythons({ path, homeDir }: Surroundings): Promise<Found[]> {
  const pyenv = await versionsBelow(join(homeDir, '.pyenv', 'versions'), /^3\.\d+\.\d+$/, 'bin/python3')
  const named = await namedOnPath(path, /^python3(\.\d+)?$/)
  const system = await namedOnPath(['/usr/local/bin', '/usr/bin'].join(delimiter), /^python3(\.\d+)?$/)
  // A shim of pyenv asks its own configuration which one to run; the real ones are found below `versions`.
  const candidates = [...new Set([...pyenv, ...named.filter((one) => !one.includes('/.pyenv/shims/')), ...system])]
  const program = 'import sys, json, os; print(json.dumps([os.path.realpath(sys.executable), "%d.%d.%d" % sys.version_info[:3]]))'
  const tried = await Promise.all(candidates.map((candidate) => ask(candidate, ['-I', '-S', '-c', program])))
  return tried.filter((python) => python !== undefined && rank(python.version, 'python') >= oldestPython).filter((python) => python !== undefined)
}

async function namedOnPath(path: string, name: RegExp): Promise<string[]> {
  const folders = path.split(delimiter).filter((folder) => folder.startsWith('/'))
  const lists = await Promise.all(
    folders.map(async (folder) => (await readdir(folder).catch(() => [])).filter((file) => name.test(file)).map((file) => join(folder, file))),
  )
  return lists.flat()
}

async function versionsBelow(folder: string, name: RegExp, program: string): Promise<string[]> {
  const versions = await readdir(folder).catch(() => [])
  return versions.filter((version) => name.test(version)).map((version) => join(folder, version, program))
}

/** Runs the candidate itself: names and links lie, and some candidates do not start. */
function ask(candidate: string, args: string[]): Promise<Found | undefined> {
  return new Promise((resolve) => {
    execFile(candidate, args, { env: { PATH: '/usr/bin:/bin' }, timeout: 5000 }, (error, stdout) => {
      if (error) return resolve(undefined)
      resolve(readAnswer(stdout))
    })
  })
}

async function readAnswer(stdout: string): Promise<Found | undefined> {
  try {
    const [path, version] = JSON.parse(stdout) as [string, string]
    return { path: await realpath(path), version }
  } catch {
    return undefined
  }
}
