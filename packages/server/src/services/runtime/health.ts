// What ends a session by itself: idleness, age, or an agent that no longer answers. AWS: runtime-lifecycle-settings.
import type { Clock } from '#kernel/clock.js'
import { agentHost } from './agent-host.js'
import { unhealthyAfterMs } from './limits.js'
import type { RuntimeWorld } from './ports.js'
import type { Session } from './sessions.js'

type PingStatus = 'Healthy' | 'HealthyBusy'

/** What is known of the agent's own state. `changedAt`: when its status last changed, by its word or by our watch. */
export interface Health {
  status: PingStatus
  changedAt: number
  silentSince: number | undefined
}

/** Watches until the session ends; calls `end` once with the reason. */
export function watchHealth(world: RuntimeWorld, session: Session, end: (reason: string) => void): void {
  const { clock, config } = world
  let health: Health = { status: 'Healthy', changedAt: session.startedAt, silentSince: undefined }
  const watch = async () => {
    if (session.ending.signal.aborted) return
    health = await checked(clock, session, health, config.pingEveryMs)
    const reason = reasonToEnd(session, health, clock.now())
    if (reason !== undefined) end(reason)
    else if (!session.ending.signal.aborted) cancel = clock.after(config.pingEveryMs, () => void watch())
  }
  let cancel = clock.after(config.pingEveryMs, () => void watch())
  session.ending.signal.addEventListener('abort', () => cancel(), { once: true })
}

export function reasonToEnd(
  session: Pick<Session, 'startedAt' | 'lastActivityAt' | 'inFlight' | 'idleTimeoutMs' | 'maxLifetimeMs'>,
  health: Health,
  now: number,
): string | undefined {
  if (now - session.startedAt >= session.maxLifetimeMs) return 'maximum lifetime reached'
  if (session.inFlight > 0) return undefined
  if (health.silentSince !== undefined && now - health.silentSince >= unhealthyAfterMs) return 'the agent stopped answering'
  if (health.status === 'HealthyBusy') return undefined
  // A status that keeps changing keeps the session: AWS documents it as a pitfall of agents that send "now" each time.
  const idleSince = Math.max(session.lastActivityAt, health.changedAt)
  return now - idleSince >= session.idleTimeoutMs ? 'idle timeout reached' : undefined
}

async function checked(clock: Clock, session: Session, before: Health, answerMs: number): Promise<Health> {
  const now = clock.now()
  try {
    const response = await session.link?.call({ method: 'GET', path: '/ping', headers: agentHost, answerMs, signals: [session.ending.signal] })
    if (!response) return before
    // The head alone is no answer: an agent that never ends its ping must not stop the watch over it.
    const cancel = clock.after(answerMs, () => response.destroy())
    const text = await boundedText(response).finally(cancel)
    return { ...statusAfter(before, response.statusCode === 200 ? text : '', now), silentSince: undefined }
  } catch {
    return { ...before, silentSince: before.silentSince ?? now }
  }
}

/** AWS: `time_of_last_update` is when the status last changed; without it the platform keeps the time itself. */
export function statusAfter(before: Health, body: string, now: number): Pick<Health, 'status' | 'changedAt'> {
  const { status, changedAt } = parsePing(body)
  if (changedAt !== undefined) return { status, changedAt: Math.min(changedAt, now) }
  return { status, changedAt: status === before.status ? before.changedAt : now }
}

function parsePing(body: string): { status: PingStatus; changedAt?: number } {
  try {
    const parsed = JSON.parse(body) as { status?: unknown; time_of_last_update?: unknown }
    const seconds = parsed.time_of_last_update
    return {
      status: parsed.status === 'HealthyBusy' ? 'HealthyBusy' : 'Healthy',
      changedAt: typeof seconds === 'number' && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined,
    }
  } catch {
    return { status: 'Healthy' }
  }
}

const longestPing = 4_096

async function boundedText(response: AsyncIterable<Buffer>): Promise<string> {
  let text = ''
  for await (const piece of response) {
    text += piece.toString('utf8')
    if (text.length > longestPing) break
  }
  return text
}
