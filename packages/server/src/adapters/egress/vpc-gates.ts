// Sessions of networkMode VPC on the router: each has a chain of its own, which lets through what the map of VPC ids opens and
// nothing else. The map is looked at again and again while such sessions run, and their chains follow it.

import type { Clock } from '#kernel/clock.js'
import type { Reach } from '#ports/sandbox.js'
import type { VpcIds, VpcMap, VpcMeaning, VpcOpening } from '#ports/vpc-map.js'
import { run } from './child.js'
import { isWithin } from './parse-vpc-map.js'
import { privateIpv4, privateIpv6 } from './refused-ranges.js'
import type { Router } from './router.js'
import { gates, leavingChain, publicChain } from './rules.js'
import type { SessionNetwork } from './session-network.js'

export interface VpcNetwork extends SessionNetwork {
  reach(): Reach
}

export interface VpcGates {
  /** Lets the network, which nothing runs in yet, as far as `meaning` says. */
  narrow(network: SessionNetwork, ids: VpcIds, meaning: VpcMeaning): Promise<VpcNetwork>
  /** Undefined for a session of another mode. */
  resolversOf(address: string): readonly string[] | undefined
  close(): void
}

const refreshMs = 2000

interface Gate {
  ids: VpcIds
  name: string
  meaning: VpcMeaning
  /** Its last look at the map: whoever clears the chain away comes after it. */
  following: Promise<void>
  instead?: Reach['instead']
}

export function vpcGates({ inRouter, tools, gone }: Router, map: VpcMap, clock: Clock): VpcGates {
  const open = new Map<string, Gate>()
  let cancel = () => {}
  const apply = (text: string) => run([...inRouter, tools.nft, '-f', '-'], text)

  const follow = async (gate: Gate) => {
    const found = await map.meaningOf(gate.ids).catch((fault: Error) => ({ instead: closed(fault) }))
    // What cannot be read opens nothing.
    const next = 'instead' in found ? { openings: [], resolvers: [], ...found } : found
    const changed = JSON.stringify(next.openings) !== JSON.stringify(gate.meaning.openings)
    if (changed) await apply(chainOf(gate.name, next.openings))
    gate.meaning = next
    gate.instead = 'instead' in found ? found.instead : undefined
  }
  const followAll = () => {
    cancel()
    cancel = () => {}
    if (open.size === 0 || gone.aborted) return
    cancel = clock.after(refreshMs, () => {
      // A chain that could not be written is tried again.
      for (const gate of open.values()) gate.following = follow(gate).catch(() => {})
      void Promise.all([...open.values()].map(({ following }) => following)).then(followAll)
    })
  }

  return {
    async narrow(network, ids, meaning) {
      const { name, address } = network
      const gate: Gate = { ids, name, meaning, following: Promise.resolve() }
      await apply(`${chainOf(name, meaning.openings)}add element inet agentworks ${gates} { "${name}" : goto ${name} }\n`)
      open.set(address, gate)
      if (open.size === 1) followAll()
      return {
        ...network,
        reach: () => reachOf(gate),
        async ended() {
          open.delete(address)
          await gate.following
          if (!gone.aborted)
            await apply(`delete element inet agentworks ${gates} { "${name}" }\ndelete chain inet agentworks ${name}\n`).catch(() => {})
          await network.ended()
        },
      }
    },
    resolversOf: (address) => open.get(address)?.meaning.resolvers,
    close: () => cancel(),
  }
}

export const closed = (fault: Error) => ({ reason: fault.message, fix: 'mend the map of VPC ids' })

function reachOf({ meaning: { openings, resolvers }, instead }: Gate): Reach {
  if (openings.length === 0) return { to: 'platform', instead }
  return { to: 'vpc', open: [...openings.map(words), ...(resolvers.length > 0 ? [`names from ${resolvers.join(', ')}`] : [])] }
}

const words = ({ protocol, ports, to }: VpcOpening) => `${protocol}${ports.length > 0 ? ` ${ports.join(', ')}` : ''} to ${to.join(', ')}`

/** The whole chain in one transaction, made or made anew. */
function chainOf(name: string, openings: readonly VpcOpening[]): string {
  const chain = `inet agentworks ${name}`
  const rules = openings.flatMap(({ protocol, ports, to }) => {
    const wanted = protocol === 'all' ? '' : ports.length > 0 ? `${protocol} dport { ${ports.join(', ')} } ` : `meta l4proto ${protocol} `
    // Only a range that is private itself opens what is private: 0.0.0.0/0 is the internet, not the neighbours.
    return to.map(
      (range) =>
        `add rule ${chain} ${range.includes(':') ? 'ip6' : 'ip'} daddr ${range} ${wanted}goto ${isPrivate(range) ? leavingChain : publicChain}`,
    )
  })
  return [`add chain ${chain}`, `flush chain ${chain}`, ...rules, `add rule ${chain} reject with icmpx admin-prohibited`, ''].join('\n')
}

const isPrivate = (range: string) => (range.includes(':') ? privateIpv6 : privateIpv4).some((outer) => isWithin(range, outer))
