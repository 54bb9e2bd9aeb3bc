// What the operator opens to the platform's own calls: `--allow-egress HOST[:PORT]|CIDR`.
import { BlockList, isIP } from 'node:net'

export interface Target {
  /** Of the URL: small letters, IPv6 without brackets. */
  host: string
  port: number
}

export interface Allowed {
  /** The operator named this host itself, whatever it resolves to. */
  host(target: Target): boolean
  address(address: string, port: number): boolean
}

/** `undefined` when one cannot be meant. */
export function parseAllowed(rule: string): Allowed | undefined {
  if (rule.includes('/')) return range(rule)
  const [, bracketed, plain, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+))(?::([0-9]{1,5}))?$/.exec(rule) ?? []
  const host = (isIP(rule) === 6 ? rule : (bracketed ?? plain))?.toLowerCase()
  if (host === undefined || (port !== undefined && (Number(port) < 1 || Number(port) > 65_535))) return undefined
  if (bracketed !== undefined && isIP(bracketed) !== 6) return undefined
  const isPort = (asked: number) => port === undefined || Number(port) === asked
  if (isIP(host) > 0) {
    const holds = block([`${host}/${isIP(host) === 6 ? 128 : 32}`])
    return { host: () => false, address: (address, asked) => isPort(asked) && holds(address) }
  }
  // Digits and dots alone were meant as an address; as a name they would allow nothing, silently.
  if (!/^(?=.{1,253}$)[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/.test(host) || /^[0-9.]+$/.test(host)) return undefined
  return { host: (target) => isPort(target.port) && target.host.replace(/\.$/, '') === host, address: () => false }
}

function range(rule: string): Allowed | undefined {
  const [, net = '', length = ''] = /^([0-9a-fA-F:.]+)\/([0-9]{1,3})$/.exec(rule) ?? []
  const family = isIP(net)
  if (family === 0 || Number(length) > (family === 6 ? 128 : 32)) return undefined
  const holds = block([rule])
  return { host: () => false, address: (address) => holds(address) }
}

export type Block = (address: string) => boolean

/** A list for each family: one list holds every IPv4 address as soon as it has ::/3, by its mapped form. */
export function block(ranges: readonly string[]): Block {
  const lists = { 4: new BlockList(), 6: new BlockList() }
  for (const range of ranges) {
    const [net = '', length = ''] = range.split('/')
    if (isIP(net) === 6) lists[6].addSubnet(net, Number(length), 'ipv6')
    else lists[4].addSubnet(net, Number(length), 'ipv4')
  }
  return (address) => (isIP(address) === 6 ? lists[6].check(address, 'ipv6') : lists[4].check(address, 'ipv4'))
}
