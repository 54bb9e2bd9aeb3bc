// One session: what it is, how it begins and shows, and when it counts as active.
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import { move } from '#kernel/moves.js'
import type { Scope } from '#kernel/scope.js'
import type { AgentLink } from '#ports/agent-link.js'
import type { Instance, InstanceLimits, InstanceStorage, IsolationLevel, Reach } from '#ports/sandbox.js'
import { withOwnHeaders } from './header-allowlist.js'
import { sandboxFor } from './launcher.js'
import type { Health } from './ping.js'
import type { RuntimeWorld } from './ports.js'
import { type AgentProtocol, protocolOf } from './protocols/index.js'
import { type SessionState, sessionMoves } from './states.js'
import type { Target } from './target.js'

export interface Session {
  readonly scope: Scope
  readonly agentRuntimeId: string
  /** Set once more when an instance of the warm pool is assigned; until then it is the instance's own name. */
  runtimeSessionId: string
  readonly version: number
  readonly instanceId: string
  readonly isolation: IsolationLevel
  readonly limits: InstanceLimits
  /** AWS counts the maximum lifetime from here. */
  readonly instanceStartedAt: number
  startedAt: number
  readonly idleTimeoutMs: number
  readonly maxLifetimeMs: number
  /** The runtime's allow-list and the protocol's own headers. */
  readonly passedHeaders: readonly string[]
  readonly protocol: AgentProtocol
  state: SessionState
  inFlight: number
  /** Of those in flight: only the frames that pass through them keep the session. */
  webSockets: number
  lastActivityAt: number
  health: Health
  /** Set when its version has storage and it has been opened. */
  storage: InstanceStorage | undefined
  /** Set once the instance runs: how far it reaches now. */
  reach: (() => Reach) | undefined
  /** Set once the instance runs: where a thread answers for an agent whose loop is blocked, if one does. */
  standIn: (() => Promise<string | undefined> | undefined) | undefined
  /** Set once the agent has answered. */
  link: AgentLink | undefined
  execute: Instance['execute'] | undefined
  stopInstance: ((graceMs: number) => Promise<void>) | undefined
  /** Aborts when the session stops: whatever streams through it is cut. */
  readonly ending: AbortController
  /** Resolves when the instance is gone and everything lent to it is taken back. */
  readonly ended: Promise<void>
  readonly markEnded: () => void
}

export interface SessionView {
  runtimeSessionId: string
  agentRuntimeId: string
  version: string
  state: SessionState
  isolation: IsolationLevel
  /** What its instance may use of the host. */
  cpus: number
  memoryMb: number
  /** How far its network reaches, and why that is not what its networkMode says. Absent while it starts. */
  network?: Reach['to']
  networkOpen?: Reach['open']
  networkInstead?: Reach['instead']
  startedAt: string
  idleSeconds: number
  /** The last answer to `/ping`; absent before the first. */
  ping?: { status: Health['status']; changedAt: string; answerAgeSeconds: number }
}

export const newInstanceId = (ids: Ids) => ids.alphanumeric(12).toLowerCase()

/** A session whose instance is to be started. */
export function newSession(
  world: Pick<RuntimeWorld, 'sandbox' | 'containers' | 'clock'>,
  scope: Scope,
  { runtime, version }: Target,
  { runtimeSessionId, instanceId, limits }: Pick<Session, 'runtimeSessionId' | 'instanceId' | 'limits'>,
): Session {
  const now = world.clock.now()
  const protocol = protocolOf(version)
  const { promise: ended, resolve: markEnded } = Promise.withResolvers<void>()
  return {
    scope: { account: scope.account, region: scope.region },
    agentRuntimeId: runtime.agentRuntimeId,
    runtimeSessionId,
    version: version.version,
    instanceId,
    isolation: sandboxFor(world, version.code).level,
    limits,
    instanceStartedAt: now,
    startedAt: now,
    idleTimeoutMs: version.idleRuntimeSessionTimeout * 1000,
    maxLifetimeMs: version.maxLifetime * 1000,
    passedHeaders: withOwnHeaders(version.requestHeaderAllowlist, protocol.ownHeaders),
    protocol,
    state: 'STARTING',
    inFlight: 0,
    webSockets: 0,
    lastActivityAt: now,
    health: { status: 'Healthy', changedAt: now, answeredAt: undefined, silentSince: undefined },
    storage: undefined,
    reach: undefined,
    standIn: undefined,
    link: undefined,
    execute: undefined,
    stopInstance: undefined,
    ending: new AbortController(),
    ended,
    markEnded,
  }
}

/** Sessions that run, by runtime and id. */
export type LiveSessions = Map<string, Session>

export const countOf = (live: LiveSessions, agentRuntimeId: string) =>
  [...live.values()].reduce((count, session) => count + (session.agentRuntimeId === agentRuntimeId ? 1 : 0), 0)

export const keyOf = (agentRuntimeId: string, runtimeSessionId: string) => `${agentRuntimeId}/${runtimeSessionId}`

/** What a line of the log says of a session. */
export const named = ({ agentRuntimeId, runtimeSessionId, instanceId, version }: Session) => ({
  agentRuntimeId,
  runtimeSessionId,
  instanceId,
  version,
})

/** AWS: a session is active while it processes a request or while its agent says HealthyBusy (runtime-sessions). */
export function settleState(session: Session): void {
  if (session.state !== 'IDLE' && session.state !== 'ACTIVE') return
  const now = session.inFlight > 0 || session.health.status === 'HealthyBusy' ? 'ACTIVE' : 'IDLE'
  if (session.state !== now) session.state = move(sessionMoves, session.instanceId, session.state, now)
}

export function viewOf(session: Session, clock: Pick<Clock, 'now'>): SessionView {
  const reach = session.reach?.()
  const { status, changedAt, answeredAt } = session.health
  const secondsSince = (at: number) => Math.floor(Math.max(0, clock.now() - at) / 1000)
  return {
    runtimeSessionId: session.runtimeSessionId,
    agentRuntimeId: session.agentRuntimeId,
    version: String(session.version),
    state: session.state,
    isolation: session.isolation,
    cpus: session.limits.cpus,
    memoryMb: Math.round(session.limits.memoryBytes / 2 ** 20),
    network: reach?.to,
    networkOpen: reach?.open,
    networkInstead: reach?.instead,
    startedAt: new Date(session.startedAt).toISOString(),
    idleSeconds: session.state === 'IDLE' ? secondsSince(session.lastActivityAt) : 0,
    ping: answeredAt === undefined ? undefined : { status, changedAt: new Date(changedAt).toISOString(), answerAgeSeconds: secondsSince(answeredAt) },
  }
}
