// One instance that is started ahead: from its start to its assignment or its end.
import { move } from '#kernel/moves.js'
import type { Scope } from '#kernel/scope.js'
import type { InstanceLimits } from '#ports/sandbox.js'
import { noteToAgent } from './agent-note.js'
import { type BootedInstance, type BootWorld, bootInstance, noteReach } from './boot-instance.js'
import { checked } from './health.js'
import { sandboxFor } from './launcher.js'
import { lifetimeLeft, stopGraceMs, warmSilentMs } from './limits.js'
import { named, newInstanceId, newSession, type Session } from './session.js'
import { type WarmState, warmMoves } from './states.js'
import type { Target } from './target.js'

export interface WarmInstance {
  readonly session: Session
  readonly target: Target
  state: WarmState
  instance: BootedInstance | undefined
  /** Why it is worth nothing; absent when it was ended because nobody wants it. */
  failure: string | undefined
  /** Resolves when nothing of it is left, or it is a session's own. */
  readonly gone: Promise<void>
  readonly markGone: () => void
  cancelWatch(): void
}

export function newWarmInstance(world: BootWorld, scope: Scope, target: Target, limits: InstanceLimits): WarmInstance {
  const instanceId = newInstanceId(world.ids)
  const { promise: gone, resolve: markGone } = Promise.withResolvers<void>()
  return {
    // Shorter than any session id may be, so that none is ever taken for it.
    session: newSession(world, scope, target, { runtimeSessionId: `warm-${instanceId}`, instanceId, limits }),
    target,
    state: 'STARTING',
    instance: undefined,
    failure: undefined,
    gone,
    markGone,
    cancelWatch: () => undefined,
  }
}

/** Never rejects: afterwards the instance waits, or it ends. `onEnd` is called once when nothing of it is left. */
export async function startWarm(world: BootWorld, warm: WarmInstance, onEnd: () => void): Promise<void> {
  const { session, target } = warm
  try {
    const instance = await bootInstance(world, session, target)
    warm.instance = instance
    session.stopInstance = instance.stop
    session.execute = instance.execute
    void instance.released.then(() => {
      if (warm.state === 'ASSIGNED') return
      if (warm.state !== 'ENDING') warm.failure ??= 'its agent ended by itself'
      onEnd()
    })
    if (session.ending.signal.aborted) await instance.stop(stopGraceMs)
    session.link = await instance.answered
    if (warm.state !== 'STARTING') return
    warm.state = move(warmMoves, session.instanceId, warm.state, 'WAITING')
    world.log.info('instance waits', { ...named(session), ms: world.clock.now() - session.instanceStartedAt })
    watch(world, warm)
  } catch (fault) {
    if (warm.state !== 'ENDING') warm.failure ??= fault instanceof Error ? fault.message : String(fault)
    if (warm.instance) await endWarm(warm, 'start failed')
    else onEnd()
  }
}

/** Resolves when it was told to end; `onEnd` of its start says when it has. */
export async function endWarm(warm: WarmInstance, reason: string): Promise<void> {
  if (warm.state !== 'STARTING' && warm.state !== 'WAITING') return
  warm.state = move(warmMoves, warm.session.instanceId, warm.state, 'ENDING')
  warm.cancelWatch()
  warm.session.ending.abort(new Error(reason))
  await warm.instance?.stop(stopGraceMs)
}

/** Fit for a session: up, answering, and with most of its life before it. */
export function isReady({ state, session }: WarmInstance, now: number): boolean {
  return state === 'WAITING' && !session.ending.signal.aborted && session.health.silentSince === undefined && !isOld(session, now)
}

/** It is this session's from here on, and nobody else's ever. */
export function assign(world: BootWorld, warm: WarmInstance, runtimeSessionId: string): { session: Session; instance: BootedInstance } {
  const { session, instance, target } = warm
  if (!instance) throw new Error(`${session.instanceId} was never started`)
  warm.state = move(warmMoves, session.instanceId, warm.state, 'ASSIGNED')
  warm.cancelWatch()
  const before = session.runtimeSessionId
  session.runtimeSessionId = runtimeSessionId
  session.startedAt = world.clock.now()
  session.lastActivityAt = session.startedAt
  world.accessKeys.assign(session.instanceId, runtimeSessionId)
  noteToAgent(world, session, sandboxFor(world, target.version.code).notice)
  noteReach(world, session, target)
  noteToAgent(world, session, `This session has an instance that was started ahead; what it wrote until now is in the log of ${before}.`)
  warm.markGone()
  return { session, instance }
}

function isOld({ instanceStartedAt, maxLifetimeMs }: Session, now: number): boolean {
  return now - instanceStartedAt >= (1 - lifetimeLeft) * maxLifetimeMs
}

/** The clock's own word, while it waits: it answers `/ping`, and is not too old for a session. */
function watch(world: BootWorld, warm: WarmInstance): void {
  const { clock, config } = world
  const { session } = warm
  const again = async () => {
    const health = await checked(world, session, config.pingEveryMs)
    if (warm.state !== 'WAITING') return
    session.health = health
    const now = clock.now()
    const isSilent = health.silentSince !== undefined && now - health.silentSince >= warmSilentMs
    if (isSilent) warm.failure = 'its agent stopped answering /ping'
    if (!isSilent && !isOld(session, now)) schedule()
    else await endWarm(warm, isSilent ? 'the agent stopped answering' : 'too old for a new session')
  }
  const schedule = () => {
    warm.cancelWatch = clock.after(config.pingEveryMs, () => void again())
  }
  schedule()
}
