// What kind of agent lies in a folder, and which file starts it.
import { readFile, stat } from 'node:fs/promises'
import { extname, isAbsolute, join, normalize, sep } from 'node:path'
import { PackingFailed, wrongUsage } from './packing-failed.js'

export interface Project {
  language: 'node' | 'python'
  /** Relative to the folder, with forward slashes. */
  entryPoint: string
  /** Whether opentelemetry-instrument was named before the file. */
  instrumented: boolean
}

const nodeEntries = ['index', 'main', 'agent', 'app'].flatMap((name) => [`${name}.mjs`, `${name}.js`, `${name}.cjs`])
const pythonEntries = ['main.py', 'agent.py', 'app.py']
const typeScript = new Set(['.ts', '.mts', '.cts', '.tsx'])
const languages: Readonly<Record<string, Project['language']>> = { '.js': 'node', '.mjs': 'node', '.cjs': 'node', '.py': 'python' }

export async function projectIn(dir: string, named: string | undefined): Promise<Project> {
  if (!(await isFolder(dir))) throw wrongUsage(`${dir} is no folder`, 'name the folder of the agent')
  if (named !== undefined) return namedProject(dir, named)
  const main = await packageMain(dir)
  const candidates = main === undefined ? await present(dir, nodeEntries) : [main]
  const node = candidates[0]
  const python = (await present(dir, pythonEntries))[0]
  if (node && python) throw wrongUsage(`${dir} holds a Node agent (${node}) and a Python agent (${python})`, `say which: entryPoint: '${python}'`)
  const found = node ?? python
  if (found) return projectOf(dir, found)
  const source = (await present(dir, ['index.ts', 'main.ts', 'agent.ts', 'app.ts', 'src/index.ts', 'src/main.ts']))[0]
  if (source) return projectOf(dir, source)
  throw wrongUsage(
    `no agent found in ${dir}`,
    `name its file with entryPoint; looked for package.json "main", ${[...nodeEntries, ...pythonEntries].join(', ')}`,
  )
}

/** As AWS's entryPoint may begin, in one option. */
async function namedProject(dir: string, named: string): Promise<Project> {
  const file = named.replace(/^opentelemetry-instrument\s+/, '')
  const project = await projectOf(dir, file)
  const instrumented = file !== named
  if (instrumented && project.language !== 'python')
    throw wrongUsage(`opentelemetry-instrument starts Python, and ${file} is not`, `entryPoint: '${file}'`)
  return { ...project, instrumented }
}

async function projectOf(dir: string, file: string): Promise<Project> {
  const entryPoint = normalize(file).split(sep).join('/').replace(/^\.\//, '')
  if (isAbsolute(file) || entryPoint.startsWith('../'))
    throw wrongUsage(`the entry point ${file} lies outside of ${dir}`, 'name a file relative to the folder')
  const extension = extname(entryPoint)
  if (typeScript.has(extension)) {
    throw new PackingFailed(`the entry point ${entryPoint} is TypeScript, which NODE_22 does not run`, {
      fix: "compile it first, then: entryPoint: 'dist/index.js'",
    })
  }
  const language = languages[extension]
  if (!language) throw wrongUsage(`the entry point ${entryPoint} is neither JavaScript nor Python`, 'name a .js, .mjs, .cjs or .py file')
  if (!(await isFile(join(dir, entryPoint))))
    throw wrongUsage(`the entry point ${entryPoint} does not exist in ${dir}`, 'name an existing file with entryPoint')
  return { language, entryPoint, instrumented: false }
}

async function packageMain(dir: string): Promise<string | undefined> {
  const text = await readFile(join(dir, 'package.json'), 'utf8').catch(() => undefined)
  if (text === undefined) return undefined
  try {
    const parsed: unknown = JSON.parse(text)
    return typeof parsed === 'object' && parsed !== null && 'main' in parsed && typeof parsed.main === 'string' ? parsed.main : undefined
  } catch (cause) {
    throw new PackingFailed(`${join(dir, 'package.json')} is no JSON`, { cause, why: cause instanceof Error ? cause.message : undefined })
  }
}

async function present(dir: string, names: string[]): Promise<string[]> {
  const found = await Promise.all(names.map(async (name) => ((await isFile(join(dir, name))) ? [name] : [])))
  return found.flat()
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  )
}
