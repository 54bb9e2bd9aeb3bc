// What is read of memories' events, over one connection. Synchronous: each is a range of an index.
import type { DatabaseSync, SQLOutputValue, StatementSync } from 'node:sqlite'
import type {
  Branch,
  EventKey,
  EventPage,
  EventToken,
  Living,
  MemoryKey,
  NamePage,
  SessionKey,
  SessionRow,
  StoredEvent,
} from '#ports/memory-events.js'
import { arrivalsPerMs } from '#ports/memory-events.js'
import { eventFilter } from './memory-event-filter.js'

type Values = Record<string, SQLOutputValue>
/** Of pages, whose rows are many: an array is made in half the time of an object. */
type Columns = SQLOutputValue[]
type Bound = string | number

const isAlive = '(s.created_at >= ? OR EXISTS (SELECT 1 FROM memory_events e WHERE e.session = s.session AND e.arrival >= ?))'
const hasEvents = 'EXISTS (SELECT 1 FROM memory_events e WHERE e.session = s.session AND e.arrival >= ?)'
/** Kinds of page whose statement is kept: the usual ones are a handful. */
const keptStatements = 64

export function memoryEventReads(db: DatabaseSync) {
  const memoryOf = db.prepare('SELECT memory FROM memory_keys WHERE account = ? AND region = ? AND memory_id = ?')
  const sessionOf = db.prepare(
    'SELECT s.session FROM memory_keys k JOIN memory_sessions s USING (memory) WHERE k.account = ? AND k.region = ? AND k.memory_id = ? AND s.actor_id = ? AND s.session_id = ?',
  )
  const one = db.prepare('SELECT arrival, at, branch, metadata, payload FROM memory_events WHERE arrival = ? AND session = ? AND at = ?')
  const anywhere = db.prepare('SELECT session FROM memory_events WHERE arrival = ? AND memory = ? AND at = ?')
  const arrivals = db.prepare(
    'SELECT e.arrival, e.at, e.branch, e.metadata, e.payload, s.actor_id, s.session_id FROM memory_events e JOIN memory_sessions s USING (session) WHERE e.memory = ? AND e.arrival >= ? ORDER BY e.arrival LIMIT ?',
  )
  const nextActor = db.prepare(
    `SELECT s.actor_id FROM memory_sessions s WHERE s.memory = ? AND s.actor_id > ? AND ${isAlive} ORDER BY s.actor_id LIMIT 1`,
  )
  const listSessions = (condition: string) =>
    db.prepare(
      `SELECT s.session_id, s.created_at FROM memory_sessions s WHERE s.memory = ? AND s.actor_id = ? AND s.session_id > ? AND ${condition} ORDER BY s.session_id LIMIT ?`,
    )
  const liveSessions = listSessions(isAlive)
  const sessionsWithEvents = listSessions(hasEvents)
  const branches = db.prepare('SELECT root_at, root_arrival, root_branch FROM memory_branches WHERE session = ? AND name = ?')
  const tokens = db.prepare('SELECT arrival, fingerprint, session_id, at FROM memory_event_tokens WHERE memory = ? AND token = ? AND arrival >= ?')
  const pages = new Map<string, StatementSync>()

  const findMemory = ({ account, region, memoryId }: MemoryKey) => {
    const row = memoryOf.get(account, region, memoryId)
    return row && Number(row.memory)
  }
  const findSession = ({ account, region, memoryId, actorId, sessionId }: SessionKey) => {
    const row = sessionOf.get(account, region, memoryId, actorId, sessionId)
    return row && Number(row.session)
  }

  function prepared(text: string): StatementSync {
    const known = pages.get(text)
    if (known) return known
    const statement = db.prepare(text)
    statement.setReturnArrays(true)
    if (pages.size < keptStatements) pages.set(text, statement)
    return statement
  }

  function rows(columns: string, condition: string, values: Bound[], { order, limit, bytes }: EventPage): Columns[] {
    const way = order === 'newest first' ? 'DESC' : 'ASC'
    const from = `FROM memory_events WHERE ${condition} ORDER BY at ${way}, arrival ${way} LIMIT ?`
    // SQLite knows the length of a payload without reading it.
    const sizes = bytes === undefined ? [] : columnsOf(prepared(`SELECT octet_length(payload) ${from}`), ...values, limit)
    const most = bytes === undefined ? limit : countWithin(sizes, bytes)
    return most === 0 ? [] : columnsOf(prepared(`SELECT ${columns} ${from}`), ...values, most)
  }

  return {
    findSession,

    get(session: SessionKey, { at, arrival }: EventKey, { since }: Living): StoredEvent | undefined {
      const found = findSession(session)
      if (found === undefined || arrival < since * arrivalsPerMs) return undefined
      const row = one.get(arrival, found, at)
      return row && asEvent(session, row)
    },

    isElsewhere(session: SessionKey, { at, arrival }: EventKey, { since }: Living): boolean {
      const memory = findMemory(session)
      const row = memory === undefined || arrival < since * arrivalsPerMs ? undefined : anywhere.get(arrival, memory, at)
      return row !== undefined && Number(row.session) !== findSession(session)
    },

    page(session: SessionKey, page: EventPage): StoredEvent[] {
      const found = findSession(session)
      if (found === undefined) return []
      const columns = `arrival, at, branch, metadata, ${page.payloads ? 'payload' : "'' AS payload"}`
      const filter = eventFilter(page)
      const where = (place: string) => `session = ? AND ${place} AND arrival >= ?${filter.condition}`
      const behind = page.order === 'newest first' ? '<' : '>'
      const rest = [page.since * arrivalsPerMs, ...filter.values]
      // Two ranges rather than one comparison of pairs, of which SQLite would look up the first half only.
      const { after, limit } = page
      const sameTime = after ? rows(columns, where(`at = ? AND arrival ${behind} ?`), [found, after.at, after.arrival, ...rest], page) : []
      const left = { ...page, limit: limit - sameTime.length, ...(page.bytes !== undefined && { bytes: page.bytes - lengthOf(sameTime) }) }
      const others =
        left.limit === 0 || (left.bytes ?? 1) <= 0
          ? []
          : after
            ? rows(columns, where(`at ${behind} ?`), [found, after.at, ...rest], left)
            : rows(columns, where('at >= 0'), [found, ...rest], left)
      return [...sameTime, ...others].map(([arrival = 0, at = 0, branch = '', metadata = '{}', payload = '']) =>
        asEvent(session, { arrival, at, branch, metadata, payload }),
      )
    },

    byArrival(memory: MemoryKey, { since, after = 0, limit }: Living & { after?: number; limit: number }): StoredEvent[] {
      const found = findMemory(memory)
      if (found === undefined) return []
      const all = arrivals.all(found, Math.max(after + 1, since * arrivalsPerMs), limit)
      return all.map((row) => asEvent({ actorId: String(row.actor_id), sessionId: String(row.session_id) }, row))
    },

    actors(memory: MemoryKey, { since, limit, after = '' }: NamePage): string[] {
      const found = findMemory(memory)
      const names: string[] = []
      // One look at the index for each actor, however many sessions each has.
      for (let last = after; found !== undefined && names.length < limit; ) {
        const row = nextActor.get(found, last, since, since * arrivalsPerMs)
        if (!row) break
        last = String(row.actor_id)
        names.push(last)
      }
      return names
    },

    sessions(memory: MemoryKey, actorId: string, { since, limit, after = '', withEvents }: NamePage & { withEvents: boolean }): SessionRow[] {
      const found = findMemory(memory)
      if (found === undefined) return []
      const oldest = since * arrivalsPerMs
      const all = withEvents
        ? sessionsWithEvents.all(found, actorId, after, oldest, limit)
        : liveSessions.all(found, actorId, after, since, oldest, limit)
      return all.map((row) => ({ sessionId: String(row.session_id), createdAt: Number(row.created_at) }))
    },

    branch(session: SessionKey, name: string): Branch | undefined {
      const found = findSession(session)
      const row = found === undefined ? undefined : branches.get(found, name)
      return row && { name, root: { at: Number(row.root_at), arrival: Number(row.root_arrival), ...branchOf(row.root_branch) } }
    },

    token(memory: MemoryKey, token: string, since: number): EventToken | undefined {
      const found = findMemory(memory)
      const row = found === undefined ? undefined : tokens.get(found, token, since * arrivalsPerMs)
      if (!row) return undefined
      const key = { at: Number(row.at), arrival: Number(row.arrival) }
      return { token, fingerprint: String(row.fingerprint), sessionId: String(row.session_id), key }
    },

    lastArrival: () => Number(db.prepare('SELECT max(arrival) AS last FROM memory_events').get()?.last ?? 0),
    lastTokenArrival: () => Number(db.prepare('SELECT max(arrival) AS last FROM memory_event_tokens').get()?.last ?? 0),
  }
}

/** The main branch has no name of its own in a row. */
const branchOf = (name: SQLOutputValue | undefined) => (name ? { branch: String(name) } : {})

const lengthOf = (all: Columns[]) => all.reduce((sum, row) => sum + Buffer.byteLength(String(row.at(-1))), 0)

/** The types of node:sqlite know of objects alone. */
const columnsOf = (statement: StatementSync, ...values: Bound[]) => statement.all(...values) as unknown as Columns[]

/** Up to and with the row by which there are so many bytes. */
function countWithin(sizes: Columns[], bytes: number): number {
  let left = bytes
  const last = sizes.findIndex(([size]) => {
    left -= Number(size)
    return left <= 0
  })
  return last < 0 ? sizes.length : last + 1
}

function asEvent({ actorId, sessionId }: Pick<SessionKey, 'actorId' | 'sessionId'>, row: Values): StoredEvent {
  // Most have none.
  const metadata = row.metadata === '{}' ? {} : (JSON.parse(String(row.metadata)) as Record<string, string>)
  return {
    actorId,
    sessionId,
    at: Number(row.at),
    arrival: Number(row.arrival),
    ...branchOf(row.branch),
    metadata,
    payload: String(row.payload),
  }
}
