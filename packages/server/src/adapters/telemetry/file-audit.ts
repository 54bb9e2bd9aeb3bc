// The audit trail: who asked for what, and what was answered, one JSON object a line. Lines are gathered for a moment and
// written together, in order; a crash can lose that moment, never a line in the middle.
import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, statSync, writeSync } from 'node:fs'
import type { Clock } from '#kernel/clock.js'
import type { Audit, AuditEvent, AuditTrail } from '#ports/telemetry.js'
import { newestEvents } from './audit-lines.js'
import { safeText } from './facts.js'

export interface FileAuditOptions {
  clock: Pick<Clock, 'after'>
  /** Past this the file becomes `PATH.1`, and so on up to `keep`; the oldest goes. */
  maxBytes?: number
  keep?: number
  /** Told once when the trail cannot be written: an audit that fails in silence is none. */
  onFailure?: (error: unknown) => void
}

export interface FileAudit extends Audit, AuditTrail {
  flush(): void
  close(): void
}

const gatherMs = 200
const gatherBytes = 64 * 1024

export function fileAudit(path: string, { clock, maxBytes = 64 * 1024 * 1024, keep = 5, onFailure = () => {} }: FileAuditOptions): FileAudit {
  let file = openPrivate(path)
  let size = statSync(path).size
  let gathered = ''
  let forget: (() => void) | undefined
  let isClosed = false
  let hasFailed = false
  const followers = new Set<(event: AuditEvent) => void>()

  function flush(): void {
    forget?.()
    forget = undefined
    const text = gathered
    gathered = ''
    if (text === '') return
    try {
      size += writeAll(file, Buffer.from(text))
      if (size >= maxBytes) rotate()
    } catch (error) {
      if (!hasFailed) onFailure(error)
      hasFailed = true
    }
  }

  /** The old file is closed last: whatever fails before, `file` stays open and ours. A number closed too early soon means a client's connection. */
  function rotate(): void {
    for (let n = keep - 1; n >= 1; n--) if (existsSync(`${path}.${n}`)) renameSync(`${path}.${n}`, `${path}.${n + 1}`)
    if (keep > 0) renameSync(path, `${path}.1`)
    const next = openPrivate(path, keep > 0 ? 'a' : 'w')
    closeSync(file)
    file = next
    size = 0
  }

  return {
    record(event) {
      if (isClosed) return
      const safe = safeEvent(event)
      gathered += `${JSON.stringify(safe)}\n`
      for (const follower of followers) follower(safe)
      if (gathered.length >= gatherBytes) flush()
      else forget ??= clock.after(gatherMs, flush)
    },
    read(wanted, limit) {
      flush()
      const older = Array.from({ length: keep }, (_, n) => `${path}.${n + 1}`)
      return newestEvents([path, ...older], wanted, limit)
    },
    follow(onEvent) {
      followers.add(onEvent)
      return () => void followers.delete(onEvent)
    },
    flush,
    close() {
      if (isClosed) return
      flush()
      isClosed = true
      fsyncSync(file)
      closeSync(file)
    },
  }
}

/** What a caller can put words into is escaped; the rest is ours. */
function safeEvent(event: AuditEvent): AuditEvent {
  const { principalArn, resource } = event
  return { ...event, principalArn: safeText(principalArn), resource: resource === undefined ? undefined : safeText(resource) }
}

function openPrivate(path: string, flags: 'a' | 'w' = 'a'): number {
  const file = openSync(path, flags, 0o600)
  chmodSync(path, 0o600)
  return file
}

function writeAll(file: number, bytes: Uint8Array): number {
  let written = 0
  while (written < bytes.length) written += writeSync(file, bytes, written)
  return written
}
