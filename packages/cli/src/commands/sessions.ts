// sessions list | stop
import { agentNamed } from '#core/agent-named.js'
import { adminFetch } from '#core/connection.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { withPlatform } from '#core/with-platform.js'

interface Session {
  runtimeSessionId: string
  agentRuntimeId: string
  version: string
  state: 'STARTING' | 'ACTIVE' | 'IDLE' | 'STOPPING' | 'STOPPED'
  isolation: string
  startedAt: string
  idleSeconds: number
}

export async function listSessions(invoked: Invoked): Promise<void> {
  const { out } = invoked
  const sessions = (await (await adminFetch(invoked, 'sessions')).json()) as Session[]
  out.document(sessions)
  if (sessions.length === 0) return out.line('no session runs')
  const rows = sessions.map((one) => [
    one.runtimeSessionId,
    one.agentRuntimeId,
    one.version,
    one.state,
    one.isolation,
    one.startedAt,
    String(Math.round(one.idleSeconds)),
  ])
  for (const line of table(['SESSION', 'AGENT', 'VERSION', 'STATE', 'ISOLATION', 'STARTED', 'IDLE S'], rows)) out.line(line)
}

export async function stopSession(invoked: Invoked, id: string, { agent }: { agent?: string }): Promise<void> {
  const agentRuntimeId =
    agent === undefined ? undefined : await withPlatform(invoked, async (clients) => (await agentNamed(clients, agent)).agentRuntimeId)
  const query = agentRuntimeId === undefined ? '' : `?${new URLSearchParams({ agentRuntimeId })}`
  await adminFetch(invoked, `sessions/${encodeURIComponent(id)}/stop${query}`, { method: 'POST', fix: 'see what runs: agentworks sessions list' })
  invoked.out.document({ runtimeSessionId: id, state: 'STOPPED' })
  invoked.out.line(`stopped ${id}`)
}
