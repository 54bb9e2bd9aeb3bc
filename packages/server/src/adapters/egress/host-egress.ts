// The one way out that all sessions of a platform share, whatever their level.
import { sessionUsers } from '#adapters/sandbox/session-user.js'
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { VpcMap } from '#ports/vpc-map.js'
import { type Egress, egress } from './egress.js'
import { names } from './names.js'
import type { RefusedByOperator } from './rules.js'

/** What the operator says of the way out. */
export interface EgressSettings {
  /** Ranges that no session may reach, beside those that none may anyway. */
  refused: RefusedByOperator
  /** Resolvers that answer sessions; empty for the host's own. */
  resolvers: readonly string[]
  /** Left out: no id of a VPC is known. */
  vpcMap?: VpcMap
}

const noVpcs: VpcMap = { meaningOf: async () => ({ openings: [], resolvers: [] }) }

const open: EgressSettings = { refused: { ipv4: [], ipv6: [] }, resolvers: [] }

export function hostEgress({ settings = open, clock, ids }: { settings?: EgressSettings; clock: Clock; ids: Ids }): Egress {
  return egress({
    user: async () => (await sessionUsers(ids)).next(),
    refused: settings.refused,
    names: names({ upstreams: settings.resolvers, ids, clock }),
    vpcMap: settings.vpcMap ?? noVpcs,
    clock,
  })
}
