// Descriptors that this process itself inherited without close-on-exec: Node marks the first ones at its start and stops at the first
// gap. What stands open here would stand open in every agent: a log of whoever started the platform, a socket, a folder of the host.
import { readdir, readFile } from 'node:fs/promises'

/** Node's own are all closed on exec, so that what is not was inherited. */
export async function inheritedDescriptors(): Promise<number[]> {
  const open = (await readdir('/proc/self/fd')).map(Number).filter((fd) => fd > 2)
  const flags = await Promise.all(open.map((fd) => readFile(`/proc/self/fdinfo/${fd}`, 'latin1').catch(() => '')))
  return open.filter((_fd, index) => isInherited(flags[index] ?? ''))
}

const closeOnExec = 0o2000000

function isInherited(facts: string): boolean {
  const flags = /^flags:\s+([0-7]+)$/m.exec(facts)?.[1]
  return flags !== undefined && (Number.parseInt(flags, 8) & closeOnExec) === 0
}

/**
 * What a child gets on its descriptors from `first` on. One that is only left out would stay open, and no shell closes those above 9:
 * nothing at all to read lies over each.
 */
export function covered<T>(descriptors: readonly number[], first: number, cover: T): (T | 'ignore')[] {
  const isCovered = new Set(descriptors)
  const last = Math.max(first - 1, ...descriptors)
  return Array.from({ length: last + 1 - first }, (_, index) => (isCovered.has(first + index) ? cover : 'ignore'))
}
