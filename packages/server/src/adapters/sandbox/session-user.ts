// When the platform is root, each session gets a host user of its own, so that what leaks out of a sandbox owns nothing.
import { createHash } from 'node:crypto'
import { access, readFile } from 'node:fs/promises'
import type { Ids } from '#kernel/ids.js'

export interface SessionUsers {
  /** A user id that no account of the host has, always the same for one seed; undefined when sessions run as the platform's own user. */
  next(seed?: string): number | undefined
  /** Why not, when they do. */
  readonly reason: string | undefined
}

// Far above accounts, subordinate ids and systemd's ranges; the second for hosts that are containers with 65536 ids.
const ranges = [
  { first: 1_900_000_000, count: 100_000_000 },
  { first: 50_000, count: 10_000 },
]

export const dropTools = { unshare: '/usr/bin/unshare', setpriv: '/usr/bin/setpriv' } as const

export async function sessionUsers(ids: Ids): Promise<SessionUsers> {
  const none = (reason: string): SessionUsers => ({ next: () => undefined, reason })
  if (process.getuid?.() !== 0) return none('the platform is not root: sessions run as its own user')
  const missing = await firstMissing(Object.values(dropTools))
  if (missing) return none(`${missing} is missing`)
  const map = await readFile('/proc/self/uid_map', 'utf8').catch(() => '')
  const range = ranges.find(({ first, count }) => isMapped(map, first, count))
  if (!range) return none('this host maps too few user ids')
  return { next: (seed = ids.uuid()) => range.first + (createHash('sha256').update(seed).digest().readUInt32BE() % range.count), reason: undefined }
}

/** Lines of `inside outside count`. */
function isMapped(map: string, first: number, count: number): boolean {
  return map
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .some(([inside = 0, , size = 0]) => inside <= first && first + count <= inside + size)
}

async function firstMissing(paths: string[]): Promise<string | undefined> {
  for (const path of paths) {
    const found = await access(path).then(
      () => true,
      () => false,
    )
    if (!found) return path
  }
  return undefined
}
