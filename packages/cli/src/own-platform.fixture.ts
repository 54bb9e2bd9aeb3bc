// A platform of a test file's own, started from the sources, in a home that nothing else uses.
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { agentworks, type Ran, spawnSource } from './from-source.fixture.js'

export interface OwnPlatform {
  home: string
  url: string
  /** What a user's shell would hold; nothing of this process's. */
  env: Record<string, string>
  run(args: string[], input?: string): Promise<Ran>
  end(): Promise<void>
}

export async function ownPlatform(): Promise<OwnPlatform> {
  const home = await mkdtemp(join(tmpdir(), 'own-platform-'))
  const env = { HOME: home, AGENTWORKS_MODEL: 'offline', AGENTWORKS_LOG_LEVEL: 'warn' }
  const platform = spawnSource('packages/cli/src/run.fixture.ts', ['start', '--port', '0', '--no-factory'], { env, cwd: home })
  platform.stderr?.resume()
  const [line] = await once(createInterface({ input: platform.stdout ?? process.stdin }), 'line')
  const url = /ready on (http\S+)/.exec(line)?.[1]
  if (url === undefined) throw new Error(`the platform said: ${line}`)
  return {
    home,
    url,
    env,
    run: (args, input) => agentworks(args, { env, cwd: home, input }),
    async end() {
      platform.kill('SIGTERM')
      if (platform.exitCode === null) await once(platform, 'exit')
      await rm(home, { recursive: true, force: true })
    },
  }
}
