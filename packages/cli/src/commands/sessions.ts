// sessions list | stop
import { agentNamed } from '#core/agent-named.js'
import { adminFetch } from '#core/connection.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { withPlatform } from '#core/with-platform.js'

export interface Session {
  runtimeSessionId: string
  agentRuntimeId: string
  version: string
  state: 'STARTING' | 'ACTIVE' | 'IDLE' | 'STOPPING' | 'STOPPED'
  isolation: string
  /** What its instance may use. */
  cpus: number
  memoryMb: number
  /** How far its network reaches; absent while it starts. */
  network?: 'internet' | 'platform' | 'vpc' | 'host'
  /** For `vpc`: each way out. */
  networkOpen?: string[]
  /** Why that is not what its networkMode says. */
  networkInstead?: { reason: string; fix: string }
  startedAt: string
  idleSeconds: number
  /** The agent's last answer to /ping. */
  ping?: { status: 'Healthy' | 'HealthyBusy'; changedAt: string; answerAgeSeconds: number }
}

export async function runningSessions(invoked: Invoked): Promise<Session[]> {
  return (await (await adminFetch(invoked, 'sessions')).json()) as Session[]
}

export async function listSessions(invoked: Invoked): Promise<void> {
  const { out } = invoked
  const sessions = await runningSessions(invoked)
  out.document(sessions.map(({ ping: _, ...session }) => session))
  if (sessions.length === 0) return out.line('no session runs')
  const rows = sessions.map((one) => [
    one.runtimeSessionId,
    one.agentRuntimeId,
    one.version,
    one.state,
    one.isolation,
    networkWords(one),
    String(one.cpus),
    String(one.memoryMb),
    one.startedAt,
    String(Math.round(one.idleSeconds)),
    pingWords(one),
  ])
  for (const line of table(['SESSION', 'AGENT', 'VERSION', 'STATE', 'ISOLATION', 'NETWORK', 'CPU', 'MEMORY MB', 'STARTED', 'IDLE S', 'PING'], rows))
    out.line(line)
}

/** An asterisk: less than its networkMode says. Why is in `agents get` and --json. */
export function networkWords({ network, networkInstead }: Session): string {
  return `${network ?? '-'}${networkInstead ? '*' : ''}`
}

/** AWS has no public ping: what the agent last said, since when, and how long ago. */
export function pingWords({ ping }: Session): string {
  return ping ? `${ping.status} since ${ping.changedAt}, answered ${ping.answerAgeSeconds} s ago` : 'not answered yet'
}

export async function stopSession(invoked: Invoked, id: string, { agent }: { agent?: string }): Promise<void> {
  const agentRuntimeId =
    agent === undefined ? undefined : await withPlatform(invoked, async (clients) => (await agentNamed(clients, agent)).agentRuntimeId)
  const query = agentRuntimeId === undefined ? '' : `?${new URLSearchParams({ agentRuntimeId })}`
  await adminFetch(invoked, `sessions/${encodeURIComponent(id)}/stop${query}`, { method: 'POST', fix: 'see what runs: agentworks sessions list' })
  invoked.out.document({ runtimeSessionId: id, state: 'STOPPED' })
  invoked.out.line(`stopped ${id}`)
}
