// The file's own rules. A fault names the place and what would be right.
import { BlockList, isIP } from 'node:net'
import type { VpcOpening } from '#ports/vpc-map.js'
import { neverIpv4, neverIpv6 } from './refused-ranges.js'

export interface VpcDocument {
  subnets: Readonly<Record<string, readonly string[]>>
  securityGroups: Readonly<Record<string, readonly Omit<VpcOpening, 'to'>[]>>
  resolvers: readonly string[]
}

export const emptyMap: VpcDocument = { subnets: {}, securityGroups: {}, resolvers: [] }

class Fault extends Error {}

export function parseVpcMap(text: string): VpcDocument | { fault: string } {
  try {
    const root = record(JSON.parse(text), 'the file', ['subnets', 'securityGroups', 'resolvers'])
    return {
      subnets: entries(root.subnets, 'subnets', /^subnet-[0-9a-zA-Z]{8,17}$/, range),
      securityGroups: entries(root.securityGroups, 'securityGroups', /^sg-[0-9a-zA-Z]{8,17}$/, rule),
      resolvers: list(root.resolvers ?? [], 'resolvers').map(resolver),
    }
  } catch (error) {
    if (error instanceof Fault || error instanceof SyntaxError) return { fault: error.message }
    throw error
  }
}

function record(value: unknown, at: string, keys?: readonly string[]): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new Fault(`${at} must be an object`)
  const other = keys && Object.keys(value).find((key) => !keys.includes(key))
  if (other !== undefined) throw new Fault(`${at} has "${other}"; it may have ${keys?.join(', ')}`)
  return value as Record<string, unknown>
}

function list(value: unknown, at: string): unknown[] {
  if (!Array.isArray(value)) throw new Fault(`${at} must be a list`)
  return value
}

function entries<T>(value: unknown, at: string, id: RegExp, read: (item: unknown, at: string) => T): Record<string, T[]> {
  const found = Object.entries(record(value ?? {}, at)).map(([key, items]) => {
    if (!id.test(key)) throw new Fault(`${at} has "${key}"; an id must match ${id.source.slice(1, -1)}`)
    return [key, list(items, `${at}.${key}`).map((item, index) => read(item, `${at}.${key}[${index}]`))]
  })
  return Object.fromEntries(found) as Record<string, T[]>
}

function range(value: unknown, at: string): string {
  const [, address = '', length = ''] = /^([0-9a-fA-F.:]+)\/([0-9]{1,3})$/.exec(String(value)) ?? []
  const family = isIP(address)
  if (family === 0 || Number(length) > (family === 6 ? 128 : 32))
    throw new Fault(`${at} is ${JSON.stringify(value)}; it must be a range such as 10.20.0.0/16`)
  const closed = (family === 6 ? neverIpv6 : neverIpv4).find((never) => isWithin(`${address}/${length}`, never))
  if (closed !== undefined) throw new Fault(`${at} is ${value}, in ${closed}, which no session may reach; leave it out`)
  return `${address}/${Number(length)}`
}

/** Of two ranges of one family. */
export function isWithin(inner: string, outer: string): boolean {
  const [[address = '', length = ''], [net = '', prefix = '']] = [inner.split('/'), outer.split('/')]
  const family = net.includes(':') ? 'ipv6' : 'ipv4'
  const block = new BlockList()
  block.addSubnet(net, Number(prefix), family)
  return Number(length) >= Number(prefix) && block.check(address, family)
}

function rule(value: unknown, at: string): Omit<VpcOpening, 'to'> {
  const { protocol, ports = [] } = record(value, at, ['protocol', 'ports'])
  if (protocol !== 'tcp' && protocol !== 'udp' && protocol !== 'all')
    throw new Fault(`${at}.protocol is ${JSON.stringify(protocol)}; it must be tcp, udp or all`)
  const found = list(ports, `${at}.ports`).map((port, index) => portRange(port, `${at}.ports[${index}]`))
  if (protocol === 'all' && found.length > 0) throw new Fault(`${at}.ports goes with tcp or udp, not all`)
  return { protocol, ports: found }
}

function portRange(value: unknown, at: string): string {
  const [, first = '', last = first] = /^([0-9]{1,5})(?:-([0-9]{1,5}))?$/.exec(String(value)) ?? []
  const isRange = first !== '' && Number(first) >= 1 && Number(first) <= Number(last) && Number(last) <= 65_535
  if (!isRange) throw new Fault(`${at} is ${JSON.stringify(value)}; it must be a port such as 443 or a range such as "8000-8080"`)
  return first === last ? `${Number(first)}` : `${Number(first)}-${Number(last)}`
}

function resolver(value: unknown, index: number): string {
  if (isIP(String(value)) === 0) throw new Fault(`resolvers[${index}] is ${JSON.stringify(value)}; it must be an address such as 10.20.0.2`)
  return String(value)
}
