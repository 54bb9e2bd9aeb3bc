// The platform as a user runs it: the built command line, a free port, a data folder.
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import {
  type AuthorizerConfiguration,
  BedrockAgentCoreControlClient,
  CreateAgentRuntimeCommand,
  GetAgentRuntimeCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { ZipFile } from 'yazl'
import { benchFile, type Served, serve } from './processes.ts'

export interface Platform extends Served {
  dataDir: string
  credentials: { accessKeyId: string; secretAccessKey: string }
}

export const region = 'us-east-1'

export const newDataDir = () => mkdtempSync(join(tmpdir(), 'aw-bench-'))

export async function startPlatform(dataDir: string, env: Readonly<Record<string, string>> = {}): Promise<Platform> {
  const cli = benchFile('../packages/cli/bin/agentworks.js')
  const served = await serve([cli, 'start', '--port', '0', '--data-dir', dataDir, '--no-factory'], {
    AGENTWORKS_MODEL: 'offline',
    AGENTWORKS_LOG_LEVEL: 'info',
    ...env,
  })
  return { ...served, dataDir, credentials: JSON.parse(readFileSync(join(dataDir, 'access-key.json'), 'utf8')) }
}

export interface AgentCode {
  name: string
  file: string
  authorizerConfiguration?: AuthorizerConfiguration
  runtime: 'NODE_22' | 'PYTHON_3_10' | 'PYTHON_3_11' | 'PYTHON_3_12' | 'PYTHON_3_13' | 'PYTHON_3_14'
}

/** Through the stock clients, as any user would. Resolves when the runtime is READY. */
export async function deploy(
  { url, credentials }: Platform,
  { name, file, runtime, authorizerConfiguration }: AgentCode,
): Promise<{ agentRuntimeId: string; arn: string }> {
  const config = { endpoint: url.href, region, credentials }
  const s3 = new S3Client({ ...config, forcePathStyle: true })
  const control = new BedrockAgentCoreControlClient(config)
  const entry = `main${file.slice(file.lastIndexOf('.'))}`
  await s3.send(new CreateBucketCommand({ Bucket: 'bench-code' })).catch(() => undefined)
  await s3.send(new PutObjectCommand({ Bucket: 'bench-code', Key: name, Body: await zipOf(file, entry) }))
  const { agentRuntimeId = '', agentRuntimeArn = '' } = await control.send(
    new CreateAgentRuntimeCommand({
      agentRuntimeName: name,
      roleArn: 'arn:aws:iam::000000000000:role/AgentworksExecutionRole',
      networkConfiguration: { networkMode: 'PUBLIC' },
      agentRuntimeArtifact: { codeConfiguration: { code: { s3: { bucket: 'bench-code', prefix: name } }, runtime, entryPoint: [entry] } },
      authorizerConfiguration,
      environmentVariables: { COLOUR: 'green', LEVEL: 'info' },
    }),
  )
  for (let tries = 0; tries < 200; tries += 1) {
    const { status, failureReason } = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
    if (status === 'READY') return { agentRuntimeId, arn: agentRuntimeArn }
    if (status?.endsWith('FAILED')) throw new Error(`${name}: ${status}: ${failureReason}`)
    await delay(25)
  }
  throw new Error(`${name} was not READY within 5 s`)
}

async function zipOf(file: string, entry: string): Promise<Buffer> {
  const zip = new ZipFile()
  zip.addFile(file, entry)
  zip.end()
  const pieces: Buffer[] = []
  for await (const piece of zip.outputStream) pieces.push(piece as Buffer)
  return Buffer.concat(pieces)
}
