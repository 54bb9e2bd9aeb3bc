// Python agents: which Python this machine has, and their dependencies installed beside their code.
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from './environment.js'
import { PackingFailed } from './packing-failed.js'
import { isFile } from './project.js'

const run = promisify(execFile)

export interface Python {
  command: string
  runtime: 'PYTHON_3_10' | 'PYTHON_3_11' | 'PYTHON_3_12' | 'PYTHON_3_13' | 'PYTHON_3_14'
}

const runtimes = ['PYTHON_3_10', 'PYTHON_3_11', 'PYTHON_3_12', 'PYTHON_3_13', 'PYTHON_3_14'] as const

export async function findPython(env: Environment): Promise<Python> {
  for (const command of ['python3', 'python']) {
    const version = await run(command, ['-c', 'import sys; print("PYTHON_%d_%d" % sys.version_info[:2])'], { env }).catch(() => undefined)
    if (!version) continue
    const found = version.stdout.trim()
    const runtime = runtimes.find((name) => name === found)
    if (runtime) return { command, runtime }
    throw new PackingFailed(`${command} is ${found}, which no runtime of AWS matches`, { fix: `install one of ${runtimes.join(', ')}` })
  }
  throw new PackingFailed('this agent is Python, and no python3 was found', { fix: 'apt-get install python3   (or the like on your system)' })
}

/** Installs into `target` what the folder asks for; returns what was used, for people to read. */
export async function installDependencies(
  dir: string,
  { python, target, env }: { python: Python; target: string; env: Environment },
): Promise<string> {
  const requirements = await isFile(join(dir, 'requirements.txt'))
  const locked = (await isFile(join(dir, 'pyproject.toml'))) && (await isFile(join(dir, 'uv.lock')))
  if (locked && (await has('uv', env))) {
    const exported = join(target, '.requirements-from-uv-lock.txt')
    await must('uv', ['export', '--frozen', '--no-dev', '--no-emit-project', '--output-file', exported, '--quiet'], { dir, env })
    await must('uv', ['pip', 'install', '--python', python.command, '--target', target, '--requirements', exported, '--quiet'], { dir, env })
    return 'uv.lock, by uv'
  }
  if (requirements) {
    const args = [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--no-input',
      '--target',
      target,
      '--requirement',
      'requirements.txt',
    ]
    await must(python.command, args, { dir, env })
    return 'requirements.txt, by pip'
  }
  if (locked) throw new PackingFailed('the folder has a uv.lock and uv is not installed', { fix: 'pip install uv   (or add a requirements.txt)' })
  if (await isFile(join(dir, 'pyproject.toml'))) return 'nothing: pyproject.toml has no uv.lock beside it (make one with: uv lock)'
  return 'nothing: no requirements.txt and no uv.lock'
}

async function has(command: string, env: Environment): Promise<boolean> {
  return run(command, ['--version'], { env }).then(
    () => true,
    () => false,
  )
}

async function must(command: string, args: string[], { dir, env }: { dir: string; env: Environment }): Promise<void> {
  try {
    await run(command, args, { cwd: dir, env, maxBuffer: 16_000_000 })
  } catch (cause) {
    const said =
      typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim().split('\n').slice(-5).join(' | ') : String(cause)
    throw new PackingFailed(`${command} could not install the dependencies`, { why: said, cause, fix: fixFor(said, { dir, command }) })
  }
}

/** Nothing of our own temporary folder, which is gone by the time that somebody reads this. */
function fixFor(said: string, { dir, command }: { dir: string; command: string }): string {
  if (said.includes('No module named pip')) return 'apt-get install python3-pip   (or the like on your system)'
  if (command === 'uv') return `cd ${dir} && uv sync --frozen   (shows all of it); uv lock, when pyproject.toml has changed`
  return `mend requirements.txt, or the way to your package index; this shows all of it: cd ${dir} && ${command} -m pip install --dry-run -r requirements.txt`
}
