// A real platform for a scenario: the built command line as a child process, on a free port and a throw-away data folder.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control'
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime'
import { S3Client } from '@aws-sdk/client-s3'
import { STSClient } from '@aws-sdk/client-sts'

const bin = join(import.meta.dirname, '../packages/cli/bin/agentworks.js')

export interface RunningPlatform {
  url: string
  dataDir: string
  pid: number
  env: Record<string, string>
  credentials: { accessKeyId: string; secretAccessKey: string }
  adminToken: string
  /** Everything it wrote to stderr. */
  log(): string
  kill(): Promise<void>
  stop(): Promise<number | null>
}

export const region = 'us-east-1'
export const roleArn = 'arn:aws:iam::000000000000:role/AgentworksExecutionRole'

export function newDataDir(): string {
  return mkdtempSync(join(tmpdir(), 'aw-conformance-'))
}

/** Resolves when the platform says that it is ready. Never spends a key that happens to be in the environment. */
export async function startPlatform(
  dataDir = newDataDir(),
  extraEnv: Record<string, string> = {},
  args: readonly string[] = [],
): Promise<RunningPlatform> {
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', AGENTWORKS_MODEL: 'offline', ...extraEnv }
  const child = spawn(process.execPath, [bin, 'start', '--port', '0', '--data-dir', dataDir, '--no-factory', ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (log += text))
  const url = await readyUrl(child, () => log)
  const read = (name: string) => readFileSync(join(dataDir, name), 'utf8').trim()
  return {
    url,
    dataDir,
    pid: child.pid ?? 0,
    env,
    credentials: JSON.parse(read('access-key.json')),
    adminToken: read('admin-token'),
    log: () => log,
    async kill() {
      child.kill('SIGKILL')
      await ended(child)
    },
    async stop() {
      child.kill('SIGTERM')
      return ended(child)
    },
  }
}

async function readyUrl(child: ChildProcess, log: () => string): Promise<string> {
  if (!child.stdout) throw new Error('no stdout')
  const lines = createInterface({ input: child.stdout })
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  lines.once('line', (line) => {
    const url = /^agentworks ready on (http:\/\/\S+)$/.exec(line)?.[1]
    if (url) resolve(url)
    else reject(new Error(`the first line was "${line}"`))
  })
  child.once('exit', (code) => reject(new Error(`the platform ended with ${code} before it was ready:\n${log()}`)))
  return promise
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

export async function removeDataDir(platform: RunningPlatform): Promise<void> {
  await platform.stop()
  rmSync(platform.dataDir, { recursive: true, force: true })
}

/** The stock clients, told of us by nothing but what `agentworks env` prints. */
export function clientsOf({
  url,
  credentials,
}: {
  url: string
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
}) {
  const config = { endpoint: url, region, credentials }
  return {
    control: new BedrockAgentCoreControlClient(config),
    data: new BedrockAgentCoreClient(config),
    models: new BedrockRuntimeClient(config),
    s3: new S3Client({ ...config, forcePathStyle: true }),
    sts: new STSClient(config),
  }
}

export type Clients = ReturnType<typeof clientsOf>
