// The one place where stored documents become AWS's shapes.
import type { AgentRuntime, AgentRuntimeEndpoint, GetAgentRuntimeResponse } from '@agentworks/model'
import type { Scope } from '#kernel/scope.js'
import type { Sealer } from '#ports/sealer.js'
import { presentJwtAuthorizer } from '#services/identity/index.js'
import { presentArtifact } from './artifact.js'
import { type EndpointDocument, endpointArn, environmentPurpose, type RuntimeDocument, runtimeArn, type VersionDocument } from './documents.js'
import { protocolOf } from './protocols/index.js'
import { identityDetails } from './workload-identity.js'

const statusOf = (runtime: RuntimeDocument, version: VersionDocument) => (runtime.deleting ? ('DELETING' as const) : version.status)

export function environmentOf(version: VersionDocument, sealer: Sealer): Record<string, string> {
  return JSON.parse(sealer.open(version.sealedEnvironment, environmentPurpose)) as Record<string, string>
}

export function presentRuntime(scope: Scope, runtime: RuntimeDocument, version: VersionDocument, sealer: Sealer): GetAgentRuntimeResponse {
  return {
    agentRuntimeArn: runtimeArn(scope, runtime.agentRuntimeId),
    agentRuntimeId: runtime.agentRuntimeId,
    agentRuntimeName: runtime.agentRuntimeName,
    agentRuntimeVersion: String(version.version),
    status: statusOf(runtime, version),
    failureReason: version.failureReason,
    createdAt: runtime.createdAt,
    lastUpdatedAt: version.lastUpdatedAt,
    workloadIdentityDetails: identityDetails(scope, runtime.agentRuntimeId),
    description: version.description,
    roleArn: version.roleArn,
    agentRuntimeArtifact: presentArtifact(version.code),
    networkConfiguration: {
      networkMode: version.networkMode ?? 'PUBLIC',
      networkModeConfig: version.vpc && { subnets: [...version.vpc.subnets], securityGroups: [...version.vpc.securityGroups] },
    },
    protocolConfiguration: { serverProtocol: protocolOf(version).serverProtocol },
    lifecycleConfiguration: { idleRuntimeSessionTimeout: version.idleRuntimeSessionTimeout, maxLifetime: version.maxLifetime },
    environmentVariables: environmentOf(version, sealer),
    authorizerConfiguration: version.jwtAuthorizer && presentJwtAuthorizer(version.jwtAuthorizer),
    requestHeaderConfiguration: version.requestHeaderAllowlist && { requestHeaderAllowlist: version.requestHeaderAllowlist },
    filesystemConfigurations: version.storageMounts?.map((mountPath) => ({ sessionStorage: { mountPath } })),
    metadataConfiguration: version.requireMMDSV2 === undefined ? undefined : { requireMMDSV2: version.requireMMDSV2 },
    platformVersion: version.platformVersion,
  }
}

export function presentSummary(scope: Scope, runtime: RuntimeDocument, version: VersionDocument): AgentRuntime {
  return {
    agentRuntimeArn: runtimeArn(scope, runtime.agentRuntimeId),
    agentRuntimeId: runtime.agentRuntimeId,
    agentRuntimeName: runtime.agentRuntimeName,
    agentRuntimeVersion: String(version.version),
    // Required by the model even where the runtime has none.
    description: version.description ?? '',
    lastUpdatedAt: version.lastUpdatedAt,
    status: statusOf(runtime, version),
  }
}

export function presentEndpoint(scope: Scope, agentRuntimeId: string, endpoint: EndpointDocument): AgentRuntimeEndpoint {
  return {
    name: endpoint.name,
    id: endpoint.id,
    agentRuntimeArn: runtimeArn(scope, agentRuntimeId),
    agentRuntimeEndpointArn: endpointArn(scope, agentRuntimeId, endpoint.name),
    status: endpoint.status,
    createdAt: endpoint.createdAt,
    lastUpdatedAt: endpoint.lastUpdatedAt,
    liveVersion: endpoint.liveVersion === undefined ? undefined : String(endpoint.liveVersion),
    targetVersion: String(endpoint.targetVersion),
    description: endpoint.description,
  }
}
