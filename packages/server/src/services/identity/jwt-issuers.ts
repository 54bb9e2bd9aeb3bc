// Issuers by their discovery documents: who they say they are, and by which keys they sign. Read once, kept for a while, and read again
// when a token names a key that is not among them: a rotation is no outage.
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Jwts, KeySet } from '#ports/jwt.js'
import type { Outgoing } from '#ports/outgoing.js'
import { discoveryBytes, discoveryMs, issuerFreshMs, issuerKeptMs, issuersKept, keySetBytes, refetches, renewalMs } from './limits.js'

export interface Issuer {
  issuer: string
  jwksUri: string
  /** The same object for as long as the issuer publishes the same keys. */
  keys: KeySet
}

export interface Issuers {
  /** Throws IssuerUnavailable. */
  find(discoveryUrl: string): Promise<Issuer>
  /** After a token that names no known key: asks again, unless that was done a moment ago. */
  refetch(discoveryUrl: string): Promise<Issuer>
  /** Nothing kept is used. */
  read(discoveryUrl: string): Promise<Issuer & { headers: Readonly<Record<string, string>>; status: number }>
}

/** `message` names origin and cause: for the log and the resource's owner, not for whoever sends tokens. */
export class IssuerUnavailable extends Error {
  override readonly name = 'IssuerUnavailable'
}

interface Kept {
  known?: Issuer
  /** The key set as it was published, to see whether it changed. */
  published?: string
  readAt: number
  /** How often it may be asked just now, as of the last time. */
  turns: number
  triedAt: number
  failure?: IssuerUnavailable
  pending?: Promise<Issuer>
}

export function issuers({ outgoing, jwts, clock }: { outgoing: Outgoing; jwts: Jwts; clock: Clock }): Issuers {
  const all = new Map<string, Kept>()

  function keptFor(discoveryUrl: string): Kept {
    const found = all.get(discoveryUrl)
    if (found) {
      // The last place is that of the last used.
      all.delete(discoveryUrl)
      all.set(discoveryUrl, found)
      return found
    }
    if (all.size >= issuersKept) makeRoom()
    const fresh: Kept = { readAt: Number.NEGATIVE_INFINITY, turns: refetches.atOnce, triedAt: clock.now() }
    all.set(discoveryUrl, fresh)
    return fresh
  }

  /** Issuers that never answered go first: who names made-up ones (GetWorkloadAccessTokenForJWT) must not have those of others read again. */
  function makeRoom(): void {
    let oldest: string | undefined
    for (const [discoveryUrl, { known, pending }] of all) {
      oldest ??= discoveryUrl
      if (known || pending) continue
      all.delete(discoveryUrl)
      return
    }
    if (oldest !== undefined) all.delete(oldest)
  }

  /** One call at a time for each issuer, and few in a minute: whoever sends bad tokens must not make us attack it. */
  async function renew(discoveryUrl: string, kept: Kept): Promise<Issuer> {
    if (kept.pending) return kept.pending
    const now = clock.now()
    kept.turns = Math.min(refetches.atOnce, kept.turns + Math.max(0, now - kept.triedAt) / refetches.everyMs)
    kept.triedAt = now
    if (kept.turns < 1) return kept.known ?? Promise.reject(kept.failure)
    kept.turns -= 1
    kept.pending = load(discoveryUrl, kept)
    try {
      return await kept.pending
    } finally {
      delete kept.pending
    }
  }

  /** Nobody waits long for an issuer that is slow, when there is something to go by. */
  function soonOr(known: Issuer, renewal: Promise<Issuer>): Promise<Issuer> {
    return new Promise((resolve) => {
      const cancel = clock.after(renewalMs, () => resolve(known))
      const settle = (issuer: Issuer) => {
        cancel()
        resolve(issuer)
      }
      renewal.then(settle, () => settle(known))
    })
  }

  async function load(discoveryUrl: string, kept: Kept): Promise<Issuer> {
    try {
      const { issuer, jwksUri } = await discovery(discoveryUrl)
      const { text } = await fetched(jwksUri, keySetBytes, 'The key set')
      // Kept as the same object: what was verified by these keys stays verified.
      const keys = kept.known && kept.published === text ? kept.known.keys : jwts.keySet(parsed(text, 'The key set'))
      kept.known = { issuer, jwksUri, keys }
      kept.published = text
      kept.readAt = clock.now()
      return kept.known
    } catch (fault) {
      kept.failure = asUnavailable(fault)
      throw kept.failure
    }
  }

  async function discovery(discoveryUrl: string) {
    const { text, headers, status } = await fetched(discoveryUrl, discoveryBytes, 'The discovery document')
    const document = parsed(text, 'The discovery document')
    const { issuer, jwks_uri: jwksUri } = (typeof document === 'object' && document !== null ? document : {}) as Record<string, unknown>
    if (typeof issuer !== 'string' || issuer === '') throw new IssuerUnavailable('The discovery document names no issuer.')
    if (typeof jwksUri !== 'string' || !URL.canParse(jwksUri)) throw new IssuerUnavailable('The discovery document names no jwks_uri that is a URL.')
    return { issuer, jwksUri, headers, status }
  }

  async function fetched(url: string, maxBytes: number, what: string) {
    const { status, body, headers } = await outgoing({ method: 'GET', url, headers: { accept: 'application/json' }, withinMs: discoveryMs, maxBytes })
    if (status !== 200) throw new IssuerUnavailable(`${what} at ${new URL(url).origin} was answered with ${status}.`)
    return { text: body.toString('utf8'), headers, status }
  }

  return {
    async find(discoveryUrl) {
      const kept = keptFor(discoveryUrl)
      const age = clock.now() - kept.readAt
      if (kept.known && age < issuerFreshMs) return kept.known
      // An issuer that is down for a moment does not lock its users out; one that stays away does.
      if (kept.known && age < issuerKeptMs) return soonOr(kept.known, renew(discoveryUrl, kept))
      delete kept.known
      return renew(discoveryUrl, kept)
    },

    refetch: (discoveryUrl) => renew(discoveryUrl, keptFor(discoveryUrl)),

    async read(discoveryUrl) {
      try {
        const document = await discovery(discoveryUrl)
        const { text } = await fetched(document.jwksUri, keySetBytes, 'The key set')
        return { ...document, keys: jwts.keySet(parsed(text, 'The key set')) }
      } catch (fault) {
        throw asUnavailable(fault)
      }
    },
  }
}

function parsed(text: string, what: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new IssuerUnavailable(`${what} is no JSON.`, { cause })
  }
}

function asUnavailable(fault: unknown): IssuerUnavailable {
  if (fault instanceof IssuerUnavailable) return fault
  if (fault instanceof PortError)
    return new IssuerUnavailable(fault.port === 'jwt' ? `The key set ${fault.message}.` : fault.message, { cause: fault })
  throw fault
}
