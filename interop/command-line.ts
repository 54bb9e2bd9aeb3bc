// Our own command line, as a user runs it.
import { join } from 'node:path'
import type { RunningPlatform } from '../conformance/platform.fixture.ts'
import { NotToBeHad } from './results.ts'
import { lastWords, type Ran, runProgram } from './run-program.ts'

const bin = join(import.meta.dirname, '../packages/cli/bin/agentworks.js')
const deployMs = 180_000
const otherMs = 60_000

export interface CommandLine {
  env(): Promise<Record<string, string>>
  /** `path` goes before PATH: which python3 packs the agent. */
  deploy(folder: string, name: string, options?: { path?: string; environment?: string[] }): Promise<{ agentRuntimeArn: string }>
  invoke(name: string, payload: unknown): Promise<{ statusCode: number; response: unknown }>
  logs(name: string): Promise<string>
}

export function commandLine({ dataDir, env }: RunningPlatform): CommandLine {
  const run = (args: string[], limitMs = otherMs, path = '') => {
    const found = path ? `${path}:${env.PATH}` : (env.PATH ?? '')
    return runProgram(process.execPath, [bin, ...args, '--data-dir', dataDir], { env: { ...pipSettings(), ...env, PATH: found }, limitMs })
  }
  return {
    env: async () => document(await run(['env', '--json'])),
    async deploy(folder, name, { path, environment = [] } = {}) {
      const ran = await run(['deploy', folder, '--name', name, '--json', ...environment.flatMap((pair) => ['--env', pair])], deployMs, path)
      if (ran.code !== 0 && /could not install the dependencies/.test(ran.stderr)) throw new NotToBeHad(lastWords(ran))
      return document(ran)
    },
    invoke: async (name, payload) => document(await run(['invoke', name, '--payload', JSON.stringify(payload), '--json'])),
    logs: async (name) => (await run(['logs', name])).stdout,
  }
}

/** Where pip looks for packages on this host. */
function pipSettings(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (/^PIP_/.test(name) && value !== undefined ? [[name, value]] : [])),
  )
}

function document<Shape>(ran: Ran): Shape {
  if (ran.code !== 0) throw new Error(`exit code ${ran.code}: ${lastWords(ran)}`)
  return JSON.parse(ran.stdout) as Shape
}
