// deploy: a folder becomes a READY runtime.

import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { createOrUpdateRuntime, type PlatformClients, waitUntilReady } from '@agentworks/factory'
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import { Failure, wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { type Progress, withProgress } from '#core/progress.js'
import { withPlatform } from '#core/with-platform.js'
import { awsLimits, megabytes, refuseTooManyVariables } from '#packing/limits.js'
import { type AgentPackage, packageAgent } from '#packing/package-agent.js'
import { projectIn } from '#packing/project.js'

export interface DeployOptions {
  name: string
  protocol: string
  entryPoint?: string
  env: string[]
  envFile?: string
}

const bucket = 'agentworks-deployments'
const roleArn = 'arn:aws:iam::000000000000:role/AgentworksExecutionRole'

export async function deploy(invoked: Invoked, folder: string, options: DeployOptions): Promise<void> {
  const { world, out } = invoked
  const dir = resolve(world.cwd, folder)
  refuseName(options.name)
  refuseProtocol(options.protocol)
  const environmentVariables = await variables(options, world.cwd)
  const project = await projectIn(dir, options.entryPoint)
  const scratch = await mkdtemp(join(tmpdir(), 'agentworks-deploy-'))
  try {
    await withProgress(world.stderr, `packing ${dir}`, async (progress) => {
      const step = (text: string) => progress.step(text)
      const made = await packageAgent({ dir, project, scratch, env: world.env, limits: awsLimits, step })
      out.note(`packed ${made.files} files, ${megabytes(made.bytes)} (${megabytes(made.unpackedBytes)} unpacked); dependencies: ${made.dependencies}`)
      if (made.leftOut.length > 0) out.note(`left out: ${made.leftOut.join(', ')}`)
      const settings = { name: options.name, entryPoint: project.entryPoint, environmentVariables }
      await withPlatform(invoked, (clients) => release(invoked, { clients, made, settings, progress }))
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

interface Release {
  clients: PlatformClients
  made: AgentPackage
  settings: { name: string; entryPoint: string; environmentVariables: Record<string, string> }
  progress: Progress
}

async function release({ out }: Invoked, { clients, made, settings, progress }: Release): Promise<void> {
  const { name, entryPoint, environmentVariables } = settings
  progress.step(`uploading ${megabytes(made.bytes)}`)
  const key = await upload(clients, name, made)
  const { agentRuntimeId, created } = await createOrUpdateRuntime(clients.control, {
    agentRuntimeName: name,
    agentRuntimeArtifact: { codeConfiguration: { code: { s3: { bucket, prefix: key } }, runtime: made.runtime, entryPoint: [entryPoint] } },
    roleArn,
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol: 'HTTP' },
    environmentVariables,
  })
  const onStatus = (status: string) => {
    progress.step(`${name} is ${status}`)
    out.note(`${name}: ${status}`)
  }
  const runtime = await waitUntilReady(clients.control, agentRuntimeId, { timeoutMs: 120_000, onStatus })
  const { agentRuntimeArn, agentRuntimeVersion, status } = runtime
  out.document({ agentRuntimeArn, agentRuntimeId, agentRuntimeVersion, status })
  out.line(`${created ? 'created' : 'updated'} ${name}, version ${agentRuntimeVersion}: ${agentRuntimeArn}`)
  out.line(out.spell(`next: agentworks invoke ${name} "Hello!"`))
}

async function upload({ objects }: PlatformClients, name: string, made: AgentPackage): Promise<string> {
  const Key = `${name}/${made.sha256}.zip`
  await objects.send(new CreateBucketCommand({ Bucket: bucket })).catch((error: unknown) => {
    if (!(error instanceof S3ServiceException) || !['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes(error.name)) throw error
  })
  const isThere = await objects.send(new HeadObjectCommand({ Bucket: bucket, Key })).then(
    () => true,
    (error: unknown) => {
      if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false
      throw error
    },
  )
  if (!isThere) {
    const body = createReadStream(made.path)
    await objects.send(new PutObjectCommand({ Bucket: bucket, Key, Body: body, ContentLength: made.bytes, ContentType: 'application/zip' }))
  }
  return Key
}

function refuseName(name: string): void {
  if (/^[a-zA-Z][a-zA-Z0-9_]{0,47}$/.test(name)) return
  const repaired = name
    .replace(/[^a-zA-Z0-9_]+/g, '_')
    .replace(/^[^a-zA-Z]+/, '')
    .slice(0, 48)
  throw wrongUsage(
    `--name ${name}: a letter first, then letters, digits and underscores, 48 characters at most`,
    repaired ? `--name ${repaired}` : undefined,
  )
}

function refuseProtocol(protocol: string): void {
  if (protocol === 'HTTP') return
  if (['MCP', 'A2A', 'AGUI'].includes(protocol))
    throw new Failure(`--protocol ${protocol} does not execute yet`, { fix: 'deploy an agent that speaks HTTP, or wait for the next version' })
  throw wrongUsage(`--protocol ${protocol} is not known`, '--protocol HTTP')
}

/** A later source wins; values never appear in messages. */
async function variables({ env, envFile }: DeployOptions, cwd: string): Promise<Record<string, string>> {
  const all: Record<string, string> = {}
  if (envFile) {
    const text = await readFile(resolve(cwd, envFile), 'utf8').catch((cause: unknown) => {
      throw wrongUsage(`--env-file ${envFile} cannot be read: ${cause instanceof Error ? cause.message : cause}`)
    })
    for (const [name, value] of Object.entries(parseEnv(text))) all[name] = value ?? ''
  }
  for (const [index, pair] of env.entries()) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    if (at < 1 || !/^[A-Za-z_]\w*$/.test(name)) throw wrongUsage(`--env number ${index + 1} is not of the form NAME=value`, '--env LEVEL=debug')
    all[name] = pair.slice(at + 1)
  }
  refuseTooManyVariables(all, awsLimits.environmentVariables)
  return all
}
