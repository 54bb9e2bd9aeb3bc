// Starts instances for the sandbox's contract, and ends them all afterwards.
import { once } from 'node:events'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import http, { type IncomingMessage } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as delay } from 'node:timers/promises'
import type { Interpreter } from './interpreters.js'
import type { Instance, InstanceLimits, InstancePlace, InstanceSpec, Sandbox } from './sandbox.js'

export interface SandboxContract {
  open(runtimeDir: string): Sandbox
  node: Interpreter | undefined
  python: Interpreter | undefined
  /** Promise by title -> why this level cannot keep it. */
  exceptions?: Readonly<Record<string, string>>
  /** Why `execute` is not kept at all. */
  cannotExecute?: string
  /** Variables that the level adds to the ones given. */
  addedVariables(language: 'node' | 'python'): string[]
}

export const limitsOfTests: InstanceLimits = { memoryBytes: 2 ** 30, cpus: 2, pids: 256 }

type Output = ['stdout' | 'stderr', string][]

interface Launched {
  instance: Instance
  place: InstancePlace
  output: Output
}

export interface Fixture {
  sandbox: Sandbox
  launch(language: 'node' | 'python', program: string | undefined, env?: Record<string, string>): Promise<Launched>
  startNode(program: string, env?: Record<string, string>): Promise<Launched & { socketPath: string }>
  startPython(program: string, env?: Record<string, string>): Promise<Launched & { socketPath: string }>
  end(): Promise<void>
}

export async function makeFixture({ open, node, python }: SandboxContract): Promise<Fixture> {
  const dir = await mkdtemp(join(tmpdir(), 'aw-'))
  const sandbox = open(join(dir, 'r'))
  await mkdir(join(dir, 'r'), { mode: 0o711 })
  // Others must get through to the runtime folder; what else lies here is closed by its own mode.
  await chmod(dir, 0o711)
  const instances: Instance[] = []
  const servers: http.Server[] = []
  const real = await platform({ host: '127.0.0.1', port: 0 })
  const address = real.address()
  servers.push(real)
  let count = 0

  const launch: Fixture['launch'] = async (language, program, env = {}) => {
    count += 1
    const id = `i${count}`
    const place = await sandbox.prepare(id)
    servers.push(await platform({ path: place.platformSocketPath }))
    const codeDir = join(dir, `code-${id}`)
    // As a platform with umask 077 unpacks it: nobody else's to read.
    await mkdir(codeDir, { mode: 0o700 })
    const file = language === 'node' ? 'agent.cjs' : 'agent.py'
    if (program !== undefined) await writeFile(join(codeDir, file), program, { mode: 0o600 })
    const output: Output = []
    const realUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
    const spec: InstanceSpec = {
      place,
      program: { codeDir, language, interpreter: (language === 'node' ? node : python)?.path ?? '', args: [file] },
      networkMode: 'VPC',
      limits: limitsOfTests,
      env: { ...env, AWS_ENDPOINT_URL: sandbox.platformUrl(realUrl) },
      port: 8080,
      onOutput: (stream, line) => output.push([stream, line]),
    }
    const instance = await sandbox.start(spec)
    instances.push(instance)
    return { instance, place, output }
  }

  const startListening = async (language: 'node' | 'python', program: string, env?: Record<string, string>) => {
    const launched = await launch(language, program, env)
    const { socketPath } = await launched.instance.listening(AbortSignal.timeout(10_000)).catch((error: Error) => {
      throw new Error(`${error.message}: ${launched.output.map(([, line]) => line).join('\n')}`)
    })
    return { ...launched, socketPath }
  }

  return {
    sandbox,
    launch,
    startNode: (program, env) => startListening('node', program, env),
    startPython: (program, env) => startListening('python', program, env),
    async end() {
      await Promise.all(instances.map((instance) => instance.stop(0)))
      for (const server of servers) server.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function platform(where: { path: string } | { host: string; port: number }): Promise<http.Server> {
  const server = http.createServer((_request, response) => response.end('the platform')).listen(where)
  await once(server, 'listening')
  return server
}

export async function send(socketPath: string, path: string, body?: string | Buffer): Promise<IncomingMessage> {
  const headers = body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }
  const request = http.request({ socketPath, path, method: body === undefined ? 'GET' : 'POST', agent: false, headers })
  request.end(body)
  const [response] = (await once(request, 'response')) as [IncomingMessage]
  return response
}

export async function ask(socketPath: string, path: string, body?: string): Promise<string> {
  return text(await send(socketPath, path, body))
}

export function folderOf(place: InstancePlace): string {
  return dirname(dirname(place.platformSocketPath))
}

/** Processes whose command, environment or open folders still name the place. */
export async function processesNaming(place: InstancePlace): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const named = await Promise.all(
    pids.map(async (pid) => {
      const facts = await Promise.all(['cmdline', 'environ', 'mountinfo'].map((file) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '')))
      return facts.some((fact) => fact.includes(`${folderOf(place)}/`)) ? pid : undefined
    }),
  )
  return named.filter((pid) => pid !== undefined)
}

export async function until(holds: () => Promise<boolean>, deadlineMs = 10_000): Promise<void> {
  const end = Date.now() + deadlineMs
  while (!(await holds())) {
    if (Date.now() > end) throw new Error('did not come true in time')
    await delay(10)
  }
}
