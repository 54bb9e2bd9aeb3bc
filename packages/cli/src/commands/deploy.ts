// deploy: a folder becomes a READY runtime.

import { readFile } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { parseEnv } from 'node:util'
import { awsLimits, counted, type Deployment, deployAgent, projectIn, sized } from '@agentworks/sdk/deploy'
import { ServerProtocol } from '@aws-sdk/client-bedrock-agentcore-control'
import { adminFetch, platformAccess } from '#core/connection.js'
import { Failure, wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { joinedMemories } from '#core/joined-memories.js'
import { withProgress } from '#core/progress.js'

export interface DeployOptions {
  name?: string
  force?: boolean
  protocol: string
  entryPoint?: string
  env: string[]
  envFile?: string
  image?: string
  cpu?: number
  memoryMb?: number
  memory: string[]
  min?: number
  max?: number
  targetUtilisation?: number
  authorizerConfig?: string
  requestHeaderAllowlist?: string
}

function resourcesOf({ cpu, memoryMb, min, max, targetUtilisation }: DeployOptions) {
  return { cpu, memoryMb, minInstances: min, maxInstances: max, targetUtilisation }
}

/** Under the names that AWS's own command line has for them. */
function callersOf({
  authorizerConfig,
  requestHeaderAllowlist,
}: DeployOptions): Pick<Deployment, 'authorizerConfiguration' | 'requestHeaderAllowlist'> {
  const names = requestHeaderAllowlist?.split(',').map((name) => name.trim())
  return {
    ...(names && { requestHeaderAllowlist: names.filter(Boolean) }),
    ...(authorizerConfig !== undefined && { authorizerConfiguration: authorizerFrom(authorizerConfig) }),
  }
}

function authorizerFrom(text: string): Deployment['authorizerConfiguration'] {
  const example = `--authorizer-config '{"customJWTAuthorizer": {"discoveryUrl": "https://ISSUER/.well-known/openid-configuration", "allowedClients": ["CLIENT"]}}'`
  try {
    const parsed = JSON.parse(text)
    if (typeof parsed?.customJWTAuthorizer === 'object') return parsed
  } catch {
    // Refused below, as JSON of another form is.
  }
  throw wrongUsage('--authorizer-config is no JSON with the member customJWTAuthorizer', example)
}

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
  // As it was named: opentelemetry-instrument may stand before the file.
  const code = { dir, entryPoint: options.entryPoint ?? project.entryPoint }
  await withProgress(world.stderr, `packing ${dir}`, async (progress) =>
    deployed(invoked, { name, code, protocol: serverProtocol, ...(await settingsOf(invoked, name, environmentVariables, options)) }, progress),
  )
}

/** What its owner says of the environment wins over what a memory brings. */
async function settingsOf(invoked: Invoked, name: string, given: Record<string, string>, options: DeployOptions) {
  const joined = await joinedMemories(invoked, name, options.memory)
  return {
    environment: { ...joined?.environment, ...given },
    ...(joined && { roleArn: joined.roleArn }),
    resources: resourcesOf(options),
    ...callersOf(options),
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
    await deployed(
      invoked,
      { name, containerUri, protocol: serverProtocol, ...(await settingsOf(invoked, name, environmentVariables, options)) },
      progress,
    )
  })
}

async function deployed(invoked: Invoked, deployment: Deployment, shown: { step(text: string): void }): Promise<void> {
  const { world, out } = invoked
  const { name, protocol } = deployment
  const progress = {
    step: (text: string) => shown.step(text),
    packed(made: { files: number; bytes: number; unpackedBytes: number; dependencies: string; leftOut: string[] }) {
      out.note(
        `packed ${counted(made.files, 'file')}, ${sized(made.bytes)} (${sized(made.unpackedBytes)} unpacked); dependencies: ${made.dependencies}`,
      )
      if (made.leftOut.length > 0) out.note(`left out: ${made.leftOut.join(', ')}`)
    },
    status: (status: string) => out.note(`${name}: ${status}`),
  }
  const { created, ...facts } = await deployAgent({ ...deployment, ...(await platformAccess(invoked)), env: world.env, progress })
  out.document(facts)
  out.line(`${created ? 'created' : 'updated'} ${name}, version ${facts.agentRuntimeVersion}: ${facts.agentRuntimeArn}`)
  const words = protocol === 'MCP' ? `--payload '{"method": "tools/list"}'` : '"Hello!"'
  out.line(out.spell(`next: agentworks invoke ${name} ${words}`))
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
  const count = Object.keys(all).length
  if (count > awsLimits.environmentVariables)
    throw new Failure(`${count} environment variables; the limit is ${awsLimits.environmentVariables}`, {
      fix: 'read the rest from a file of the agent',
    })
  return all
}
