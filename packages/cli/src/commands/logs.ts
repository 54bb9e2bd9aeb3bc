// logs NAME: an agent's output, line by line.
import { agentNamed } from '#core/agent-named.js'
import { adminFetch } from '#core/connection.js'
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { jsonLines } from '#core/json-lines.js'
import { withPlatform } from '#core/with-platform.js'

export interface LogOptions {
  name: string
  follow?: boolean
  session?: string
  tail: number
}

interface LogLine {
  at: number
  runtimeSessionId: string
  version: number
  stream: 'stdout' | 'stderr' | 'platform'
  line: string
}

export async function logs(invoked: Invoked, { name, follow = false, session, tail }: LogOptions): Promise<void> {
  const { out, world } = invoked
  if (follow && out.json) throw wrongUsage('--json gives one document, which --follow never ends', 'leave one of them out')
  const { agentRuntimeId, name: agent } = await withPlatform(invoked, (clients) => agentNamed(clients, name))
  const query = new URLSearchParams({ tail: String(tail), ...(session ? { session } : {}), ...(follow ? { follow: '1' } : {}) })
  const lines: LogLine[] = []
  // With none of the past wanted, what counts is what is written from here on.
  const since = tail === 0 ? Date.now() : 0
  let found = 0
  try {
    const response = await adminFetch(invoked, `logs/${agentRuntimeId}?${query}`, { signal: world.stopped })
    for await (const line of jsonLines<LogLine>(response)) {
      if (line.at < since) continue
      found++
      if (out.json) lines.push(line)
      else out.line(shown(line))
    }
  } catch (error) {
    // Ctrl-C is how following ends.
    if (!world.stopped.aborted) throw error
  }
  if (found === 0 && tail > 0 && !follow) out.note(out.spell(nothingFrom(agent, session)))
  out.document({ agentRuntimeId, lines })
}

function nothingFrom(agent: string, session: string | undefined): string {
  if (session !== undefined) return `${agent} has no lines of a session ${session}; those that run: agentworks sessions list`
  return `${agent} has written nothing yet; its sessions start with: agentworks invoke ${agent} "Hello!"`
}

/** Time, the end of the session's id, which tells sessions apart where their beginnings are alike, and the line. */
function shown({ at, runtimeSessionId, stream, line }: LogLine): string {
  const mark = stream === 'platform' ? '*' : ' '
  return `${new Date(at).toISOString()} …${runtimeSessionId.slice(-6)}${mark} ${line}`
}
