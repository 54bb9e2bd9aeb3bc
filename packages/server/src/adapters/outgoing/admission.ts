// Which addresses a call may connect to. Asked when a connection is made, with the addresses that it will use: a name that
// resolves to another address a moment later leads nowhere else.
import type { LookupAddress } from 'node:dns'
import { isIP } from 'node:net'
import { ownAddresses } from '#adapters/egress/own-addresses.js'
import { neverIpv4, neverIpv6, privateIpv4, privateIpv6 } from '#adapters/egress/refused-ranges.js'
import { PortError } from '#kernel/errors.js'
import { type Allowed, type Block, block, type Target } from './allowed.js'

export type ResolveName = (host: string) => Promise<readonly LookupAddress[]>

export interface AdmissionOptions {
  allowed: readonly Allowed[]
  resolve: ResolveName
}

export interface Asked extends Target {
  isPlain: boolean
}

/** The addresses that are open; never an empty list. */
export async function admit(asked: Asked, { allowed, resolve }: AdmissionOptions): Promise<LookupAddress[]> {
  const { host, port, isPlain } = asked
  const all = isIP(host) > 0 ? [{ address: host, family: isIP(host) }] : await resolved(host, resolve)
  if (allowed.some((rule) => rule.host(asked))) return [...all]
  const isNamed = ({ address }: LookupAddress) => allowed.some((rule) => rule.address(address, port))
  const isClosed = await closedRanges()
  const isOpen = ({ address }: LookupAddress) => !isPlain && !isClosed(address)
  // Filtered, not refused for one: behind NAT64 every name has an address of a closed range beside its open ones.
  const open = all.filter((one) => isNamed(one) || isOpen(one))
  if (open.length > 0) return open
  const first = all[0]?.address ?? host
  if (isClosed(first))
    throw refused(
      asked,
      `${host === first ? `${host} is` : `${host} leads to ${first},`} an address of this host, of a private network or of a metadata service`,
    )
  throw refused(asked, 'the address is http, and the platform calls others by https alone')
}

async function resolved(host: string, resolve: ResolveName): Promise<readonly LookupAddress[]> {
  const all = await resolve(host).catch((cause: unknown) => {
    throw new PortError('outgoing', 'not-resolved', `the name ${host} could not be resolved`, { retryable: true, cause })
  })
  if (all.length === 0) throw new PortError('outgoing', 'not-resolved', `the name ${host} has no address`)
  return all
}

async function closedRanges(): Promise<Block> {
  // Read each time: interfaces come and go while the platform runs.
  const own = await ownAddresses()
  return block([...neverIpv4, ...privateIpv4, ...own.ipv4, ...neverIpv6, ...privateIpv6, ...own.ipv6])
}

function refused({ host, port }: Target, why: string): PortError {
  const rule = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return new PortError(
    'outgoing',
    'refused',
    `${why}; who runs the platform can open it with start --allow-egress ${rule}, or AGENTWORKS_ALLOW_EGRESS=${rule}`,
  )
}
