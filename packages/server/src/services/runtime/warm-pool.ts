// Instances that are started before anybody asks for them. Each is assigned once, to one session, and ends with it.
import type { Scope } from '#kernel/scope.js'
import type { InstanceLimits } from '#ports/sandbox.js'
import type { BootedInstance } from './boot-instance.js'
import { runtimes } from './documents.js'
import { maxWarmInstances, refillMs, warmBackoffMs, warmStartsAtOnce } from './limits.js'
import type { RuntimeWorld } from './ports.js'
import type { Resources } from './resources.js'
import { countOf, type LiveSessions, named, type Session } from './session.js'
import type { SessionVolumes } from './session-volumes.js'
import type { Target } from './target.js'
import { type Demand, demandOf } from './warm-demand.js'
import { assign, endWarm, isReady, newWarmInstance, startWarm, type WarmInstance } from './warm-instance.js'

/** What a runtime has and may have. */
export interface InstancesView extends Resources {
  cpus: number
  memoryMb: number
  minInstances: number
  sessions: number
  waiting: number
  starting: number
  /** How many should wait. */
  wanted: number
  /** Why fewer do. */
  instead?: string
}

export interface WarmPool {
  /** A waiting instance of this version under these limits, the session's own from now on. Without one, what waits makes room. */
  take(
    target: Target,
    limits: InstanceLimits,
    session: { runtimeSessionId: string; maxInstances: number | undefined },
  ): { session: Session; instance: BootedInstance } | undefined
  /** After whatever changes what should wait: versions, endpoints, tags. Returns at once. */
  review(scope: Scope, agentRuntimeId: string): void
  /** The same a moment later, when a session began or ended. */
  refill(scope: Scope, agentRuntimeId: string): void
  /** Ends what waits for the runtime, which is going away; without one for all, and for good. */
  drop(agentRuntimeId: string | undefined): Promise<void>
  /** Nothing is started before: an instance must know the platform's URL. */
  open(): Promise<void>
  view(scope: Scope, agentRuntimeId: string): Promise<InstancesView>
}

interface Failure {
  count: number
  why: string
  notBefore: number
}

export function warmPool(given: RuntimeWorld, { volumes, live }: { volumes: SessionVolumes; live: LiveSessions }): WarmPool {
  const world = { ...given, volumes }
  const { store, clock, log, config } = world
  const bound = config.maxWarmInstances ?? maxWarmInstances
  const all = new Set<WarmInstance>()
  const queue: { warm: WarmInstance; start: () => Promise<void> }[] = []
  const failures = new Map<string, Failure>()
  /** Runtimes that wanted more than there was room for. */
  const short = new Map<string, Scope>()
  const toReview = new Map<string, Scope>()
  const reviewing = new Map<string, Promise<void>>()
  const timers = new Map<string, () => void>()
  let starting = 0
  let isOpen = false
  let isClosed = false

  const of = (agentRuntimeId: string) => [...all].filter(({ session }) => session.agentRuntimeId === agentRuntimeId)
  const room = () => Math.min(bound, config.maxSessions - live.size) - all.size

  function review(scope: Scope, agentRuntimeId: string) {
    if (!isOpen) return
    toReview.set(agentRuntimeId, scope)
    if (!reviewing.has(agentRuntimeId)) reviewing.set(agentRuntimeId, reviewAll(agentRuntimeId))
  }

  async function reviewAll(agentRuntimeId: string) {
    for (let scope = toReview.get(agentRuntimeId); scope; scope = toReview.get(agentRuntimeId)) {
      toReview.delete(agentRuntimeId)
      try {
        await adjust(scope, agentRuntimeId)
      } catch (fault) {
        log.error('the warm pool could not be reviewed', { agentRuntimeId, error: messageOf(fault) })
      }
    }
    reviewing.delete(agentRuntimeId)
  }

  async function adjust(scope: Scope, agentRuntimeId: string) {
    const demand = await demandOf(world, scope, agentRuntimeId, countOf(live, agentRuntimeId))
    if (!isOpen) return
    const wanted = new Map(
      demand.versions.map(({ target, count }) => [keyOf(agentRuntimeId, target.version.version, demand.limits), { target, count }]),
    )
    for (const key of failures.keys()) if (key.startsWith(`${agentRuntimeId}/`) && !wanted.has(key)) failures.delete(key)
    for (const warm of of(agentRuntimeId)) if (!wanted.has(keyIn(warm))) end(warm, 'nothing wants this version or these limits any more')
    short.delete(agentRuntimeId)
    for (const [key, { target, count }] of wanted) {
      const held = of(agentRuntimeId).filter((warm) => keyIn(warm) === key && isOfUse(warm))
      // Those that are up are kept before those that start.
      held.sort((one, other) => Number(one.state === 'STARTING') - Number(other.state === 'STARTING'))
      for (const warm of held.slice(count)) end(warm, 'fewer are wanted')
      for (let have = held.length; have < count; have += 1) {
        if (!mayStart(scope, agentRuntimeId, key, demand)) break
        begin(scope, target, demand)
      }
    }
  }

  function mayStart(scope: Scope, agentRuntimeId: string, key: string, { resources: { maxInstances } }: Demand): boolean {
    const failed = failures.get(key)
    if (failed && failed.notBefore > clock.now()) {
      later(scope, agentRuntimeId, failed.notBefore - clock.now())
      return false
    }
    const isFull = maxInstances !== undefined && countOf(live, agentRuntimeId) + of(agentRuntimeId).length >= maxInstances
    if (room() > 0 && !isFull) return true
    short.set(agentRuntimeId, scope)
    return false
  }

  function begin(scope: Scope, target: Target, { limits }: Demand) {
    const warm = newWarmInstance(world, scope, target, limits)
    all.add(warm)
    queue.push({ warm, start: () => startWarm(world, warm, () => forget(warm)) })
    startNext()
  }

  /** A few at a time: sessions that somebody waits for start beside them. */
  function startNext() {
    while (starting < warmStartsAtOnce) {
      const next = queue.shift()
      if (!next) return
      starting += 1
      void next.start().finally(() => {
        starting -= 1
        startNext()
      })
    }
  }

  function end(warm: WarmInstance, reason: string) {
    const at = queue.findIndex((queued) => queued.warm === warm)
    void endWarm(warm, reason).catch((fault: unknown) =>
      log.error('a waiting instance could not be stopped', { ...named(warm.session), error: messageOf(fault) }),
    )
    if (at < 0) return
    queue.splice(at, 1)
    forget(warm)
  }

  /** Nothing of it is left. */
  function forget(warm: WarmInstance) {
    const { session, failure } = warm
    warm.state = 'ENDED'
    warm.cancelWatch()
    all.delete(warm)
    session.link?.close()
    session.ending.abort(new Error('the instance ended'))
    if (failure !== undefined) noteFailure(warm, failure)
    warm.markGone()
    review(session.scope, session.agentRuntimeId)
    for (const [agentRuntimeId, scope] of short) review(scope, agentRuntimeId)
  }

  function noteFailure(warm: WarmInstance, why: string) {
    const { session } = warm
    const now = clock.now()
    const before = failures.get(keyIn(warm))
    // One that waited long says nothing of the next.
    const count = now - session.instanceStartedAt > warmBackoffMs.longest ? 1 : (before?.count ?? 0) + 1
    const waitMs = Math.min(warmBackoffMs.first * 2 ** (count - 1), warmBackoffMs.longest)
    failures.set(keyIn(warm), { count, why, notBefore: now + waitMs })
    log.warn('a waiting instance failed', { ...named(session), why, nextTryMs: waitMs })
  }

  function later(scope: Scope, agentRuntimeId: string, ms: number) {
    if (!isOpen || timers.has(agentRuntimeId)) return
    const cancel = clock.after(ms, () => {
      timers.delete(agentRuntimeId)
      review(scope, agentRuntimeId)
    })
    timers.set(agentRuntimeId, cancel)
  }

  return {
    take(target, limits, { runtimeSessionId, maxInstances }) {
      const { agentRuntimeId } = target.runtime
      const key = keyOf(agentRuntimeId, target.version.version, limits)
      const ready = [...all].find((warm) => keyIn(warm) === key && isReady(warm, clock.now()))
      if (!ready) {
        const mine = of(agentRuntimeId)
        const isFull = maxInstances !== undefined && countOf(live, agentRuntimeId) + mine.length >= maxInstances
        const other = isFull ? mine.find(isOfUse) : live.size + all.size >= config.maxSessions ? [...all].find(isOfUse) : undefined
        if (other) end(other, 'a session needs its place')
        return undefined
      }
      all.delete(ready)
      failures.delete(key)
      return assign(world, ready, runtimeSessionId)
    },

    review,
    refill: (scope, agentRuntimeId) => later(scope, agentRuntimeId, refillMs),

    async drop(agentRuntimeId) {
      if (agentRuntimeId === undefined) {
        isOpen = false
        isClosed = true
        for (const cancel of timers.values()) cancel()
        timers.clear()
        await Promise.all(reviewing.values())
      } else {
        await reviewing.get(agentRuntimeId)
        short.delete(agentRuntimeId)
        for (const key of failures.keys()) if (key.startsWith(`${agentRuntimeId}/`)) failures.delete(key)
      }
      const leaving = agentRuntimeId === undefined ? [...all] : of(agentRuntimeId)
      for (const warm of leaving) end(warm, 'its runtime or the platform goes away')
      await Promise.all(leaving.map(({ gone }) => gone))
    },

    async open() {
      if (isClosed) return
      isOpen = true
      for (const row of await store.all(runtimes)) review(row, row.document.agentRuntimeId)
    },

    async view(scope, agentRuntimeId) {
      const sessions = countOf(live, agentRuntimeId)
      const demand = await demandOf(world, scope, agentRuntimeId, sessions)
      const mine = of(agentRuntimeId)
      const failure = demand.versions.map(({ target }) => failures.get(keyOf(agentRuntimeId, target.version.version, demand.limits))).find(Boolean)
      const waiting = mine.filter(({ state }) => state === 'WAITING').length
      const wanted = demand.versions.reduce((sum, { count }) => sum + count, 0)
      return {
        ...demand.resources,
        cpus: demand.limits.cpus,
        memoryMb: Math.round(demand.limits.memoryBytes / 2 ** 20),
        minInstances: demand.resources.minInstances ?? config.warmInstances ?? 0,
        sessions,
        waiting,
        starting: mine.filter(({ state }) => state === 'STARTING').length,
        wanted,
        instead: demand.storage
          ? 'sessions with storage of their own start when they are asked for: storage cannot be mounted into a running instance'
          : waiting < wanted && failure
            ? `the last one failed: ${failure.why}`
            : waiting < wanted && short.has(agentRuntimeId)
              ? `the platform keeps ${bound} waiting at most (AGENTWORKS_MAX_WARM_INSTANCES), and ${config.maxSessions} instances in all (AGENTWORKS_MAX_SESSIONS)`
              : undefined,
      }
    },
  }
}

const isOfUse = ({ state }: WarmInstance) => state === 'STARTING' || state === 'WAITING'

const keyOf = (agentRuntimeId: string, version: number, { cpus, memoryBytes }: InstanceLimits) =>
  `${agentRuntimeId}/${version}/${cpus}/${memoryBytes}`
const keyIn = ({ session: { agentRuntimeId, version, limits } }: WarmInstance) => keyOf(agentRuntimeId, version, limits)

const messageOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault))
