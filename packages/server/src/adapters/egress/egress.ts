// How sessions of networkMode PUBLIC get to the internet on this host, or why they do not. Tried, not looked up.

import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { VpcIds, VpcMap } from '#ports/vpc-map.js'
import type { Names } from './names.js'
import { type Router, startRouter } from './router.js'
import type { RefusedByOperator } from './rules.js'
import { type SessionNetwork, type SessionNetworks, sessionNetworks } from './session-network.js'
import type { Missing } from './tools.js'
import { closed as closedBy, type VpcGates, type VpcNetwork, vpcGates } from './vpc-gates.js'

export interface EgressOptions {
  /** The host's user that carries the sessions' traffic; undefined for the platform's own, unless that is root. */
  user(): Promise<number | undefined>
  refused: RefusedByOperator
  names: Names
  /** What sessions of networkMode VPC reach. */
  vpcMap: VpcMap
  clock: Clock
}

export interface Egress {
  /** A network with a way out, or why there is none: the session then runs without. */
  join(): Promise<SessionNetwork | Missing>
  /** A network narrowed to what the ids open; undefined when that is nothing. */
  joinVpc(ids: VpcIds): Promise<VpcNetwork | Missing | undefined>
  /** What is missing on this host; undefined when sessions of networkMode PUBLIC have internet. */
  missing(): Promise<Missing | undefined>
  close(): Promise<void>
}

/** What was missing may have been installed since. */
const tryAgainMs = 10_000

interface Running {
  router: Router
  networks: SessionNetworks
  gates: VpcGates
}

export function egress({ user, refused, names, vpcMap, clock }: EgressOptions): Egress {
  let attempt: Promise<Running | Missing> | undefined
  let closed = false

  const start = async (): Promise<Running | Missing> => {
    let gates: VpcGates | undefined
    const namesByMode: Names = (from, question) => names(from, question, gates?.resolversOf(from))
    const router = await startRouter({ user: await user(), refused, names: namesByMode, clock })
    if ('reason' in router) {
      clock.after(tryAgainMs, () => {
        attempt = undefined
      })
      return router
    }
    const mine = attempt
    const forget = () => {
      if (mine === attempt) attempt = undefined
    }
    router.gone.addEventListener('abort', forget, { once: true })
    gates = vpcGates(router, vpcMap, clock)
    return { router, networks: sessionNetworks(router, clock), gates }
  }
  const running = () => {
    if (closed) throw new PortError('sandbox', 'cannot-start', 'the platform is stopping')
    attempt ??= start()
    return attempt
  }

  return {
    async join() {
      const found = await running()
      if ('reason' in found) return found
      return found.networks.take().catch(failed)
    },
    async joinVpc(ids) {
      const meaning = await vpcMap.meaningOf(ids).catch(closedBy)
      if ('reason' in meaning) return meaning
      if (meaning.openings.length === 0) return undefined
      const found = await running()
      if ('reason' in found) return found
      const work = async () => {
        const network = await found.networks.take()
        return found.gates.narrow(network, ids, meaning).catch(async (fault: unknown) => {
          await network.ended()
          throw fault
        })
      }
      return work().catch(failed)
    },
    async missing() {
      const found = await running()
      return 'reason' in found ? found : undefined
    },
    async close() {
      closed = true
      const found = await attempt
      if (!found || 'reason' in found) return
      found.gates.close()
      await found.networks.close()
      await found.router.close()
    },
  }
}

const failed = (fault: unknown): Missing => ({ reason: fault instanceof Error ? fault.message : String(fault), fix: 'agentworks doctor' })
