// What ends a session by itself: idleness, age, or an agent that no longer answers. AWS: runtime-lifecycle-settings.
import type { Clock } from '#kernel/clock.js'
import type { AgentLink } from '#ports/agent-link.js'
import { unhealthyAfterMs } from './limits.js'
import { type Health, healthAfter, pingText, silentSince } from './ping.js'
import type { RuntimeWorld } from './ports.js'
import { type Session, settleState } from './session.js'

/** Watches until the session ends; calls `end` once with the reason. */
export function watchHealth(world: RuntimeWorld, session: Session, end: (reason: string) => void): void {
  const { clock, config } = world
  const watch = async () => {
    if (session.ending.signal.aborted) return
    session.health = await checked(world, session, config.pingEveryMs)
    settleState(session)
    const reason = reasonToEnd(session, clock.now())
    if (reason !== undefined) end(reason)
    else if (!session.ending.signal.aborted) cancel = clock.after(config.pingEveryMs, () => void watch())
  }
  let cancel = clock.after(config.pingEveryMs, () => void watch())
  session.ending.signal.addEventListener('abort', () => cancel(), { once: true })
}

export function reasonToEnd(
  session: Pick<Session, 'instanceStartedAt' | 'lastActivityAt' | 'inFlight' | 'webSockets' | 'idleTimeoutMs' | 'maxLifetimeMs' | 'health'>,
  now: number,
): string | undefined {
  const { health } = session
  if (now - session.instanceStartedAt >= session.maxLifetimeMs) return 'maximum lifetime reached'
  if (session.inFlight > session.webSockets) return undefined
  if (session.inFlight === 0 && health.silentSince !== undefined && now - health.silentSince >= unhealthyAfterMs) return 'the agent stopped answering'
  if (health.status === 'HealthyBusy') return undefined
  // A status that keeps changing keeps the session: AWS documents it as a pitfall of agents that send "now" each time.
  const idleSince = Math.max(session.lastActivityAt, health.changedAt)
  return now - idleSince >= session.idleTimeoutMs ? 'idle timeout reached' : undefined
}

/** What one more `/ping` says: the agent's own word, or that of the thread which answers while its loop is blocked. */
export async function checked(world: Pick<RuntimeWorld, 'clock' | 'agentLink'>, session: Session, answerMs: number): Promise<Health> {
  const { link, health } = session
  if (!link) return health
  const now = world.clock.now()
  const said = (await askedOf(link, world.clock, session, answerMs)) ?? (await saidByStandIn(world, session, answerMs))
  return said === undefined ? silentSince(health, now) : healthAfter(health, said, now)
}

/** What was said, or nothing; undefined for silence. */
async function askedOf(link: AgentLink, clock: Clock, { ending, protocol: { host } }: Session, answerMs: number): Promise<string | undefined> {
  try {
    const response = await link.call({ method: 'GET', path: '/ping', headers: { host }, answerMs, signals: [ending.signal] })
    // The head alone is no answer: an agent that never ends its ping must not stop the watch over it.
    const cancel = clock.after(answerMs, () => response.destroy())
    const text = await pingText(response).finally(cancel)
    return response.statusCode === 200 ? text : ''
  } catch {
    return undefined
  }
}

/** Our SDK's thread cannot share a unix socket with its loop, as it does a port: so it has one of its own (decision 0019). */
async function saidByStandIn({ clock, agentLink }: Pick<RuntimeWorld, 'clock' | 'agentLink'>, session: Session, answerMs: number) {
  const socketPath = await session.standIn?.()
  if (socketPath === undefined || session.ending.signal.aborted) return undefined
  const link = agentLink(socketPath)
  return askedOf(link, clock, session, answerMs).finally(() => link.close())
}
