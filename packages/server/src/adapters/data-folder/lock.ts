// One platform to a data folder. The kernel holds the lock (SQLite's own, on an empty file), so it ends with the process however
// that ends: there is no stale lock to judge, and no two starters can both take one over. The file `lock` only tells the CLI and
// a second start who is there.
import { closeSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import { writePrivate } from './private-file.js'

export interface LockNote {
  pid: number
  /** ISO 8601. */
  startedAt: string
  /** The kernel's own start time of that process, where it has one: tells it from a later process with the same pid. */
  processStart?: string
  /** Absent until the platform accepts requests. */
  url?: string
  /** What its clients should sign for, unless they know better. */
  region?: string
  /** Its second port, and what a client must trust there. */
  tls?: { url: string; authority?: { path: string; bundlePath: string }; hosts: readonly string[] }
}

export interface Lock {
  announce(where: Pick<LockNote, 'region' | 'tls'> & { url: string }): void
  release(): void
}

export function takeLock(dir: string, clock: Pick<Clock, 'now'>): Lock {
  const held = holdOrRefuse(dir)
  const path = join(dir, 'lock')
  const note: LockNote = { pid: process.pid, startedAt: new Date(clock.now()).toISOString(), processStart: processStart(process.pid) }
  writePrivate(path, `${JSON.stringify(note)}\n`)
  let isHeld = true
  return {
    announce: (where) => writePrivate(path, `${JSON.stringify({ ...note, ...where })}\n`),
    release() {
      if (!isHeld) return
      isHeld = false
      rmSync(path, { force: true })
      held.close()
    },
  }
}

/** `undefined` when no platform has the folder, as far as its note tells. */
export function readLock(dir: string): LockNote | undefined {
  try {
    const note = JSON.parse(readFileSync(join(dir, 'lock'), 'utf8')) as LockNote
    return processStart(note.pid) === note.processStart ? note : undefined
  } catch {
    return undefined
  }
}

function holdOrRefuse(dir: string): DatabaseSync {
  const path = join(dir, 'lock.held')
  closeSync(openSync(path, 'a', 0o600))
  const db = new DatabaseSync(path, { timeout: 0 })
  try {
    db.exec('PRAGMA journal_mode = MEMORY; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return db
  } catch (cause) {
    db.close()
    throw new PortError('data-folder', 'in-use', inUse(dir), { cause })
  }
}

function inUse(dir: string): string {
  const first = readLock(dir)
  const who = first
    ? `by process ${first.pid}, started ${first.startedAt}, ${first.url ? `at ${first.url}` : 'which is still starting'}`
    : 'by a process that is just starting'
  return `the data folder ${dir} is in use ${who}; use that one, stop it, or name another folder with --data-dir`
}

/** Field 22 of /proc/PID/stat; the name in field 2 may hold spaces and brackets. `undefined` off Linux, or when there is no such process. */
function processStart(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}
