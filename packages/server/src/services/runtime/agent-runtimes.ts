// Agent runtimes: create, get, update, list, delete. What happens after the acknowledgement is in provisioning.ts.
import type {
  CreateAgentRuntimeRequest,
  CreateAgentRuntimeResponse,
  DeleteAgentRuntimeRequest,
  DeleteAgentRuntimeResponse,
  GetAgentRuntimeRequest,
  GetAgentRuntimeResponse,
  ListAgentRuntimesRequest,
  ListAgentRuntimesResponse,
  UpdateAgentRuntimeRequest,
  UpdateAgentRuntimeResponse,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { conflict, invalid, PortError, quotaExceeded, unsupportedMember } from '#kernel/errors.js'
import { decodePageToken, encodePageToken } from '#kernel/paging.js'
import type { Scope } from '#kernel/scope.js'
import type { Transaction } from '#ports/store.js'
import type { VpcIds } from '#ports/vpc-map.js'
import { answerBefore, once } from '#services/idempotency/index.js'
import { putTags } from '#services/tags/index.js'
import { deleteVersion } from './agent-runtime-versions.js'
import { isImage, type PackagedCode } from './artifact.js'
import {
  defaultEndpoint,
  endpointId,
  endpoints,
  type RuntimeDocument,
  runtimeArn,
  runtimeNames,
  runtimes,
  type VersionDocument,
  versionId,
  versions,
} from './documents.js'
import { findRuntime, findVersion, parseVersion } from './find.js'
import { sandboxFor } from './launcher.js'
import { agentRuntimesPerAccount, versionsPerRuntime } from './limits.js'
import type { RuntimePorts } from './ports.js'
import { presentRuntime, presentSummary } from './present.js'
import { resourcesIn } from './resources.js'
import { settingsOf } from './settings.js'
import { giveIdentity, identityDetails } from './workload-identity.js'

export function agentRuntimes(ports: RuntimePorts) {
  const { store, clock, ids, sealer, authorizer, passing, artifacts, provisioning } = ports

  /** `agentRuntimeId`: of one that is not created yet, its name. */
  async function checkBeforeCreating(ctx: Context, agentRuntimeId: string, input: CreateAgentRuntimeRequest | UpdateAgentRuntimeRequest) {
    passing.passRole(ctx.caller, { roleArn: input.roleArn, member: 'roleArn', sourceArn: runtimeArn(ctx, agentRuntimeId) }, ctx)
    const settings = settingsOf(input, sealer)
    if (settings.vpc) await checkVpc(settings.vpc)
    const { takesStorage, level } = sandboxFor(ports, settings.code)
    if (settings.storageMounts && !takesStorage)
      throw unsupportedMember(
        'filesystemConfigurations',
        `sessions at level ${level} have no storage of their own; \`agentworks doctor\` names what is missing.`,
      )
    if (!isImage(settings.code)) await checkPackage(ctx, settings.code)
    return settings
  }

  /** An id that the operator has given no meaning is refused, with the line to add: closed by accident would be found out much later. */
  async function checkVpc(vpc: VpcIds) {
    await ports.vpcMap.meaningOf(vpc).catch((fault: unknown) => {
      if (fault instanceof PortError) throw invalid('networkConfiguration.networkModeConfig', fault.message)
      throw fault
    })
  }

  async function checkPackage(ctx: Context, { bucket, key }: PackagedCode) {
    // The platform reads the package for the caller, so the caller must be allowed to.
    authorizer.authorize(ctx.caller, 's3:GetObject', `arn:aws:s3:::${bucket}/${key}`, ctx)
    if (!(await artifacts.locate(ctx, bucket, key)))
      throw invalid('agentRuntimeArtifact.codeConfiguration.code.s3', `there is no object s3://${bucket}/${key}; upload the package first`)
  }

  return {
    async CreateAgentRuntime(ctx: Context, input: CreateAgentRuntimeRequest): Promise<CreateAgentRuntimeResponse> {
      const before = await answerBefore<CreateAgentRuntimeResponse>(store, ctx, { operation: 'CreateAgentRuntime', input }, clock)
      if (before) return before.output
      const settings = await checkBeforeCreating(ctx, input.agentRuntimeName, input)
      const now = clock.now()
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'CreateAgentRuntime', input }, clock, async () => {
          const agentRuntimeId = `${input.agentRuntimeName}-${ids.alphanumeric(10)}`
          await takeName(tx, ctx, input.agentRuntimeName, agentRuntimeId)
          const version: VersionDocument = { ...settings, version: 1, status: 'CREATING', createdAt: now, lastUpdatedAt: now }
          await tx.put(runtimes, ctx, agentRuntimeId, {
            agentRuntimeId,
            agentRuntimeName: input.agentRuntimeName,
            latestVersion: 1,
            createdAt: now,
            deleting: false,
          })
          await tx.put(versions, ctx, versionId(agentRuntimeId, 1), version)
          await tx.put(endpoints, ctx, endpointId(agentRuntimeId, defaultEndpoint), {
            name: defaultEndpoint,
            id: ids.alphanumeric(10),
            status: 'CREATING',
            createdAt: now,
            lastUpdatedAt: now,
            targetVersion: 1,
          })
          const arn = runtimeArn(ctx, agentRuntimeId)
          resourcesIn(input.tags)
          await giveIdentity(tx, { clock, ids }, ctx, agentRuntimeId)
          await putTags(tx, ctx, arn, input.tags)
          return {
            agentRuntimeArn: arn,
            workloadIdentityDetails: identityDetails(ctx, agentRuntimeId),
            agentRuntimeId,
            agentRuntimeVersion: '1',
            createdAt: now,
            status: 'CREATING' as const,
          }
        }),
      )
      provisioning.begin(ctx, output.agentRuntimeId, 1)
      return output
    },

    async GetAgentRuntime(ctx: Context, { agentRuntimeId, agentRuntimeVersion }: GetAgentRuntimeRequest): Promise<GetAgentRuntimeResponse> {
      const runtime = await findRuntime(store, ctx, agentRuntimeId)
      const version = await findVersion(store, ctx, agentRuntimeId, parseVersion(agentRuntimeVersion) ?? runtime.latestVersion)
      return presentRuntime(ctx, runtime, version, sealer)
    },

    async UpdateAgentRuntime(ctx: Context, input: UpdateAgentRuntimeRequest): Promise<UpdateAgentRuntimeResponse> {
      const { agentRuntimeId } = input
      const before = await answerBefore<UpdateAgentRuntimeResponse>(store, ctx, { operation: 'UpdateAgentRuntime', input }, clock)
      if (before) return before.output
      await findRuntime(store, ctx, agentRuntimeId)
      const settings = await checkBeforeCreating(ctx, agentRuntimeId, input)
      const now = clock.now()
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'UpdateAgentRuntime', input }, clock, async () => {
          const runtime = await findRuntime(tx, ctx, agentRuntimeId)
          refuseWhileMoving(runtime, await findVersion(tx, ctx, agentRuntimeId, runtime.latestVersion))
          const number = runtime.latestVersion + 1
          if (number > versionsPerRuntime)
            throw quotaExceeded(`Runtime ${agentRuntimeId} has ${versionsPerRuntime} versions, which is the limit. Create a new runtime.`)
          await tx.put(versions, ctx, versionId(agentRuntimeId, number), {
            ...settings,
            version: number,
            status: 'UPDATING',
            createdAt: now,
            lastUpdatedAt: now,
          })
          await tx.put(runtimes, ctx, agentRuntimeId, { ...runtime, latestVersion: number })
          return {
            agentRuntimeArn: runtimeArn(ctx, agentRuntimeId),
            workloadIdentityDetails: identityDetails(ctx, agentRuntimeId),
            agentRuntimeId,
            agentRuntimeVersion: String(number),
            createdAt: runtime.createdAt,
            lastUpdatedAt: now,
            status: 'UPDATING' as const,
          }
        }),
      )
      provisioning.begin(ctx, agentRuntimeId, Number(output.agentRuntimeVersion))
      return output
    },

    async ListAgentRuntimes(ctx: Context, { maxResults = 100, nextToken }: ListAgentRuntimesRequest): Promise<ListAgentRuntimesResponse> {
      const rows = await store.list(runtimes, ctx, { after: decodePageToken(nextToken), limit: maxResults + 1 })
      const page = rows.slice(0, maxResults)
      const summaries = page.map(async ({ document }) =>
        presentSummary(ctx, document, await findVersion(store, ctx, document.agentRuntimeId, document.latestVersion)),
      )
      return {
        agentRuntimes: await Promise.all(summaries),
        nextToken: rows.length > maxResults ? encodePageToken(page.at(-1)?.id ?? '') : undefined,
      }
    },

    async DeleteAgentRuntime(ctx: Context, input: DeleteAgentRuntimeRequest): Promise<DeleteAgentRuntimeResponse> {
      const { agentRuntimeId, agentRuntimeVersion } = input
      if (agentRuntimeVersion !== undefined) return deleteVersion(ports, ctx, input, agentRuntimeVersion)
      const output = await store.transaction((tx) =>
        once(tx, ctx, { operation: 'DeleteAgentRuntime', input }, clock, async () => {
          const runtime = await findRuntime(tx, ctx, agentRuntimeId)
          await tx.put(runtimes, ctx, agentRuntimeId, { ...runtime, deleting: true })
          return { status: 'DELETING' as const, agentRuntimeId }
        }),
      )
      provisioning.beginDeletion(ctx, agentRuntimeId)
      return output
    },
  }
}

async function takeName(tx: Transaction, scope: Scope, name: string, agentRuntimeId: string) {
  if (!(await tx.insert(runtimeNames, scope, name, { agentRuntimeId }))) {
    throw conflict(`An agent runtime named ${name} exists already. Choose another name, or update that one with UpdateAgentRuntime.`)
  }
  const count = (await tx.list(runtimeNames, scope, { limit: agentRuntimesPerAccount + 1 })).length
  if (count > agentRuntimesPerAccount)
    throw quotaExceeded(`There are ${agentRuntimesPerAccount} agent runtimes, which is the limit. Delete one first.`)
}

function refuseWhileMoving(runtime: RuntimeDocument, latest: VersionDocument) {
  const status = runtime.deleting ? 'DELETING' : latest.status
  if (status === 'DELETING' || status === 'CREATING' || status === 'UPDATING') {
    throw conflict(`Agent runtime ${runtime.agentRuntimeId} is ${status}. Wait until it is READY, then send the call again.`)
  }
}
