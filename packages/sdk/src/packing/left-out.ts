// What is never packed: history, caches, environments of this machine, and files that are there to hold secrets.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PackingFailed } from './packing-failed.js'

const names = new Set(
  [
    '.git',
    '.hg',
    '.svn',
    '__pycache__',
    '.venv',
    'venv',
    '.tox',
    '.mypy_cache',
    '.pytest_cache',
    '.ruff_cache',
    '.cache',
    '.DS_Store',
    '.idea',
    '.vscode',
  ].concat(
    // These hold credentials by their nature.
    ['.env', '.envrc', '.npmrc', '.yarnrc', '.yarnrc.yml', '.netrc', '.pypirc', '.aws', '.ssh', '.gnupg', 'id_rsa', 'id_ed25519'],
  ),
)
const patterns = [/^\.env\.(?!example$|sample$|template$)/, /\.py[co]$/, /\.tsbuildinfo$/]

export function isLeftOut(name: string): boolean {
  return names.has(name) || patterns.some((pattern) => pattern.test(name))
}

/** Paths under `node_modules` that the lock file marks as needed for development only; empty without a lock file. */
export async function developmentOnly(dir: string): Promise<ReadonlySet<string>> {
  const path = join(dir, 'package-lock.json')
  const text = await readFile(path, 'utf8').catch(() => undefined)
  if (text === undefined) return new Set()
  const lock = parsed(text, path)
  return new Set(
    Object.entries(lock.packages ?? {}).flatMap(([place, { dev }]) => (dev === true && place.startsWith('node_modules/') ? [place] : [])),
  )
}

function parsed(text: string, path: string): { packages?: Record<string, { dev?: boolean }> } {
  try {
    const lock: unknown = JSON.parse(text)
    return typeof lock === 'object' && lock !== null ? lock : {}
  } catch (cause) {
    throw new PackingFailed(`${path} is no JSON`, { cause, fix: 'npm install' })
  }
}
