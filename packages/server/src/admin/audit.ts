// The audit trail as JSON lines: the latest events that match, then what comes.
import { wildcard } from '#kernel/wildcard.js'
import type { AuditEvent, AuditTrail } from '#ports/telemetry.js'
import type { AnyResponse } from '#wire/server.js'

const defaultLimit = 200
const largestLimit = 100_000
/** A reader that is slower than the platform loses its connection rather than filling memory: a trail with holes would be none. */
const mostWaiting = 4 * 1024 * 1024

export async function streamAudit(trail: AuditTrail, query: URLSearchParams, response: AnyResponse): Promise<void> {
  const wanted = wantedBy(query)
  const limit = Math.min(largestLimit, Math.max(0, Number.parseInt(query.get('limit') ?? '', 10) || defaultLimit))
  response.writeHead(200, { 'content-type': 'application/x-ndjson' })
  if (query.get('follow') !== '1') {
    for (const event of await trail.read(wanted, limit)) send(response, event)
    response.end()
    return
  }
  const pending: AuditEvent[] = []
  let tell: (event: AuditEvent) => void = (event) => pending.push(event)
  const stop = trail.follow((event) => {
    if (wanted(event)) tell(event)
  })
  // Before the first wait: a client that leaves during it is never heard of again.
  response.once('close', stop)
  const written = await trail.read(wanted, limit)
  // What came while the files were read may have been in them already.
  const seen = new Set(written.map(({ requestId }) => requestId))
  for (const event of [...written, ...pending.filter(({ requestId }) => !seen.has(requestId))]) send(response, event)
  tell = (event) => send(response, event)
}

function wantedBy(query: URLSearchParams): (event: AuditEvent) => boolean {
  const since = Number(query.get('since') ?? 0)
  const action = query.get('action')
  const principal = query.get('principal')
  const outcome = query.get('outcome')
  return (event) =>
    event.at >= since &&
    (action === null || wildcard(action, event.action) || wildcard(action, event.action.slice(event.action.indexOf(':') + 1))) &&
    (principal === null || wildcard(principal, event.principalArn)) &&
    (outcome === null || (outcome === 'refused' ? event.outcome !== 'allowed' : event.outcome === outcome))
}

function send(response: AnyResponse, event: AuditEvent): void {
  if (response.writableLength > mostWaiting) response.destroy()
  else response.write(`${JSON.stringify(event)}\n`)
}
