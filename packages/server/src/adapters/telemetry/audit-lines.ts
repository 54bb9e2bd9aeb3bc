// Reading the trail back, newest file first, one line at a time: the files are larger than memory should ever be.
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import type { AuditEvent } from '#ports/telemetry.js'

/** `paths` from the newest to the oldest; those that are not there are passed over. */
export async function newestEvents(paths: readonly string[], wanted: (event: AuditEvent) => boolean, limit: number): Promise<AuditEvent[]> {
  let found: AuditEvent[] = []
  for (const path of paths) {
    if (found.length >= limit) break
    found = [...(await newestIn(path, wanted, limit - found.length)), ...found]
  }
  return found
}

async function newestIn(path: string, wanted: (event: AuditEvent) => boolean, limit: number): Promise<AuditEvent[]> {
  const input = createReadStream(path)
  try {
    await once(input, 'open')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
    throw error
  }
  let newest: AuditEvent[] = []
  for await (const line of createInterface({ input })) {
    const event = parsed(line)
    if (!event || !wanted(event)) continue
    newest.push(event)
    if (newest.length > 2 * limit) newest = newest.slice(-limit)
  }
  return limit > 0 ? newest.slice(-limit) : []
}

/** A crash may have cut the last line. */
function parsed(line: string): AuditEvent | undefined {
  try {
    return JSON.parse(line) as AuditEvent
  } catch {
    return undefined
  }
}
