// A folder or an image becomes a READY runtime: packed, uploaded, created or updated, and waited for.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type AgentRuntimeArtifact, BedrockAgentCoreControlClient, GetAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { S3Client } from '@aws-sdk/client-s3'
import { getEndpointFromInstructions } from '@smithy/core/endpoints'
import type { Environment } from '#packing/environment.js'
import { awsLimits } from '#packing/limits.js'
import { type AgentPackage, packageAgent } from '#packing/package-agent.js'
import { projectIn } from '#packing/project.js'
import { createOrUpdateRuntime, findRuntime, waitUntilReady } from './agent-runtimes.js'
import { checkDeployment, type Deployment } from './deployment.js'
import { type AgentResources, projectResources, tagsOf } from './resources.js'
import { uploadOnce } from './upload-once.js'

/** What happens on the way, for those who show it. */
export interface DeployProgress {
  /** What is being done now, in a few words. */
  step?(text: string): void
  packed?(made: Pick<AgentPackage, 'files' | 'bytes' | 'unpackedBytes' | 'dependencies' | 'leftOut' | 'runtime'>): void
  /** Each state of the runtime, the first included. */
  status?(status: string): void
}

export interface DeployAgentOptions extends Deployment {
  /** As the AWS SDK finds it when absent, as are endpoint and credentials. */
  region?: string
  /** `http://127.0.0.1:4680`, for a platform; serves S3 too. */
  endpoint?: string
  credentials?: { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
  progress?: DeployProgress
  /** Until READY, after the upload; 120,000 when absent. */
  timeoutMs?: number
  /** Variables for the tools that install Python's dependencies; this process's when absent. */
  env?: Environment
}

export interface DeployedAgent {
  agentRuntimeArn: string
  agentRuntimeId: string
  agentRuntimeVersion: string
  status: 'READY'
  /** False: the name was taken, and this is its next version. */
  created: boolean
}

const platformBucket = 'agentworks-deployments'
/** Every platform defines it, whatever account it keeps its resources in. */
const platformRole = 'arn:aws:iam::000000000000:role/AgentworksExecutionRole'

/**
 * Deploys an agent under a name, and resolves when it is READY. A name that is taken gets a new version, which replaces all settings.
 * Throws InvalidCall before anything is done for what no platform would take, PackingFailed for a folder that cannot be packed, and
 * RuntimeNotReady with the platform's reason.
 */
export async function deployAgent(options: DeployAgentOptions): Promise<DeployedAgent> {
  const { name, region, endpoint, credentials, progress = {}, timeoutMs = 120_000 } = options
  const config = { ...(region && { region }), ...(endpoint && { endpoint }), ...(credentials && { credentials }) }
  const control = new BedrockAgentCoreControlClient(config)
  const objects = new S3Client({ ...config, forcePathStyle: true })
  const isFolder = options.containerUri === undefined && options.code !== undefined
  try {
    const { url } = await getEndpointFromInstructions({ agentRuntimeId: name }, GetAgentRuntimeCommand, control.config as never)
    const resources = { ...(isFolder && (await projectResources(folderOf(options)))), ...given(options.resources) }
    checkDeployment({ ...options, resources }, /\.(amazonaws\.com(\.cn)?|api\.aws)$/.test(url.hostname))
    const agentRuntimeArtifact = options.containerUri
      ? { containerConfiguration: { containerUri: options.containerUri } }
      : await codeArtifact(options, { control, objects })
    const settings = {
      agentRuntimeName: name,
      description: options.description,
      agentRuntimeArtifact,
      roleArn: options.roleArn ?? platformRole,
      networkConfiguration: networkOf(options.network),
      protocolConfiguration: { serverProtocol: options.protocol ?? 'HTTP' },
      environmentVariables: options.environment,
      lifecycleConfiguration: options.lifecycle,
      authorizerConfiguration: options.authorizerConfiguration,
      ...(options.requestHeaderAllowlist && { requestHeaderConfiguration: { requestHeaderAllowlist: options.requestHeaderAllowlist } }),
    }
    const { agentRuntimeId, created } = await createOrUpdateRuntime(control, settings, tagsOf(resources))
    const onStatus = (status: string) => {
      progress.step?.(`${name} is ${status}`)
      progress.status?.(status)
    }
    const { agentRuntimeArn = '', agentRuntimeVersion = '' } = await waitUntilReady(control, agentRuntimeId, { timeoutMs, onStatus })
    return { agentRuntimeArn, agentRuntimeId, agentRuntimeVersion, status: 'READY', created }
  } finally {
    control.destroy()
    objects.destroy()
  }
}

interface Clients {
  control: BedrockAgentCoreControlClient
  objects: S3Client
}

async function codeArtifact(options: DeployAgentOptions, { control, objects }: Clients): Promise<AgentRuntimeArtifact> {
  const { name, code, progress = {}, env = process.env } = options
  const named = typeof code === 'string' ? undefined : code?.entryPoint
  const dir = folderOf(options)
  const project = await projectIn(dir, named)
  // Before the work of packing: nothing of it is any use without a platform.
  await findRuntime(control, name)
  const scratch = await mkdtemp(join(tmpdir(), 'agentworks-deploy-'))
  try {
    const step = (text: string) => progress.step?.(text)
    step(`packing ${dir}`)
    const made = await packageAgent({ dir, project, scratch, env, limits: awsLimits, step })
    progress.packed?.(made)
    const place = { bucket: options.bucket ?? platformBucket, isOurs: options.bucket === undefined, name, step }
    const s3 = { bucket: place.bucket, prefix: await uploadOnce(objects, made, place) }
    const entryPoint = project.instrumented ? ['opentelemetry-instrument', project.entryPoint] : [project.entryPoint]
    return { codeConfiguration: { code: { s3 }, runtime: made.runtime, entryPoint } }
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

function folderOf({ code = '.' }: DeployAgentOptions): string {
  return resolve(typeof code === 'string' ? code : code.dir)
}

/** What is left out does not hide what the project file says. */
function given(resources: AgentResources = {}): AgentResources {
  return Object.fromEntries(Object.entries(resources).filter(([, value]) => value !== undefined))
}

function networkOf(network: Deployment['network']) {
  if (network?.networkMode !== 'VPC') return { networkMode: 'PUBLIC' as const }
  const { subnets, securityGroups } = network
  return { networkMode: 'VPC' as const, networkModeConfig: { subnets, securityGroups } }
}
