// What is written of memories' events, over the writing connection, inside a transaction of the store.
import type { DatabaseSync } from 'node:sqlite'
import { PortError } from '#kernel/errors.js'
import type { Branch, EventKey, EventToken, Living, MemoryKey, NewEvent, SessionKey } from '#ports/memory-events.js'
import { arrivalsPerMs } from '#ports/memory-events.js'

const memoryWhere = 'account = ? AND region = ? AND memory_id = ?'
const sessionWhere = `memory = (SELECT memory FROM memory_keys WHERE ${memoryWhere}) AND actor_id = ? AND session_id = ?`

/** That are asked, at the end of a sweep, whether they have ended. */
const sessionsLookedAt = 1000

export function memoryEventWrites(db: DatabaseSync) {
  const looked = new Map<number, number>()
  const findMemory = db.prepare(`SELECT memory FROM memory_keys WHERE ${memoryWhere}`)
  const addMemory = db.prepare('INSERT INTO memory_keys (account, region, memory_id) VALUES (?, ?, ?) RETURNING memory')
  const dropKey = db.prepare('DELETE FROM memory_keys WHERE memory = ?')
  const findSession = db.prepare(`SELECT memory, session FROM memory_sessions WHERE ${sessionWhere}`)
  const addSession = db.prepare('INSERT INTO memory_sessions (memory, actor_id, session_id, created_at) VALUES (?, ?, ?, ?) RETURNING session')
  const insert = db.prepare('INSERT INTO memory_events (arrival, memory, session, at, branch, metadata, payload) VALUES (?, ?, ?, ?, ?, ?, ?)')
  const remove = db.prepare('DELETE FROM memory_events WHERE arrival = ? AND at = ? AND session = ?')
  const putBranch = db.prepare('INSERT INTO memory_branches (session, name, root_at, root_arrival, root_branch) VALUES (?, ?, ?, ?, ?)')
  const putToken = db.prepare(
    'INSERT OR REPLACE INTO memory_event_tokens (arrival, memory, token, fingerprint, session_id, at) VALUES (?, ?, ?, ?, ?, ?)',
  )
  const oldEvents = db.prepare(
    'DELETE FROM memory_events WHERE arrival IN (SELECT arrival FROM memory_events WHERE memory = ? AND arrival < ? ORDER BY arrival LIMIT ?) RETURNING session',
  )
  const isOver = db.prepare(
    'SELECT 1 FROM memory_sessions s WHERE session = ? AND created_at < ? AND NOT EXISTS (SELECT 1 FROM memory_events e WHERE e.session = s.session)',
  )
  const nextSessions = db.prepare('SELECT session, memory FROM memory_sessions WHERE session > ? ORDER BY session LIMIT ?')
  const ofMemory = db.prepare('SELECT session FROM memory_sessions WHERE memory = ? LIMIT ?')
  const removeSession = db.prepare('DELETE FROM memory_sessions WHERE session = ?')
  const removeBranches = db.prepare('DELETE FROM memory_branches WHERE session = ?')
  const oldTokens = db.prepare(
    'DELETE FROM memory_event_tokens WHERE arrival IN (SELECT arrival FROM memory_event_tokens WHERE arrival < ? ORDER BY arrival LIMIT ?)',
  )
  const memoryTokens = db.prepare(
    'DELETE FROM memory_event_tokens WHERE arrival IN (SELECT arrival FROM memory_event_tokens WHERE memory = ? LIMIT ?)',
  )

  const memoryIn = ({ account, region, memoryId }: MemoryKey) => {
    const row = findMemory.get(account, region, memoryId)
    return row && Number(row.memory)
  }

  const sessionIn = ({ account, region, memoryId, actorId, sessionId }: SessionKey) => {
    const row = findSession.get(account, region, memoryId, actorId, sessionId)
    return row && { memory: Number(row.memory), session: Number(row.session) }
  }

  function openSession(key: SessionKey, createdAt: number): { memory: number; session: number } {
    const found = sessionIn(key)
    if (found) return found
    const memory = memoryIn(key) ?? Number(addMemory.get(key.account, key.region, key.memoryId)?.memory)
    return { memory, session: Number(addSession.get(memory, key.actorId, key.sessionId, createdAt)?.session) }
  }

  function dropSession(session: number): void {
    removeBranches.run(session)
    removeSession.run(session)
  }

  function dropEnded(sessions: Iterable<number>, since: number): number {
    const ended = [...new Set(sessions)].filter((session) => isOver.get(session, since))
    ended.forEach(dropSession)
    return ended.length
  }

  /** Sessions that have no event to end with: deleted by hand, or never made. A stretch of all sessions each time, from where the last ended. */
  function dropSilent(memory: number, since: number): number {
    const rows = nextSessions.all(looked.get(memory) ?? 0, sessionsLookedAt)
    looked.set(memory, rows.length < sessionsLookedAt ? 0 : Number(rows.at(-1)?.session))
    const own = rows.filter((row) => Number(row.memory) === memory).map((row) => Number(row.session))
    return dropEnded(own, since)
  }

  return {
    openSession,

    append(session: SessionKey, { branch = '', metadata, payload }: NewEvent, { at, arrival }: EventKey, now: number): void {
      const place = openSession(session, now)
      insert.run(arrival, place.memory, place.session, at, branch, JSON.stringify(metadata), payload)
    },

    putBranch(key: SessionKey, { name, root }: Branch): void {
      const place = sessionIn(key)
      if (!place) throw new PortError('memory-events', 'no-session', `the branch ${name} has no session to be in`)
      putBranch.run(place.session, name, root.at, root.arrival, root.branch ?? '')
    },

    putToken(memory: MemoryKey, { token, fingerprint, sessionId, key }: EventToken): void {
      const found = memoryIn(memory)
      if (found === undefined) throw new PortError('memory-events', 'no-memory', 'a token belongs to an event that was appended before')
      putToken.run(key.arrival, found, token, fingerprint, sessionId, key.at)
    },

    delete(key: SessionKey, { at, arrival }: EventKey): boolean {
      const place = sessionIn(key)
      return place !== undefined && remove.run(arrival, at, place.session).changes === 1
    },

    dropExpired(memory: MemoryKey, { since, limit }: Living & { limit: number }): number {
      const found = memoryIn(memory)
      if (found === undefined) return 0
      const events = oldEvents.all(found, since * arrivalsPerMs, limit)
      const sessions = dropEnded(
        events.map(({ session }) => Number(session)),
        since,
      )
      return events.length + sessions || dropSilent(found, since)
    },

    dropTokens({ since, limit }: Living & { limit: number }): number {
      return Number(oldTokens.run(since * arrivalsPerMs, limit).changes)
    },

    dropMemory(memory: MemoryKey, limit: number): number {
      const found = memoryIn(memory)
      if (found === undefined) return 0
      let left = limit - oldEvents.all(found, Number.MAX_SAFE_INTEGER, limit).length
      if (left > 0) left -= Number(memoryTokens.run(found, left).changes)
      if (left > 0) {
        const sessions = ofMemory.all(found, left).map(({ session }) => Number(session))
        sessions.forEach(dropSession)
        left -= sessions.length
      }
      if (left > 0) left -= Number(dropKey.run(found).changes)
      return limit - left
    },
  }
}
