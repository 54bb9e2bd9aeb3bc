// A template becomes a project: its files with the names filled in, and for TypeScript the SDK, which is not on npm yet.
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Failure } from '#core/failure.js'
import type { Environment } from '#core/invoked.js'
import type { Template } from './templates.js'

const run = promisify(execFile)
const templatesFolder = fileURLToPath(new URL('../../templates/', import.meta.url))
const sdkFolder = fileURLToPath(new URL('../../../sdk/', import.meta.url))

export interface Project {
  dir: string
  name: string
  template: Template
  /** What the README says for DEPLOY and INVOKE. */
  commands: { deploy: string; invoke: string }
  env: Environment
}

/** Returns the files, relative to the project. */
export async function writeProject({ dir, name, template, commands, env }: Project): Promise<string[]> {
  const filled = (text: string) =>
    text
      .replaceAll('NAME', name)
      .replace('DEPLOY', () => commands.deploy)
      .replace('INVOKE', () => commands.invoke)
  const files = new Map([...(await filesOf(template.language)), ...(await filesOf(template.folder))])
  const dependencies = files.get('dependencies.json')
  files.delete('dependencies.json')
  if (dependencies) files.set('package.json', withDependencies(files.get('package.json') ?? '{}', dependencies))
  files.set('.gitignore', ignored[template.language])
  for (const [place, text] of files) {
    await mkdir(dirname(join(dir, place)), { recursive: true })
    await writeFile(join(dir, place), filled(text))
  }
  if (template.language === 'ts') files.set(await vendorSdk(dir, env), '')
  return [...files.keys()].toSorted()
}

const ignored: Readonly<Record<Template['language'], string>> = {
  ts: 'node_modules/\ndist/\n.env\n',
  python: '.venv/\n__pycache__/\n.pytest_cache/\n.env\n',
}

async function filesOf(folder: string): Promise<[place: string, text: string][]> {
  const root = join(templatesFolder, folder)
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('__pycache__'))
    .map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(paths.map(async (path) => [path.slice(root.length + 1), await readFile(path, 'utf8')] as [string, string]))
}

function withDependencies(manifest: string, dependencies: string): string {
  const { devDependencies, ...rest } = JSON.parse(manifest) as Record<string, unknown>
  return `${JSON.stringify({ ...rest, dependencies: JSON.parse(dependencies), devDependencies }, undefined, 2)}\n`
}

/** As npm would publish it: a link into this clone would not reach another machine. */
async function vendorSdk(dir: string, env: Environment): Promise<string> {
  const vendor = join(dir, 'vendor')
  await mkdir(vendor)
  const args = ['pack', sdkFolder, '--pack-destination', vendor, '--silent', '--ignore-scripts']
  const packed = await run('npm', args, { env, cwd: dir }).catch((cause: unknown) => {
    throw new Failure('npm could not pack the SDK for the project', {
      cause,
      why: cause instanceof Error ? cause.message : undefined,
      fix: 'npm --version',
    })
  })
  await rename(join(vendor, packed.stdout.trim().split('\n').at(-1) ?? ''), join(dir, sdkTarball))
  return sdkTarball
}

const sdkTarball = 'vendor/agentworks-sdk.tgz'
