// How sessions of networkMode PUBLIC get to the internet on this host, or why they do not. Tried, not looked up.

import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Names } from './names.js'
import { type Router, startRouter } from './router.js'
import type { RefusedByOperator } from './rules.js'
import { type SessionNetwork, type SessionNetworks, sessionNetworks } from './session-network.js'
import type { Missing } from './tools.js'

export interface EgressOptions {
  /** The host's user that carries the sessions' traffic; undefined for the platform's own, unless that is root. */
  user(): Promise<number | undefined>
  refused: RefusedByOperator
  names: Names
  clock: Clock
}

export interface Egress {
  /** A network with a way out, or why there is none: the session then runs without. */
  join(): Promise<SessionNetwork | Missing>
  /** What is missing on this host; undefined when sessions of networkMode PUBLIC have internet. */
  missing(): Promise<Missing | undefined>
  close(): Promise<void>
}

/** What was missing may have been installed since. */
const tryAgainMs = 10_000

interface Running {
  router: Router
  networks: SessionNetworks
}

export function egress({ user, refused, names, clock }: EgressOptions): Egress {
  let attempt: Promise<Running | Missing> | undefined
  let closed = false

  const start = async (): Promise<Running | Missing> => {
    const router = await startRouter({ user: await user(), refused, names, clock })
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
    return { router, networks: sessionNetworks(router, clock) }
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
      return found.networks.take().catch((fault: unknown) => ({ reason: messageOf(fault), fix: 'agentworks doctor' }))
    },
    async missing() {
      const found = await running()
      return 'reason' in found ? found : undefined
    },
    async close() {
      closed = true
      const found = await attempt
      if (!found || 'reason' in found) return
      await found.networks.close()
      await found.router.close()
    },
  }
}

const messageOf = (fault: unknown) => (fault instanceof Error ? fault.message : String(fault))
