// audit: who did what to which resource, and how it ended.
import { adminFetch } from '#core/connection.js'
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { jsonLines } from '#core/json-lines.js'
import { sinceTime } from '#core/since.js'

export interface AuditOptions {
  follow?: boolean
  action?: string
  principal?: string
  outcome?: string
  since?: string
  limit: number
}

interface AuditEvent {
  at: number
  requestId: string
  principalArn: string
  service: string
  action: string
  resource?: string
  outcome: string
}

export async function audit(invoked: Invoked, { follow = false, since, limit, ...wanted }: AuditOptions): Promise<void> {
  const { out, world } = invoked
  if (follow && out.json) throw wrongUsage('--json gives one document, which --follow never ends', 'leave one of them out')
  const query = new URLSearchParams({ limit: String(limit), ...(follow ? { follow: '1' } : {}) })
  if (since !== undefined) query.set('since', String(sinceTime(since, Date.now())))
  for (const name of ['action', 'principal', 'outcome'] as const) if (wanted[name] !== undefined) query.set(name, wanted[name])
  const events: AuditEvent[] = []
  let found = 0
  try {
    const response = await adminFetch(invoked, `audit?${query}`, { signal: world.stopped })
    for await (const event of jsonLines<AuditEvent>(response)) {
      found++
      if (out.json) events.push(event)
      else out.line(shown(event))
    }
  } catch (error) {
    // Ctrl-C is how following ends.
    if (!world.stopped.aborted) throw error
  }
  if (found === 0 && !follow) out.note('nothing of that kind was recorded')
  out.document(events)
}

function shown({ at, principalArn, action, resource, outcome, requestId }: AuditEvent): string {
  return `${new Date(at).toISOString()} ${outcome} ${principalArn} ${action} ${resource ?? '-'} ${requestId}`
}
