// The built-in identity provider as its user starts it, beside a platform.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { RunningPlatform } from './platform.fixture.ts'

const bin = join(import.meta.dirname, '../packages/cli/bin/agentworks.js')

export interface RunningProvider {
  url: string
  process: ChildProcess
  /** All that it printed. */
  said(): string
  stop(): Promise<number | null>
}

export async function startProvider({ dataDir, env }: Pick<RunningPlatform, 'dataDir' | 'env'>): Promise<RunningProvider> {
  const child = spawn(process.execPath, [bin, 'identity', 'provider', 'start', '--port', '0', '--data-dir', dataDir], { env })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  createInterface({ input: child.stdout }).on('line', (line) => {
    const url = /^identity provider ready on (\S+)$/.exec(line)?.[1]
    if (url) resolve(url)
  })
  child.once('exit', (code) => reject(new Error(`the identity provider ended with ${code} before it was ready:\n${said}`)))
  return {
    url: await promise,
    process: child,
    said: () => said,
    async stop() {
      child.kill('SIGTERM')
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
      return child.exitCode
    },
  }
}
