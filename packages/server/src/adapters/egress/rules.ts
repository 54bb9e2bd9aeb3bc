// The filter between sessions and the internet. It stands in the router's namespace, where no session has any right.
import type { OwnAddresses } from './own-addresses.js'
import { neverIpv4, neverIpv6, privateIpv4, privateIpv6 } from './refused-ranges.js'
import { resolverAddress } from './resolver.js'

/** The router's interface towards the internet, and what the names of those towards sessions begin with. */
export const outside = 'outside'
export const inward = 'session'

/** What everything that leaves passes at last, and before it what no map has opened. */
export const leavingChain = 'leaving'
export const publicChain = 'unmapped'
/** From a session of mode VPC to its own chain. */
export const gates = 'gates'

/** A session that opens more connections at once than this is refused the next, so that it leaves some for others. */
const connectionsEach = 1024

/** Of one session to the resolver; how many questions of them are passed on is decided there. */
const packetsASecond = 400

export interface RefusedByOperator {
  ipv4: readonly string[]
  ipv6: readonly string[]
}

export function rules(refused: RefusedByOperator): string {
  return `
table inet agentworks {
  set never4 { type ipv4_addr; flags interval; auto-merge; elements = { ${[...neverIpv4, ...refused.ipv4].join(', ')} }; }
  set never6 { type ipv6_addr; flags interval; auto-merge; elements = { ${[...neverIpv6, ...refused.ipv6].join(', ')} }; }
  set private4 { type ipv4_addr; flags interval; elements = { ${privateIpv4.join(', ')} }; }
  set private6 { type ipv6_addr; flags interval; elements = { ${privateIpv6.join(', ')} }; }
  set own4 { type ipv4_addr; flags interval; auto-merge; }
  set own6 { type ipv6_addr; flags interval; auto-merge; }
  set asking { type ifname; flags dynamic; }
  set busy { type ifname; flags dynamic; }
  map ${gates} { type ifname : verdict; }
  chain ${leavingChain} {
    ct state established,related accept
    ct state invalid drop
    meta l4proto != { tcp, udp, icmp, ipv6-icmp } reject with icmpx admin-prohibited
    ip protocol icmp icmp type != echo-request drop
    meta l4proto ipv6-icmp icmpv6 type != echo-request drop
    ct state new add @busy { iifname ct count over ${connectionsEach} } reject with icmpx admin-prohibited
    accept
  }
  chain ${publicChain} {
    ip daddr @private4 reject with icmpx admin-prohibited
    ip6 daddr @private6 reject with icmpx admin-prohibited
    goto ${leavingChain}
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
    iifname "${outside}" ct state established,related accept
    iifname "${outside}" drop
    oifname != "${outside}" reject with icmpx admin-prohibited
    ip daddr @never4 reject with icmpx admin-prohibited
    ip6 daddr @never6 reject with icmpx admin-prohibited
    ip daddr @own4 reject with icmpx admin-prohibited
    ip6 daddr @own6 reject with icmpx admin-prohibited
    iifname vmap @${gates}
    goto ${publicChain}
  }
  chain input {
    type filter hook input priority 0; policy drop;
    iifname "${inward}*" meta l4proto { tcp, udp } th dport 53 ip daddr ${resolverAddress} add @asking { iifname limit rate over ${packetsASecond}/second burst ${packetsASecond} packets } drop
    iifname "${inward}*" meta l4proto { tcp, udp } th dport 53 ip daddr ${resolverAddress} accept
    iifname lo accept
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
  }
  chain output {
    type filter hook output priority 0; policy accept;
    oifname "${outside}" ip6 saddr :: drop
  }
  chain leave {
    type nat hook postrouting priority 100;
    oifname "${outside}" masquerade
  }
}
`
}

/** One transaction: at no moment is an address of the host's missing. */
export function ownAddressRules({ ipv4, ipv6 }: OwnAddresses): string {
  const filled = (set: string, ranges: readonly string[]) =>
    `flush set inet agentworks ${set}\n${ranges.length > 0 ? `add element inet agentworks ${set} { ${ranges.join(', ')} }\n` : ''}`
  return filled('own4', ipv4) + filled('own6', ipv6)
}
