// The sessions that run: one instance for each session id, started on demand, kept while it is used.

import { quotaExceeded, ServiceError } from '#kernel/errors.js'
import { move } from '#kernel/moves.js'
import type { Scope } from '#kernel/scope.js'
import { collection } from '#ports/store.js'
import { bootInstance } from './boot-instance.js'
import { withOwnHeaders } from './header-allowlist.js'
import { watchHealth } from './health.js'
import { sandboxFor } from './launcher.js'
import { stopGraceMs } from './limits.js'
import type { RuntimeWorld } from './ports.js'
import { protocolOf } from './protocols/index.js'
import { rateLimit } from './rate-limit.js'
import { keyOf, named, type Session, type SessionView, settleState, viewOf } from './session.js'
import type { SessionVolumes } from './session-volumes.js'
import { sessionMoves } from './states.js'
import type { Target } from './target.js'
import { watchStorage } from './watch-storage.js'

/** Kept so that a start after a crash can name what ran, and so that replicas will know each other's sessions. */
interface SessionDocument {
  instanceId: string
  version: number
  startedAt: number
  /** The platform process that runs it; its lock on the data folder is the lease. */
  owner: string
}

const sessionRows = collection<SessionDocument>('sessions')

export type { Session, SessionView } from './session.js'

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

export function sessions(world: RuntimeWorld, volumes: SessionVolumes): Sessions {
  const { store, clock, ids, log, config } = world
  const live = new Map<string, Session>()
  const requests = rateLimit(clock, config.requestsPerSecond, 'requests to agents', 'AGENTWORKS_REQUESTS_PER_SECOND')
  const newSessions = rateLimit(clock, config.newSessionsPerSecond, 'new sessions', 'AGENTWORKS_NEW_SESSIONS_PER_SECOND')

  function open(scope: Scope, { runtime, version }: Target, runtimeSessionId: string): Session {
    if (live.size >= config.maxSessions)
      throw quotaExceeded(
        `${live.size} sessions run, which is the limit of this platform. Stop one, or start the platform with a higher AGENTWORKS_MAX_SESSIONS.`,
      )
    newSessions.take()
    const now = clock.now()
    const protocol = protocolOf(version)
    const { promise: ended, resolve: markEnded } = Promise.withResolvers<void>()
    const session: Session = {
      scope: { account: scope.account, region: scope.region },
      agentRuntimeId: runtime.agentRuntimeId,
      runtimeSessionId,
      version: version.version,
      instanceId: ids.alphanumeric(12).toLowerCase(),
      isolation: sandboxFor(world, version.code).level,
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
      link: undefined,
      execute: undefined,
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
      const instance = await bootInstance({ ...world, volumes }, session, target)
      session.stopInstance = instance.stop
      session.execute = instance.execute
      void instance.released.then(() => close(session, recorded))
      // Who stopped the session while its sandbox was set up could not reach the instance yet.
      if (session.ending.signal.aborted) await instance.stop(stopGraceMs)
      session.link = await instance.answered
      await recorded
      session.lastActivityAt = clock.now()
      session.state = move(sessionMoves, session.instanceId, session.state, 'IDLE')
      settleState(session)
      const end = (reason: string) =>
        void stop(session, reason).catch((fault: unknown) =>
          log.error('session could not be stopped', { ...named(session), error: messageOf(fault) }),
        )
      watchHealth(world, session, end)
      watchStorage(world, session, end)
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
      await store.transaction(async (tx) => {
        await tx.delete(sessionRows, session.scope, key)
        if (session.storage) await volumes.noteUse(tx, session)
      })
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
      requests.take()
      let session = live.get(keyOf(target.runtime.agentRuntimeId, runtimeSessionId))
      if (session?.state === 'STARTING' || session?.state === 'STOPPING') throw moving(session)
      if (!session) {
        session = open(scope, target, runtimeSessionId)
        await start(session, target)
      }
      session.inFlight += 1
      settleState(session)
      return session
    },

    leave(session) {
      session.inFlight -= 1
      session.lastActivityAt = clock.now()
      settleState(session)
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

    list: () => [...live.values()].map((session) => viewOf(session, clock)),

    async recover() {
      await volumes.keepSweeping((key) => live.has(key))
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

const messageOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault))

function moving({ runtimeSessionId, state }: Session): ServiceError {
  return new ServiceError(
    'RetryableConflictException',
    `Session ${runtimeSessionId} is ${state === 'STARTING' ? 'being started' : 'being stopped'} by another call. Retry in a moment.`,
  )
}
