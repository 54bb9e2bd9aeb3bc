// Our own command line, as a user runs it.
import { join } from 'node:path'
import type { RunningPlatform } from '../conformance/platform.fixture.ts'
import { NotToBeHad } from './results.ts'
import { lastWords, type Ran, runProgram } from './run-program.ts'

const bin = join(import.meta.dirname, '../packages/cli/bin/agentworks.js')
const deployMs = 180_000
const installMs = 300_000
const otherMs = 60_000

export interface CommandLine {
  env(): Promise<Record<string, string>>
  /** Writes a project below `cwd`. */
  create(cwd: string, args: string[]): Promise<{ dir: string }>
  /** `path` goes before PATH: which python3 packs the agent. */
  deploy(folder: string, name: string, options?: { path?: string; environment?: string[]; more?: string[] }): Promise<{ agentRuntimeArn: string }>
  invoke(name: string, payload: unknown): Promise<{ statusCode: number; response: unknown }>
  logs(name: string): Promise<string>
  /** What `agents get` tells of the live instances. */
  sessions(name: string): Promise<{ runtimeSessionId: string; state: string; ping?: { status: string } }[]>
}

export function commandLine({ dataDir, env }: RunningPlatform): CommandLine {
  const run = (args: string[], limitMs = otherMs, path = '', cwd?: string) => {
    const found = path ? `${path}:${env.PATH}` : (env.PATH ?? '')
    return runProgram(process.execPath, [bin, ...args, '--data-dir', dataDir], { env: { ...registrySettings(), ...env, PATH: found }, limitMs, cwd })
  }
  return {
    env: async () => document(await run(['env', '--json'])),
    async create(cwd, args) {
      const ran = await run(['create', ...args, '--json'], installMs, '', cwd)
      // `null`: the registry was slower than the limit.
      if (ran.code === null || (ran.code !== 0 && /npm install failed/.test(ran.stderr))) throw new NotToBeHad(lastWords(ran))
      return document(ran)
    },
    async deploy(folder, name, { path, environment = [], more = [] } = {}) {
      const args = ['deploy', folder, '--name', name, '--json', ...more, ...environment.flatMap((pair) => ['--env', pair])]
      const ran = await run(args, deployMs, path)
      if (ran.code !== 0 && /could not install the dependencies/.test(ran.stderr)) throw new NotToBeHad(lastWords(ran))
      return document(ran)
    },
    invoke: async (name, payload) => document(await run(['invoke', name, '--payload', JSON.stringify(payload), '--json'])),
    sessions: async (name) =>
      document<{ sessions: Awaited<ReturnType<CommandLine['sessions']>> }>(await run(['agents', 'get', name, '--json'])).sessions,
    logs: async (name) => (await run(['logs', name])).stdout,
  }
}

/** Where pip and npm look for packages on this host, and whom they trust there: without it npm tries again for minutes. */
function registrySettings(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      /^(PIP_|NPM_CONFIG_|NODE_EXTRA_CA_CERTS$|SSL_CERT_FILE$|HTTPS?_PROXY$|NO_PROXY$)/i.test(name) && value !== undefined ? [[name, value]] : [],
    ),
  )
}

function document<Shape>(ran: Ran): Shape {
  if (ran.code !== 0) throw new Error(`exit code ${ran.code}: ${lastWords(ran)}`)
  return JSON.parse(ran.stdout) as Shape
}
