// Every address at which this host itself answers. The kernel's tables, not the list of interfaces: that leaves out interfaces
// that are down and whole ranges routed to the host.
import { readFile } from 'node:fs/promises'

export interface OwnAddresses {
  /** Ranges in the form 203.0.113.7/32. */
  ipv4: readonly string[]
  ipv6: readonly string[]
}

export async function ownAddresses(): Promise<OwnAddresses> {
  const [trie, routes] = await Promise.all(['/proc/net/fib_trie', '/proc/net/ipv6_route'].map((path) => readFile(path, 'latin1').catch(() => '')))
  return { ipv4: localIpv4(trie ?? ''), ipv6: localIpv6(routes ?? '') }
}

/** `|-- ADDRESS`, and below it lines of `/LENGTH SCOPE TYPE`. */
export function localIpv4(trie: string): string[] {
  const found = new Set<string>()
  let address = ''
  for (const line of trie.split('\n')) {
    address = /\|-- ([0-9.]+)/.exec(line)?.[1] ?? address
    const length = /\/(\d+) \w+ (?:LOCAL|BROADCAST)\b/.exec(line)?.[1]
    if (length !== undefined) found.add(`${address}/${length}`)
  }
  return [...found].sort()
}

const local = 0x80000000
const anycast = 0x00100000

/** Columns: destination, its length, source, its length, next hop, metric, references, use, flags, device. */
export function localIpv6(routes: string): string[] {
  const found = new Set<string>()
  for (const line of routes.split('\n')) {
    const [destination = '', length = '', , , , , , , flags = '0'] = line.trim().split(/\s+/)
    if ((Number.parseInt(flags, 16) & (local | anycast)) !== 0 && destination.length === 32) {
      found.add(`${destination.match(/.{4}/g)?.join(':')}/${Number.parseInt(length, 16)}`)
    }
  }
  return [...found].sort()
}

/** Which families have a way out: without a default route there is nothing to copy, and nothing to reach. */
export async function defaultRoutes(): Promise<{ ipv4: boolean; ipv6: boolean }> {
  const [ipv4, ipv6] = await Promise.all(['/proc/net/route', '/proc/net/ipv6_route'].map((path) => readFile(path, 'latin1').catch(() => '')))
  const isDefault4 = (line: string) => /^\S+\t00000000\t\S+\t\S+\t\d+\t\d+\t\d+\t00000000\t/.test(line)
  const isDefault6 = (line: string) => /^0{32} 00 /.test(line) && !/\slo$/.test(line.trim())
  return { ipv4: (ipv4 ?? '').split('\n').some(isDefault4), ipv6: (ipv6 ?? '').split('\n').some(isDefault6) }
}
