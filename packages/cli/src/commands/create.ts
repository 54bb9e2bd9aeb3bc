// create: a project that deploys, tests and invokes as it stands.
import { execFile } from 'node:child_process'
import { mkdir, readdir } from 'node:fs/promises'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { Failure, wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { withProgress } from '#core/progress.js'
import { chosenTemplate, type Template } from '#creating/templates.js'
import { writeProject } from '#creating/write-project.js'

export interface CreateOptions {
  framework: string
  language: string
  protocol: string
  /** False with --no-install. */
  install: boolean
}

const run = promisify(execFile)

export async function create({ world, out }: Invoked, name: string, options: CreateOptions): Promise<void> {
  refuseName(name)
  const template = chosenTemplate(options)
  const { framework, language, protocol } = template
  const dir = resolve(world.cwd, name)
  await makeFolder(dir, name)
  const next = commandsFor(name, template)
  const commands = { deploy: out.spell(`agentworks deploy . ${next.deployOptions}`), invoke: out.spell(next.invoke) }
  const files = await withProgress(world.stderr, `writing ${name}`, () => writeProject({ dir, name, template, commands, env: world.env }))
  const installs = language === 'ts' && options.install
  if (installs) await withProgress(world.stderr, `npm install in ${name}`, () => install(dir, world))
  out.document({ name, dir, framework, language, protocol, files, installed: installs })
  out.line(`created ${dir}: ${files.filter((file) => !file.startsWith('vendor/')).join(', ')}`)
  if (language === 'ts' && !installs) out.line(`next: npm install --prefix ${name}`)
  out.line(out.spell(`next: agentworks deploy ${name} ${next.deployOptions}`))
  out.line(out.spell(`then: ${next.invoke}`))
  out.line(language === 'ts' ? `tests: npm test --prefix ${name}` : `tests: see ${name}/README.md`)
}

function commandsFor(name: string, { protocol, ask }: Template): { deployOptions: string; invoke: string } {
  const runtime = name.replaceAll('-', '_')
  return {
    deployOptions: `--name ${runtime}${protocol === 'HTTP' ? '' : ` --protocol ${protocol}`}`,
    invoke: `agentworks invoke ${runtime} ${ask}`,
  }
}

/** Good for a folder, for npm, and with underscores for a runtime. */
function refuseName(name: string): void {
  if (/^[a-z][a-z0-9_-]{0,47}$/.test(name)) return
  const repaired = name
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '')
    .slice(0, 48)
  throw wrongUsage(
    `${name}: a small letter first, then small letters, digits, - and _, 48 characters at most`,
    repaired ? `agentworks create ${repaired}` : undefined,
  )
}

/** Never over somebody's files. */
async function makeFolder(dir: string, name: string): Promise<void> {
  const there = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw new Failure(`${dir} cannot be used: ${error.message}`, { cause: error })
  })
  if (there.length > 0) throw new Failure(`${dir} is there already and not empty`, { fix: `agentworks create ${name}-2` })
  await mkdir(dir, { recursive: true })
}

async function install(dir: string, { env, stopped }: Invoked['world']): Promise<void> {
  await run('npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: dir, env, signal: stopped, maxBuffer: 16_000_000 }).catch(
    (cause: unknown) => {
      const said =
        typeof cause === 'object' && cause !== null && 'stderr' in cause ? String(cause.stderr).trim().split('\n').slice(-5).join(' | ') : undefined
      throw new Failure(`the project is written, but npm install failed in ${dir}`, { cause, why: said, fix: `npm install --prefix ${dir}` })
    },
  )
}
