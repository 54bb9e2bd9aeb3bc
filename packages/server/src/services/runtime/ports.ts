// What the runtime needs from the world. main.ts fills it in.
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { Scope } from '#kernel/scope.js'
import type { AgentLink } from '#ports/agent-link.js'
import type { AgentLogs } from '#ports/agent-logs.js'
import type { Authorizer } from '#ports/callers.js'
import type { CodePackages } from '#ports/code-packages.js'
import type { Images } from '#ports/images.js'
import type { Interpreters } from '#ports/interpreters.js'
import type { ImageProgram, InstanceLimits, Sandbox } from '#ports/sandbox.js'
import type { Sealer } from '#ports/sealer.js'
import type { SessionStorage } from '#ports/session-storage.js'
import type { Store } from '#ports/store.js'
import type { Log } from '#ports/telemetry.js'
import type { VpcMap } from '#ports/vpc-map.js'
import type { ConnectWebSocket } from '#ports/web-socket.js'
import type { JwtVerifier, OpenResourcePolicies, RolePassing, SessionAccessKeys } from '#services/identity/index.js'
import type { Provisioning } from './provisioning.js'
import type { SessionVolumes } from './session-volumes.js'
import type { Sessions } from './sessions.js'
import type { WarmPool } from './warm-pool.js'
import type { WorkloadHeaders } from './workload-identity.js'

/** An object of a bucket, as the artifacts room finds it. */
export interface LocatedArtifact {
  path: string
  size: number
  sha256: string
}

export interface RuntimeWorld {
  store: Store
  sealer: Sealer
  clock: Clock
  ids: Ids
  log: Log
  authorizer: Authorizer
  passing: RolePassing
  /** Those of runtimes and endpoints go with them. */
  resourcePolicies: Pick<OpenResourcePolicies, 'remove' | 'forget'>
  accessKeys: SessionAccessKeys
  jwtVerifier: JwtVerifier
  artifacts: { locate(scope: Scope, bucket: string, key: string): Promise<LocatedArtifact | undefined> }
  codePackages: CodePackages
  interpreters: Interpreters
  sandbox: Sandbox
  vpcMap: VpcMap
  sessionStorage: SessionStorage
  /** For versions that are images: their own sandbox, and the store that they lie in. */
  containers: { sandbox: Sandbox<ImageProgram>; images: Images }
  agentLogs: AgentLogs
  /** HTTP to the agent behind a sandbox's unix socket. */
  agentLink(socketPath: string): AgentLink
  connectWebSocket: ConnectWebSocket
  /** Opens the listener through which one session's agent reaches the platform. */
  openSessionListener(socketPath: string, instanceId: string): Promise<{ close(): Promise<void> }>
  /** The platform's own URL, known once it listens. */
  platformUrl(): string
  config: RuntimeConfig
}

export interface RuntimeConfig {
  /** Where a runtime is that a caller without a signature names by its id alone. */
  account: string
  region: string
  maxSessions: number
  /** Absent: as many as the host bears. */
  newSessionsPerSecond?: number
  requestsPerSecond?: number
  /** Absent: AWS's. */
  sessionLimits?: InstanceLimits
  /** Instances that wait for new sessions of each runtime that does not say how many; absent: none. */
  warmInstances?: number
  /** Instances that wait at once, of all runtimes together; absent: as `limits.ts` says. */
  maxWarmInstances?: number
  startMs: number
  pingEveryMs: number
  /** Names this platform process in session rows. */
  platformId: string
}

export interface RuntimePorts extends RuntimeWorld {
  provisioning: Provisioning
  sessions: Sessions
  volumes: SessionVolumes
  pool: WarmPool
  workloadHeaders: WorkloadHeaders
}
