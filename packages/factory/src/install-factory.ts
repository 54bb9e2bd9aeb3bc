// Puts the factory on a platform: both artifacts into a bucket, and the builder as an ordinary runtime. Safe to repeat.

import { createOrUpdateRuntime, findRuntime, type RuntimeSummary, waitUntilReady } from '@agentworks/sdk/agent-runtimes'
import { memoryClient } from '@agentworks/sdk/memory'
import { GetAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { type PlatformAccess, type PlatformClients, platformClients } from '#platform/clients.js'
import { type AgentBundle, agentBundle } from './agent-bundles.js'

const bucket = 'agentworks-factory'
/** Roles that every platform defines, in whatever account it keeps its resources. */
const builderRole = 'AgentworksBuilderRole'
const agentRole = 'AgentworksFactoryAgentRole'
/** That role reaches the memories of this name. */
const memoryName = 'agentworks_factory'

export interface InstalledFactory {
  builderArn: string
  /** What had to be done; empty when everything was there. */
  changes: string[]
}

export async function installFactory({ log = () => {}, ...access }: PlatformAccess & { log?: (line: string) => void }): Promise<InstalledFactory> {
  const clients = platformClients(access)
  try {
    const [builder, generic, existing, memoryId] = await Promise.all([
      agentBundle('builder'),
      agentBundle('generic'),
      findRuntime(clients.control, 'builder'),
      sharedMemory(access),
    ])
    if (existing && (await isCurrent(clients, existing, { builder, generic, memoryId }))) return { builderArn: existing.agentRuntimeArn, changes: [] }
    const changes = await uploadMissing(clients.objects, [builder, generic], log)
    const builderArn = await deployBuilder(clients, { builder, generic, memoryId })
    log('builder agent is ready')
    return { builderArn, changes: [...changes, 'builder'] }
  } finally {
    clients.destroy()
  }
}

interface Bundles {
  builder: AgentBundle
  generic: AgentBundle
  memoryId: string
}

/** All agents of the factory share what their users said, each user's apart: who is told something by one is known to the others. */
async function sharedMemory(access: PlatformAccess): Promise<string> {
  using memories = memoryClient(access)
  const { id = '' } = await memories.createOrGetMemory({
    name: memoryName,
    description: "What users told the factory's agents",
    memoryStrategies: [
      { userPreferenceMemoryStrategy: { name: 'preferences', namespaceTemplates: ['/preferences/{actorId}/'] } },
      { semanticMemoryStrategy: { name: 'facts', namespaceTemplates: ['/facts/{actorId}/'] } },
    ],
  })
  return id
}

/** Artifacts are named by their content: a builder that names both is up to date. */
async function isCurrent({ control, objects }: PlatformClients, existing: RuntimeSummary, { builder, generic, memoryId }: Bundles): Promise<boolean> {
  if (existing.status !== 'READY') return false
  const runtime = await control.send(new GetAgentRuntimeCommand({ agentRuntimeId: existing.agentRuntimeId }))
  const artifact = runtime.agentRuntimeArtifact?.codeConfiguration?.code?.s3
  const { GENERIC_AGENT_S3_KEY, AGENT_MEMORY_ID } = runtime.environmentVariables ?? {}
  if (artifact?.prefix !== builder.key || GENERIC_AGENT_S3_KEY !== generic.key || AGENT_MEMORY_ID !== memoryId) return false
  return hasObject(objects, generic.key)
}

async function uploadMissing(objects: S3Client, bundles: AgentBundle[], log: (line: string) => void): Promise<string[]> {
  await objects.send(new CreateBucketCommand({ Bucket: bucket })).catch(unlessOwned)
  const changes: string[] = []
  for (const bundle of bundles) {
    if (await hasObject(objects, bundle.key)) continue
    const Body = await bundle.zip()
    await objects.send(new PutObjectCommand({ Bucket: bucket, Key: bundle.key, Body, ContentType: 'application/zip' }))
    log(`uploaded the ${bundle.name} agent (${(Body.length / 1e6).toFixed(1)} MB)`)
    changes.push(bundle.key)
  }
  return changes
}

async function deployBuilder({ control, identity }: PlatformClients, { builder, generic, memoryId }: Bundles): Promise<string> {
  const { Account = '000000000000' } = await identity.send(new GetCallerIdentityCommand({}))
  const role = (name: string) => `arn:aws:iam::${Account}:role/${name}`
  const { agentRuntimeId } = await createOrUpdateRuntime(control, {
    agentRuntimeName: 'builder',
    description: 'Makes agents from plain words',
    agentRuntimeArtifact: { codeConfiguration: { code: { s3: { bucket, prefix: builder.key } }, runtime: 'NODE_22', entryPoint: ['main.mjs'] } },
    roleArn: role(builderRole),
    networkConfiguration: { networkMode: 'PUBLIC' },
    protocolConfiguration: { serverProtocol: 'HTTP' },
    environmentVariables: {
      GENERIC_AGENT_S3_BUCKET: bucket,
      GENERIC_AGENT_S3_KEY: generic.key,
      AGENT_ROLE_ARN: role(agentRole),
      AGENT_MEMORY_ID: memoryId,
    },
  })
  const runtime = await waitUntilReady(control, agentRuntimeId)
  return runtime.agentRuntimeArn ?? ''
}

async function hasObject(objects: S3Client, key: string): Promise<boolean> {
  try {
    await objects.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))
    return true
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return false
    throw error
  }
}

function unlessOwned(error: unknown): void {
  if (!(error instanceof S3ServiceException) || !['BucketAlreadyOwnedByYou', 'BucketAlreadyExists'].includes(error.name)) throw error
}
