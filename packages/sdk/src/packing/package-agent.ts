// A folder becomes a package: its code with its dependencies, without what has no business on another machine.
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Environment } from './environment.js'
import { filesIn, type PackedFile } from './files.js'
import { developmentOnly } from './left-out.js'
import { counted, type PackingLimits, refuseTooLarge } from './limits.js'
import { PackingFailed } from './packing-failed.js'
import type { Project } from './project.js'
import { findPython, installDependencies, type Python } from './python.js'
import { type Zip, zipTo } from './zip.js'

export interface AgentPackage extends Zip {
  runtime: 'NODE_22' | Python['runtime']
  files: number
  unpackedBytes: number
  /** Where the dependencies came from. */
  dependencies: string
  leftOut: string[]
}

export interface Packing {
  dir: string
  project: Project
  /** Empty folder for what is made on the way; the caller removes it. */
  scratch: string
  env: Environment
  limits: PackingLimits
  step(text: string): void
}

export async function packageAgent(packing: Packing): Promise<AgentPackage> {
  const { scratch, limits, step } = packing
  const { files, leftOut, dependencies, runtime } = await (packing.project.language === 'node' ? nodeFiles(packing) : pythonFiles(packing))
  const unpackedBytes = refuseTooMuch(files, limits)
  step(`packing ${counted(files.length, 'file')}`)
  const zip = await zipTo(join(scratch, 'agent.zip'), files)
  refuseTooLarge(files, zip.bytes, limits.packedBytes, 'packed')
  return { ...zip, runtime, files: files.length, unpackedBytes, dependencies, leftOut }
}

/** Summed before anything is installed or packed: the answer must not take the time of the work. */
function refuseTooMuch(files: PackedFile[], limits: PackingLimits): number {
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  refuseTooLarge(files, bytes, limits.unpackedBytes, 'unpacked')
  return bytes
}

interface Gathered extends Pick<AgentPackage, 'runtime' | 'dependencies' | 'leftOut'> {
  files: PackedFile[]
}

async function nodeFiles({ dir }: Packing): Promise<Gathered> {
  await refuseMissingModules(dir)
  const unneeded = await developmentOnly(dir)
  const { files, leftOut } = await filesIn(dir, unneeded)
  const dependencies =
    unneeded.size > 0 ? `node_modules without ${counted(unneeded.size, 'package')} that only development needs` : 'node_modules as it is'
  const hasModules = files.some(({ place }) => place.startsWith('node_modules/'))
  return { files, leftOut, runtime: 'NODE_22', dependencies: hasModules ? dependencies : 'none' }
}

async function pythonFiles({ dir, scratch, env, limits, step }: Packing): Promise<Gathered> {
  const own = await filesIn(dir)
  refuseTooMuch(own.files, limits)
  const python = await findPython(env)
  const target = join(scratch, 'site')
  step('installing Python dependencies')
  const dependencies = await installDependencies(dir, { python, target, env })
  const installed = await filesIn(target).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return { files: [], leftOut: [] }
    throw error
  })
  // The agent's own file wins over a dependency's of the same name, as it does on Python's path.
  const taken = new Set(own.files.map(({ place }) => place))
  return {
    files: [...own.files, ...installed.files.filter(({ place }) => !taken.has(place))],
    leftOut: own.leftOut,
    runtime: python.runtime,
    dependencies,
  }
}

/** An agent that dies on its first import is found out here, not after the upload. */
async function refuseMissingModules(dir: string): Promise<void> {
  const text = await readFile(join(dir, 'package.json'), 'utf8').catch(() => '{}')
  const manifest: unknown = JSON.parse(text)
  const declared = typeof manifest === 'object' && manifest !== null && 'dependencies' in manifest ? Object.keys(manifest.dependencies ?? {}) : []
  const missing: string[] = []
  for (const name of declared) {
    const found = await stat(join(dir, 'node_modules', name)).catch(() => undefined)
    if (!found) missing.push(name)
  }
  if (missing.length > 0) throw new PackingFailed(`not installed in ${dir}: ${missing.join(', ')}`, { fix: `npm install --omit=dev --prefix ${dir}` })
}
