// The sessions that run: one instance for each session id, started on demand, kept while it is used.

import { quotaExceeded, ServiceError } from '#kernel/errors.js'
import { move } from '#kernel/moves.js'
import type { Scope } from '#kernel/scope.js'
import type { AgentLink } from '#ports/agent-link.js'
import type { IsolationLevel } from '#ports/sandbox.js'
import { collection } from '#ports/store.js'
import { bootInstance } from './boot-instance.js'
import { watchHealth } from './health.js'
import { stopGraceMs } from './limits.js'
import type { RuntimeWorld } from './ports.js'
import { type SessionState, sessionMoves } from './states.js'
import type { Target } from './target.js'

/** Kept so that a start after a crash can name what ran, and so that replicas will know each other's sessions. */
interface SessionDocument {
  instanceId: string
  version: number
  startedAt: number
  /** The platform process that runs it; its lock on the data folder is the lease. */
  owner: string
}

const sessionRows = collection<SessionDocument>('sessions')

export interface Session {
  readonly scope: Scope
  readonly agentRuntimeId: string
  readonly runtimeSessionId: string
  readonly version: number
  readonly instanceId: string
  readonly isolation: IsolationLevel
  readonly startedAt: number
  readonly idleTimeoutMs: number
  readonly maxLifetimeMs: number
  readonly requestHeaderAllowlist: string[] | undefined
  state: SessionState
  inFlight: number
  lastActivityAt: number
  /** Set once the agent has answered. */
  link: AgentLink | undefined
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
  startedAt: string
  idleSeconds: number
}

export interface Sessions {
  /** The running session, or a new one; counts as in use until `leave`. */
  enter(scope: Scope, target: Target, runtimeSessionId: string): Promise<Session>
  leave(session: Session): void
  find(agentRuntimeId: string, runtimeSessionId: string): Session | undefined
  stop(session: Session, reason: string): Promise<void>
  /** Every running session with this id, of one runtime or of all; how many there were. */
  stopById(runtimeSessionId: string, agentRuntimeId: string | undefined): Promise<number>
  stopAll(agentRuntimeId: string | undefined, reason: string): Promise<void>
  runsVersion(agentRuntimeId: string, version: number): boolean
  list(): SessionView[]
  /** Names and forgets what an earlier platform process left behind. */
  recover(): Promise<void>
}

const keyOf = (agentRuntimeId: string, runtimeSessionId: string) => `${agentRuntimeId}/${runtimeSessionId}`

export function sessions(world: RuntimeWorld): Sessions {
  const { store, sandbox, clock, ids, log, config } = world
  const live = new Map<string, Session>()

  function open(scope: Scope, { runtime, version }: Target, runtimeSessionId: string): Session {
    if (live.size >= config.maxSessions)
      throw quotaExceeded(
        `${live.size} sessions run, which is the limit of this platform. Stop one, or start the platform with a higher AGENTWORKS_MAX_SESSIONS.`,
      )
    const now = clock.now()
    const { promise: ended, resolve: markEnded } = Promise.withResolvers<void>()
    const session: Session = {
      scope: { account: scope.account, region: scope.region },
      agentRuntimeId: runtime.agentRuntimeId,
      runtimeSessionId,
      version: version.version,
      instanceId: ids.alphanumeric(12).toLowerCase(),
      isolation: sandbox.level,
      startedAt: now,
      idleTimeoutMs: version.idleRuntimeSessionTimeout * 1000,
      maxLifetimeMs: version.maxLifetime * 1000,
      requestHeaderAllowlist: version.requestHeaderAllowlist,
      state: 'STARTING',
      inFlight: 0,
      lastActivityAt: now,
      link: undefined,
      stopInstance: undefined,
      ending: new AbortController(),
      ended,
      markEnded,
    }
    live.set(keyOf(session.agentRuntimeId, runtimeSessionId), session)
    return session
  }

  async function start(session: Session, target: Target): Promise<void> {
    const recorded = record(session)
    // Awaited below; until then a full disk must not count as a rejection that nobody hears.
    recorded.catch(() => undefined)
    try {
      const instance = await bootInstance(world, session, target)
      session.stopInstance = instance.stop
      void instance.released.then(() => close(session, recorded))
      // Who stopped the session while its sandbox was set up could not reach the instance yet.
      if (session.ending.signal.aborted) await instance.stop(stopGraceMs)
      session.link = await instance.answered
      await recorded
      session.lastActivityAt = clock.now()
      session.state = move(sessionMoves, session.instanceId, session.state, 'IDLE')
      watchHealth(world, session, (reason) => {
        stop(session, reason).catch((fault: unknown) => log.error('session could not be stopped', { ...named(session), error: messageOf(fault) }))
      })
      log.info('session started', { ...named(session), isolation: session.isolation, ms: clock.now() - session.startedAt })
    } catch (fault) {
      if (session.stopInstance) await stop(session, 'start failed')
      else await close(session, recorded)
      throw fault
    }
  }

  async function record({ scope, agentRuntimeId, runtimeSessionId, instanceId, version, startedAt }: Session): Promise<void> {
    await store.transaction((tx) =>
      tx.put(sessionRows, scope, keyOf(agentRuntimeId, runtimeSessionId), { instanceId, version, startedAt, owner: config.platformId }),
    )
  }

  /** Never rejects, and whatever the store says the session is gone afterwards: its process is. */
  async function close(session: Session, recorded: Promise<void>) {
    if (session.state === 'STOPPED') return
    session.state = move(sessionMoves, session.instanceId, session.state, 'STOPPED')
    session.ending.abort(new Error('the session ended'))
    session.link?.close()
    const key = keyOf(session.agentRuntimeId, session.runtimeSessionId)
    try {
      await recorded.catch(() => undefined)
      await store.transaction((tx) => tx.delete(sessionRows, session.scope, key))
    } catch (fault) {
      log.error('the row of an ended session stays until the next start', { ...named(session), error: messageOf(fault) })
    }
    live.delete(key)
    log.info('session ended', named(session))
    session.markEnded()
  }

  async function stop(session: Session, reason: string): Promise<void> {
    if (session.state === 'STOPPED') return
    if (session.state !== 'STOPPING') {
      session.state = move(sessionMoves, session.instanceId, session.state, 'STOPPING')
      log.info('session stopping', { ...named(session), reason })
      session.ending.abort(new Error(reason))
    }
    await session.stopInstance?.(stopGraceMs)
    await session.ended
  }

  return {
    async enter(scope, target, runtimeSessionId) {
      let session = live.get(keyOf(target.runtime.agentRuntimeId, runtimeSessionId))
      if (session?.state === 'STARTING' || session?.state === 'STOPPING') throw moving(session)
      if (!session) {
        session = open(scope, target, runtimeSessionId)
        await start(session, target)
      }
      session.inFlight += 1
      if (session.state === 'IDLE') session.state = move(sessionMoves, session.instanceId, session.state, 'ACTIVE')
      return session
    },

    leave(session) {
      session.inFlight -= 1
      session.lastActivityAt = clock.now()
      if (session.inFlight === 0 && session.state === 'ACTIVE') session.state = move(sessionMoves, session.instanceId, session.state, 'IDLE')
    },

    find: (agentRuntimeId, runtimeSessionId) => live.get(keyOf(agentRuntimeId, runtimeSessionId)),
    stop,

    async stopById(runtimeSessionId, agentRuntimeId) {
      const chosen = [...live.values()].filter(
        (session) => session.runtimeSessionId === runtimeSessionId && (agentRuntimeId === undefined || session.agentRuntimeId === agentRuntimeId),
      )
      await Promise.all(chosen.map((session) => stop(session, 'stopped by the operator')))
      return chosen.length
    },

    async stopAll(agentRuntimeId, reason) {
      const chosen = [...live.values()].filter((session) => agentRuntimeId === undefined || session.agentRuntimeId === agentRuntimeId)
      await Promise.all(chosen.map((session) => stop(session, reason)))
    },

    runsVersion: (agentRuntimeId, version) =>
      [...live.values()].some((session) => session.agentRuntimeId === agentRuntimeId && session.version === version),

    list: () =>
      [...live.values()].map((session) => ({
        runtimeSessionId: session.runtimeSessionId,
        agentRuntimeId: session.agentRuntimeId,
        version: String(session.version),
        state: session.state,
        isolation: session.isolation,
        startedAt: new Date(session.startedAt).toISOString(),
        idleSeconds: session.state === 'IDLE' ? Math.floor((clock.now() - session.lastActivityAt) / 1000) : 0,
      })),

    async recover() {
      const left = await store.all(sessionRows)
      if (left.length === 0) return
      await store.transaction(async (tx) => {
        for (const row of left) await tx.delete(sessionRows, row, row.id)
      })
      log.warn('sessions ended with the platform process that ran them', { count: left.length })
      for (const row of left) log.debug('session ended with its platform process', { session: row.id, instanceId: row.document.instanceId })
    },
  }
}

const named = ({ agentRuntimeId, runtimeSessionId, instanceId, version }: Session) => ({ agentRuntimeId, runtimeSessionId, instanceId, version })

const messageOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault))

function moving({ runtimeSessionId, state }: Session): ServiceError {
  return new ServiceError(
    'RetryableConflictException',
    `Session ${runtimeSessionId} is ${state === 'STARTING' ? 'being started' : 'being stopped'} by another call. Retry in a moment.`,
  )
}
