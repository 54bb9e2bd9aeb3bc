// What the platform adds to an agent's own log: what its owner cannot see from inside.
import type { RuntimeWorld } from './ports.js'
import type { Session } from './sessions.js'

export function noteToAgent({ agentLogs, clock }: Pick<RuntimeWorld, 'agentLogs' | 'clock'>, session: Session, line: string): void {
  agentLogs.append(session.agentRuntimeId, {
    at: clock.now(),
    runtimeSessionId: session.runtimeSessionId,
    version: session.version,
    stream: 'platform',
    line,
  })
}
