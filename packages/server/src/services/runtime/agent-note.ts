// What the platform adds to an agent's own log: what its owner cannot see from inside.
import type { RuntimeWorld } from './ports.js'
import type { Session } from './sessions.js'

export function noteToAgent({ agentLogs, clock }: Pick<RuntimeWorld, 'agentLogs' | 'clock'>, session: Session, line: string): void {
  agentLogs.append(session.agentRuntimeId, {
    at: clock.now(),
    runtimeSessionId: session.runtimeSessionId,
    version: session.version,
    stream: 'platform',
    line: oneLine(line),
  })
}

const named: Readonly<Record<string, string>> = { '\t': '\t', '\n': '\\n', '\r': '\\r' }

/** What a caller has a part in, a command for one, must not write lines of its own into somebody's log. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, (sign) => named[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`)
}
