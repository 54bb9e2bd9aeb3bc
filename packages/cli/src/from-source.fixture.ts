// Starts the command line from its sources in a process of its own, for tests that look at it from outside.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const sourceFlags = ['--conditions=agentworks-source', '--import', join(root, 'tools/from-source.ts')]

export interface Ran {
  code: number | null
  stdout: string
  stderr: string
}

export interface Run {
  env: Record<string, string>
  cwd: string
  input?: string
}

/** A command that hangs is ended rather than left behind by a test that gave up on it. */
const longestRunMs = 75_000

/** What node is given to run the command line from its sources. */
export const sourceArguments = (file: string, args: string[]) => [...sourceFlags, join(root, file), ...args]

export function spawnSource(file: string, args: string[], { env, cwd }: Omit<Run, 'input'>): ChildProcess {
  return spawn(process.execPath, sourceArguments(file, args), {
    env: { PATH: process.env.PATH ?? '', ...env },
    cwd,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

export async function agentworks(args: string[], { input = '', ...run }: Run): Promise<Ran> {
  const child = spawnSource('packages/cli/src/run.fixture.ts', args, run)
  const ran: Ran = { code: null, stdout: '', stderr: '' }
  child.stdout?.on('data', (chunk) => {
    ran.stdout += chunk
  })
  child.stderr?.on('data', (chunk) => {
    ran.stderr += chunk
  })
  child.stdin?.end(input)
  const impatient = setTimeout(() => child.kill('SIGTERM'), longestRunMs)
  const [code] = await once(child, 'close')
  clearTimeout(impatient)
  return { ...ran, code }
}
