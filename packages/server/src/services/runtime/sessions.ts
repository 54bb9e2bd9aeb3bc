// The sessions that run: one instance for each session id, started on demand, kept while it is used.

import { quotaExceeded, ServiceError } from '#kernel/errors.js'
import { move } from '#kernel/moves.js'
import { rateLimit } from '#kernel/rate-limit.js'
import type { Scope } from '#kernel/scope.js'
import { collection } from '#ports/store.js'
import { type BootedInstance, bootInstance } from './boot-instance.js'
import { watchHealth } from './health.js'
import { stopGraceMs } from './limits.js'
import type { RuntimeWorld } from './ports.js'
import { limitsOf, type Resources, resourcesOf } from './resources.js'
import {
  countOf,
  keyOf,
  type LiveSessions,
  named,
  newInstanceId,
  newSession,
  type Session,
  type SessionView,
  settleState,
  viewOf,
} from './session.js'
import type { SessionVolumes } from './session-volumes.js'
import { sessionMoves } from './states.js'
import type { Target } from './target.js'
import type { WarmPool } from './warm-pool.js'
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
  /** What waits for new sessions ends with them. */
  stopAll(agentRuntimeId: string | undefined, reason: string): Promise<void>
  runsVersion(agentRuntimeId: string, version: number): boolean
  list(): SessionView[]
  /** Names and forgets what an earlier platform process left behind. */
  recover(): Promise<void>
}

interface Opened {
  session: Session
  /** Started already, for whoever would come. */
  instance: BootedInstance | undefined
}

export function sessions(world: RuntimeWorld, { volumes, pool, live }: { volumes: SessionVolumes; pool: WarmPool; live: LiveSessions }): Sessions {
  const { store, clock, ids, log, config } = world
  const requests = rateLimit(clock, {
    perSecond: config.requestsPerSecond,
    what: 'requests to agents',
    setting: 'AGENTWORKS_REQUESTS_PER_SECOND',
  })
  const newSessions = rateLimit(clock, {
    perSecond: config.newSessionsPerSecond,
    what: 'new sessions',
    setting: 'AGENTWORKS_NEW_SESSIONS_PER_SECOND',
  })

  /** A session whose instance has waited for it, or one to be started. */
  function open(scope: Scope, target: Target, runtimeSessionId: string, resources: Resources): Opened {
    const { agentRuntimeId } = target.runtime
    if (live.size >= config.maxSessions)
      throw quotaExceeded(
        `${live.size} sessions run, which is the limit of this platform. Stop one, or start the platform with a higher AGENTWORKS_MAX_SESSIONS.`,
      )
    const { maxInstances } = resources
    if (maxInstances !== undefined && countOf(live, agentRuntimeId) >= maxInstances)
      throw quotaExceeded(
        `${agentRuntimeId} has ${maxInstances} instances, which is its limit. Stop a session, or raise the runtime's tag agentworks:max-instances (agentworks deploy --max).`,
      )
    newSessions.take()
    const limits = limitsOf(config, resources)
    const warm = pool.take(target, limits, { runtimeSessionId, maxInstances })
    const session = warm?.session ?? newSession(world, scope, target, { runtimeSessionId, limits, instanceId: newInstanceId(ids) })
    live.set(keyOf(agentRuntimeId, runtimeSessionId), session)
    pool.refill(scope, agentRuntimeId)
    return { session, instance: warm?.instance }
  }

  async function start({ session, instance: waited }: Opened, target: Target): Promise<void> {
    const recorded = record(session)
    // Awaited below; until then a full disk must not count as a rejection that nobody hears.
    recorded.catch(() => undefined)
    try {
      const instance = waited ?? (await bootInstance({ ...world, volumes }, session, target))
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
      const ms = clock.now() - session.startedAt
      log.info('session started', { ...named(session), isolation: session.isolation, ...(waited && { warm: true }), ms })
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
    pool.refill(session.scope, session.agentRuntimeId)
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
      const { agentRuntimeId } = target.runtime
      const key = keyOf(agentRuntimeId, runtimeSessionId)
      // Read for a new session alone; another call may have opened it meanwhile.
      const resources = live.has(key) ? {} : await resourcesOf(store, scope, agentRuntimeId)
      let session = live.get(key)
      if (session?.state === 'STARTING' || session?.state === 'STOPPING') throw moving(session)
      if (!session) {
        const opened = open(scope, target, runtimeSessionId, resources)
        session = opened.session
        await start(opened, target)
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
      await Promise.all([...chosen.map((session) => stop(session, reason)), pool.drop(agentRuntimeId)])
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
