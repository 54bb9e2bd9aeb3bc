// How many bytes of request bodies may be in memory at once: over all requests, and for each access key. Without it, a few
// dozen large requests that never end are enough to fill the memory of the process.
import { RequestRefused } from './sigv4-refusals.js'

export interface BodyBudget {
  /** What one request holds, at first nothing. `unchecked`: its signature is still to be verified. */
  hold(accessKeyId: string, kind: 'unchecked' | 'signed'): BodyHold
  usage(): { bytes: number }
}

export interface BodyHold {
  /** Throws ThrottlingException when that is more than the key, or all of them, may hold; nothing is added then. */
  take(bytes: number): void
  /** Gives all of it back. The hold can be used again. */
  release(): void
}

interface Share {
  signed: number
  /** Less: whoever knows an access key id fills this one, and must not keep the key's owner out with it. */
  unchecked: number
}

export interface BudgetLimits {
  bytes: number
  perKey: Share
  perSession: Share
}

const mib = 1024 ** 2
const budgetLimits: BudgetLimits = {
  bytes: 256 * mib,
  perKey: { signed: 128 * mib, unchecked: 64 * mib },
  perSession: { signed: 64 * mib, unchecked: 16 * mib },
}

export function bodyBudget(limits: BudgetLimits = budgetLimits): BodyBudget {
  let total = 0
  const shares = new Map<string, number>()

  return {
    usage: () => ({ bytes: total }),

    hold(accessKeyId, kind) {
      const share = `${kind} ${accessKeyId}`
      const most = (isSessionKey(accessKeyId) ? limits.perSession : limits.perKey)[kind]
      let own = 0
      return {
        take(bytes) {
          const held = (shares.get(share) ?? 0) + bytes
          if (held > most || total + bytes > limits.bytes) throw overBudget()
          shares.set(share, held)
          total += bytes
          own += bytes
        },
        release() {
          if (own === 0) return
          const left = (shares.get(share) ?? 0) - own
          if (left > 0) shares.set(share, left)
          else shares.delete(share)
          total -= own
          own = 0
        },
      }
    },
  }
}

/** AWS's prefix of temporary credentials, which agents in sessions have. */
export function isSessionKey(accessKeyId: string): boolean {
  return accessKeyId.startsWith('ASIA')
}

function overBudget(): RequestRefused {
  return new RequestRefused('memory-full', 'Too many large request bodies are being read at once. Try again when some of them are done.')
}
