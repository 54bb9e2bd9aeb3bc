// Extraction jobs on SQLite, in the store's own file and transactions.
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite'
import type { ExtractionJobs, FailedJob, JobFilter, LeasedJob, NewJob, WaitingJob } from '#ports/extraction-jobs.js'
import type { MemoryKey } from '#ports/memory-events.js'
import type { SqliteTables } from './tables.js'

type Values = Record<string, SQLOutputValue>

const ofMemory = 'account = ? AND region = ? AND memory_id = ?'
const laneIsFree = "NOT EXISTS (SELECT 1 FROM extraction_jobs r WHERE r.lane = j.lane AND r.state = 'RUNNING')"

export function sqliteExtractionJobs(tables: SqliteTables): ExtractionJobs {
  const reads = tables.statements(jobReads)
  const writes = tables.statements(jobWrites)
  return {
    failed: async (...asked) => reads.committed().failed(...asked),
    unfinished: async (...asked) => reads.committed().unfinished(...asked),
    nextDue: async () => reads.committed().nextDue(),
    within(tx) {
      const write = () => writes.within(tx)
      return {
        put: async (job) => write().put(job, 'WAITING', ''),
        putFailed: async (job, reason) => write().put(job, 'FAILED', reason),
        unstarted: async (...given) => write().unstarted(...given),
        change: async (...given) => write().change(...given),
        lease: async (...given) => write().lease(...given),
        end: async (...given) => write().end(...given),
        postpone: async (...given) => write().postpone(...given),
        fail: async (...given) => write().fail(...given),
        restart: async (...given) => write().restart(...given),
        freeAll: async () => write().freeAll(),
        dropFailed: async (...given) => write().dropFailed(...given),
        dropMemory: async (...given) => write().dropMemory(...given),
      }
    },
  }
}

function jobReads(db: DatabaseSync) {
  const filter = "(? = '' OR strategy_id = ?) AND (? = '' OR actor_id = ?) AND (? = '' OR session_id = ?)"
  const failed = db.prepare(`SELECT * FROM extraction_jobs WHERE ${ofMemory} AND state = 'FAILED' AND ${filter} AND job > ? ORDER BY job LIMIT ?`)
  const unfinished = db.prepare(
    `SELECT * FROM extraction_jobs WHERE ${ofMemory} AND state IN ('QUEUED', 'WAITING', 'RUNNING') AND ${filter} ORDER BY job LIMIT ?`,
  )
  const next = db.prepare(`SELECT due FROM extraction_jobs j WHERE state = 'WAITING' AND ${laneIsFree} ORDER BY due LIMIT 1`)
  const values = ({ strategyId = '', actorId = '', sessionId = '' }: JobFilter) => [strategyId, strategyId, actorId, actorId, sessionId, sessionId]
  return {
    failed: (memory: MemoryKey, wanted: JobFilter, { limit, after = 0 }: { limit: number; after?: number }): FailedJob[] =>
      failed
        .all(...keyOf(memory), ...values(wanted), after, limit)
        .map((row) => ({ ...jobOf(row), reason: String(row.reason), place: Number(row.job) })),
    unfinished: (memory: MemoryKey, wanted: JobFilter, limit = -1): WaitingJob[] =>
      unfinished.all(...keyOf(memory), ...values(wanted), limit).map(waitingOf),
    nextDue(): number | undefined {
      const row = next.get()
      return row && Number(row.due)
    },
  }
}

function jobWrites(db: DatabaseSync) {
  const insert = db.prepare(
    `INSERT INTO extraction_jobs (job_id, account, region, memory_id, actor_id, session_id, strategy_id, lane, state, due, lease, attempts, reason, work)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?)`,
  )
  const unstarted = db.prepare(
    `SELECT * FROM extraction_jobs WHERE ${ofMemory} AND state IN ('QUEUED', 'WAITING') AND actor_id = ? AND session_id = ? AND strategy_id = ?
     AND lane = ? AND attempts = 0 ORDER BY job DESC LIMIT 1`,
  )
  const change = db.prepare("UPDATE extraction_jobs SET work = ?, due = ? WHERE job_id = ? AND state IN ('QUEUED', 'WAITING') AND attempts = 0")
  const isTaken = db.prepare("SELECT 1 FROM extraction_jobs WHERE lane = ? AND state IN ('WAITING', 'RUNNING') LIMIT 1")
  const callNext = db.prepare(
    "UPDATE extraction_jobs SET state = 'WAITING' WHERE job = (SELECT job FROM extraction_jobs WHERE lane = ? AND state = 'QUEUED' ORDER BY job LIMIT 1)",
  )
  // `due` of a job at work is when its lease runs out.
  const expire = db.prepare("UPDATE extraction_jobs SET state = 'WAITING' WHERE state = 'RUNNING' AND due <= ?")
  const take = db.prepare(
    `UPDATE extraction_jobs SET state = 'RUNNING', due = ?, lease = lease + 1, attempts = attempts + 1
     WHERE job = (SELECT job FROM extraction_jobs j WHERE state = 'WAITING' AND due <= ? AND ${laneIsFree} ORDER BY due, job LIMIT 1) RETURNING *`,
  )
  const held = "job_id = ? AND lease = ? AND state = 'RUNNING'"
  const end = db.prepare(`DELETE FROM extraction_jobs WHERE ${held}`)
  const postpone = db.prepare(`UPDATE extraction_jobs SET state = 'WAITING', due = ? WHERE ${held}`)
  const fail = db.prepare(`UPDATE extraction_jobs SET state = 'FAILED', reason = ?, due = ? WHERE ${held}`)
  const restart = db.prepare(
    `UPDATE extraction_jobs SET state = 'WAITING', reason = '', attempts = 0, due = ? WHERE ${ofMemory} AND job_id = ? AND state = 'FAILED'`,
  )
  const freeAll = db.prepare("UPDATE extraction_jobs SET state = 'WAITING', due = 0, attempts = attempts - 1 WHERE state = 'RUNNING'")
  // `due` of a failed job is when it failed.
  const dropFailed = db.prepare(
    `DELETE FROM extraction_jobs WHERE job IN (SELECT job FROM extraction_jobs WHERE ${ofMemory} AND state = 'FAILED' AND due < ? LIMIT ?)`,
  )
  const drop = db.prepare(`DELETE FROM extraction_jobs WHERE job IN (SELECT job FROM extraction_jobs WHERE ${ofMemory} LIMIT ?)`)
  const changed = ({ changes }: { changes: number | bigint }) => Number(changes) > 0
  /** What left its place lets the next of its lane come. */
  const left = (lane: string, result: { changes: number | bigint }) => {
    if (changed(result)) callNext.run(lane)
    return changed(result)
  }

  return {
    put({ jobId, session, strategyId, lane, work, due }: NewJob, wanted: 'WAITING' | 'FAILED', reason: string): void {
      const state = wanted === 'WAITING' && isTaken.get(lane) ? 'QUEUED' : wanted
      insert.run(jobId, ...keyOf(session), session.actorId, session.sessionId, strategyId, lane, state, due, reason, work)
    },
    unstarted({ session, strategyId, lane }: Pick<NewJob, 'session' | 'strategyId' | 'lane'>): WaitingJob | undefined {
      const row = unstarted.get(...keyOf(session), session.actorId, session.sessionId, strategyId, lane)
      return row && waitingOf(row)
    },
    change(jobId: string, { work, due }: Pick<NewJob, 'work' | 'due'>): void {
      change.run(work, due, jobId)
    },
    lease({ now, until, limit }: { now: number; until: number; limit: number }): LeasedJob[] {
      expire.run(now)
      const taken: LeasedJob[] = []
      while (taken.length < limit) {
        const row = take.get(until, now)
        if (!row) break
        taken.push({ ...waitingOf(row), lease: Number(row.lease) })
      }
      return taken
    },
    end: ({ jobId, lease, lane }: LeasedJob) => left(lane, end.run(jobId, lease)),
    postpone: ({ jobId, lease, lane }: LeasedJob, due: number) => left(lane, postpone.run(due, jobId, lease)),
    fail: ({ jobId, lease, lane }: LeasedJob, { reason, now }: { reason: string; now: number }) => left(lane, fail.run(reason, now, jobId, lease)),
    restart: (memory: MemoryKey, jobId: string, now: number) => changed(restart.run(now, ...keyOf(memory), jobId)),
    freeAll: () => void freeAll.run(),
    dropFailed: (memory: MemoryKey, { since, limit }: { since: number; limit: number }) =>
      Number(dropFailed.run(...keyOf(memory), since, limit).changes),
    dropMemory: (memory: MemoryKey, limit: number) => Number(drop.run(...keyOf(memory), limit).changes),
  }
}

const keyOf = ({ account, region, memoryId }: MemoryKey) => [account, region, memoryId] as const

function jobOf(row: Values): NewJob {
  const text = (name: string) => String(row[name])
  const session = {
    account: text('account'),
    region: text('region'),
    memoryId: text('memory_id'),
    actorId: text('actor_id'),
    sessionId: text('session_id'),
  }
  return { jobId: text('job_id'), session, strategyId: text('strategy_id'), lane: text('lane'), work: text('work'), due: Number(row.due) }
}

const waitingOf = (row: Values): WaitingJob => ({ ...jobOf(row), attempts: Number(row.attempts) })
