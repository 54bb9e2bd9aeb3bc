// A .env file that other tools share: our variables are replaced, foreign lines stay; private, and never committed.
import { chmod, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { wrongUsage } from '#core/failure.js'

export interface WrittenFile {
  path: string
  /** The .gitignore that was extended; `undefined` when it named the file already. */
  ignored: string | undefined
}

export async function writeEnvFile(file: string, variables: Readonly<Record<string, string>>, cwd: string): Promise<WrittenFile> {
  const path = resolve(cwd, file)
  if (!(await isFolder(dirname(path)))) throw wrongUsage(`--write ${file}: there is no folder ${dirname(path)}`, `mkdir -p ${dirname(path)}`)
  const foreign = (await linesOf(path)).filter((line) => !isOneOf(line, variables))
  const ours = Object.entries(variables).map(([name, value]) => `${name}=${value}`)
  // Beside and renamed: a reader never sees half a file, and secrets never lie in one with wider permissions.
  const draft = `${path}.${process.pid}.new`
  await writeFile(draft, `${[...foreign, ...ours].join('\n')}\n`, { mode: 0o600, flag: 'wx' })
  await chmod(draft, 0o600)
  await rename(draft, path)
  return { path, ignored: await ignore(path) }
}

function isOneOf(line: string, variables: Readonly<Record<string, string>>): boolean {
  const name = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=/.exec(line)?.[1]
  return name !== undefined && name in variables
}

async function ignore(path: string): Promise<string | undefined> {
  const gitignore = join(dirname(path), '.gitignore')
  const lines = await linesOf(gitignore)
  const name = basename(path)
  if (lines.some((line) => [name, `/${name}`].includes(line.trim()))) return undefined
  await writeFile(gitignore, `${[...lines, `/${name}`].join('\n')}\n`)
  return gitignore
}

async function linesOf(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
