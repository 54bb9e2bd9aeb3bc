// deploy: a folder becomes a READY runtime.

import { createReadStream } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { createOrUpdateRuntime, findRuntime, type PlatformClients, waitUntilReady } from '@agentworks/factory'
import { type AgentRuntimeArtifact, ServerProtocol } from '@aws-sdk/client-bedrock-agentcore-control'
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3ServiceException } from '@aws-sdk/client-s3'
import { adminFetch } from '#core/connection.js'
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { type Progress, withProgress } from '#core/progress.js'
import { withPlatform } from '#core/with-platform.js'
import { awsLimits, counted, refuseTooManyVariables, sized } from '#packing/limits.js'
import { type AgentPackage, packageAgent } from '#packing/package-agent.js'
import { projectIn } from '#packing/project.js'

export interface DeployOptions {
  name?: string
  force?: boolean
  protocol: string
  entryPoint?: string
  env: string[]
  envFile?: string
  image?: string
}

const bucket = 'agentworks-deployments'
const roleArn = 'arn:aws:iam::000000000000:role/AgentworksExecutionRole'

export async function deploy(invoked: Invoked, folder: string, options: DeployOptions): Promise<void> {
  if (options.image !== undefined) return deployImage(invoked, options.image, options)
  const { world, out } = invoked
  const dir = resolve(world.cwd, folder)
  if (options.name !== undefined) refuseName(options.name, options.force)
  const serverProtocol = protocolOf(options.protocol)
  const environmentVariables = await variables(options, world.cwd)
  const project = await projectIn(dir, options.entryPoint)
  const name = options.name ?? (await nameFrom(dir))
  refuseName(name, options.force)
  if (options.name === undefined) out.note(`name: ${name}   (another one with --name)`)
  // Before the work of packing: nothing of it is any use without a platform.
  await withPlatform(invoked, ({ control }) => findRuntime(control, name))
  const scratch = await mkdtemp(join(tmpdir(), 'agentworks-deploy-'))
  try {
    await withProgress(world.stderr, `packing ${dir}`, async (progress) => {
      const step = (text: string) => progress.step(text)
      const made = await packageAgent({ dir, project, scratch, env: world.env, limits: awsLimits, step })
      out.note(
        `packed ${counted(made.files, 'file')}, ${sized(made.bytes)} (${sized(made.unpackedBytes)} unpacked); dependencies: ${made.dependencies}`,
      )
      if (made.leftOut.length > 0) out.note(`left out: ${made.leftOut.join(', ')}`)
      const entryPoint = project.instrumented ? ['opentelemetry-instrument', project.entryPoint] : [project.entryPoint]
      const settings = { name, entryPoint, environmentVariables, serverProtocol }
      await withPlatform(invoked, (clients) => release(invoked, { clients, made, settings, progress }))
    })
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

interface ImageFacts {
  containerUri: string
  platform: string
  fitForAws: boolean
}

/** The platform gives the image the registry's address that the runtime names; nothing is pushed anywhere. */
async function deployImage(invoked: Invoked, image: string, options: DeployOptions): Promise<void> {
  const { world, out } = invoked
  const { name } = options
  if (name === undefined) throw wrongUsage('--image needs a name for the runtime', `--image ${image} --name my_agent`)
  if (options.entryPoint !== undefined)
    throw wrongUsage('--image brings its own command, so --entry-point says nothing', 'leave --entry-point out, or change the image')
  refuseName(name, options.force)
  const serverProtocol = protocolOf(options.protocol)
  const environmentVariables = await variables(options, world.cwd)
  await withProgress(world.stderr, `deploying ${image}`, async (progress) => {
    const fix = `docker images   (is ${image} in the local store?)`
    const query = new URLSearchParams({ source: image, name })
    const { containerUri, platform, fitForAws } = (await (await adminFetch(invoked, `images?${query}`, { method: 'POST', fix })).json()) as ImageFacts
    out.note(`image: ${containerUri}`)
    if (!fitForAws) out.note(`${platform}: runs here, and not on AWS, which takes linux/arm64 only (docker build --platform linux/arm64)`)
    const settings = { name, agentRuntimeArtifact: { containerConfiguration: { containerUri } }, environmentVariables, serverProtocol }
    await withPlatform(invoked, (clients) => createAndWait(out, { clients, settings, progress }))
  })
}

interface Release {
  clients: PlatformClients
  made: AgentPackage
  settings: Omit<Creation['settings'], 'agentRuntimeArtifact'> & { entryPoint: string[] }
  progress: Progress
}

async function release({ out }: Invoked, { clients, made, settings, progress }: Release): Promise<void> {
  const { name, entryPoint, environmentVariables, serverProtocol } = settings
  progress.step(`uploading ${sized(made.bytes)}`)
  const key = await upload(clients, name, made)
  const agentRuntimeArtifact = {
    codeConfiguration: { code: { s3: { bucket, prefix: key } }, runtime: made.runtime, entryPoint },
  }
  await createAndWait(out, { clients, settings: { name, agentRuntimeArtifact, environmentVariables, serverProtocol }, progress })
}

interface Creation {
  clients: PlatformClients
  settings: {
    name: string
    agentRuntimeArtifact: AgentRuntimeArtifact
    environmentVariables: Record<string, string>
    serverProtocol: ServerProtocol
  }
  progress: Progress
}

async function createAndWait(out: Invoked['out'], { clients, settings, progress }: Creation): Promise<void> {
  const { name, agentRuntimeArtifact, environmentVariables, serverProtocol } = settings
  const { agentRuntimeId, created } = await createOrUpdateRuntime(clients.control, {
    agentRuntimeName: name,
    agentRuntimeArtifact,
    roleArn,
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol },
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
  const words = serverProtocol === 'MCP' ? `--payload '{"method": "tools/list"}'` : '"Hello!"'
  out.line(out.spell(`next: agentworks invoke ${name} ${words}`))
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

function refuseName(name: string, force = false): void {
  if (name === 'builder' && !force)
    throw wrongUsage("the runtime builder is the factory's", 'choose another --name; --force puts your code in its place until the next start')
  if (/^[a-zA-Z][a-zA-Z0-9_]{0,47}$/.test(name)) return
  const repaired = repairedName(name)
  throw wrongUsage(
    `--name ${name}: a letter first, then letters, digits and underscores, 48 characters at most`,
    repaired ? `--name ${repaired}` : undefined,
  )
}

function repairedName(name: string): string {
  return name
    .replace(/[^a-zA-Z0-9_]+/g, '_')
    .replace(/^[^a-zA-Z]+/, '')
    .slice(0, 48)
    .replace(/_+$/, '')
}

/** The package's name without its scope, else the folder's. */
async function nameFrom(dir: string): Promise<string> {
  const named = (await packageName(dir))?.replace(/^@[^/]*\//, '')
  const name = repairedName(named ?? '') || repairedName(basename(dir))
  if (name === '') throw wrongUsage(`neither package.json nor the folder ${dir} gives a name`, '--name my_agent')
  return name
}

async function packageName(dir: string): Promise<string | undefined> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(dir, 'package.json'), 'utf8'))
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest && typeof manifest.name === 'string' ? manifest.name : undefined
  } catch {
    return undefined
  }
}

function protocolOf(named: string): ServerProtocol {
  const known = Object.values(ServerProtocol).find((protocol) => protocol === named.toUpperCase())
  if (known) return known
  throw wrongUsage(`--protocol ${named} is not known`, `--protocol ${Object.values(ServerProtocol).sort().join(', or ')}`)
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
