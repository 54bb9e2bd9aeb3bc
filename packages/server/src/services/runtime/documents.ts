// What the runtime keeps, and under which ids. Times are epoch milliseconds.
import type { ServerProtocol } from '@agentworks/model'
import { formatArn } from '#kernel/arn.js'
import type { Scope } from '#kernel/scope.js'
import { collection } from '#ports/store.js'
import type { VpcIds } from '#ports/vpc-map.js'
import type { JwtAuthorizer } from '#services/identity/index.js'
import type { ContainerImage, PackagedCode } from './artifact.js'
import type { EndpointStatus, VersionStatus } from './states.js'

export interface RuntimeDocument {
  agentRuntimeId: string
  agentRuntimeName: string
  latestVersion: number
  createdAt: number
  /** Set once deletion has begun; nothing undoes it. */
  deleting: boolean
}

/** One immutable version: everything a session needs to start. Only status, code and failureReason move. */
export interface VersionDocument {
  version: number
  status: VersionStatus
  failureReason?: string
  createdAt: number
  lastUpdatedAt: number
  description?: string
  roleArn: string
  code: PackagedCode | ContainerImage
  /** Set before unpacking begins, so that no sweep takes the folder away. */
  codeSha256?: string
  idleRuntimeSessionTimeout: number
  maxLifetime: number
  /** Absent: callers sign. */
  jwtAuthorizer?: JwtAuthorizer
  requestHeaderAllowlist?: string[]
  /** Absent: HTTP, as every version spoke before the others were kept. */
  serverProtocol?: ServerProtocol
  /** Mount paths of the session's storage. */
  storageMounts?: string[]
  /** Sealed: customers put secrets here. */
  sealedEnvironment: string
  requireMMDSV2?: boolean
  /** Versions of before network modes were enforced have none, and mean PUBLIC. */
  networkMode?: 'PUBLIC' | 'VPC'
  /** Of VPC. Versions of before ids meant something have none, and reach the platform alone. */
  vpc?: VpcIds
  platformVersion?: string
}

export interface EndpointDocument {
  name: string
  id: string
  description?: string
  status: EndpointStatus
  failureReason?: string
  createdAt: number
  lastUpdatedAt: number
  liveVersion?: number
  targetVersion: number
}

export const runtimes = collection<RuntimeDocument>('agent-runtimes')
export const runtimeNames = collection<{ agentRuntimeId: string }>('agent-runtime-names')
export const versions = collection<VersionDocument>('agent-runtime-versions')
export const endpoints = collection<EndpointDocument>('agent-runtime-endpoints')

/** Padded, so that byte order is number order. */
export const versionId = (agentRuntimeId: string, version: number) => `${agentRuntimeId}/${String(version).padStart(5, '0')}`
export const endpointId = (agentRuntimeId: string, name: string) => `${agentRuntimeId}/${name}`
export const childrenOf = (agentRuntimeId: string) => `${agentRuntimeId}/`
export const environmentPurpose = 'agent-runtime-environment'
export const defaultEndpoint = 'DEFAULT'

export const runtimeArn = (scope: Scope, agentRuntimeId: string) => formatArn('bedrock-agentcore', scope, `runtime/${agentRuntimeId}`)
export const endpointArn = (scope: Scope, agentRuntimeId: string, name: string) =>
  formatArn('bedrock-agentcore', scope, `runtime/${agentRuntimeId}/runtime-endpoint/${name}`)
