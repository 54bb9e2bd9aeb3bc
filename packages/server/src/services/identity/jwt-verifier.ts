// Is this token one that the resource's authorizer accepts, and whose is it? Shared by whatever has a JWT authorizer.
import { hash } from 'node:crypto'
import type { Clock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'
import type { JwtFault, Jwts } from '#ports/jwt.js'
import type { Outgoing } from '#ports/outgoing.js'
import type { JwtAuthorizer } from './jwt-authorizer.js'
import { type ClaimCheck, claimChecks } from './jwt-claims.js'
import { type Issuer, type Issuers, IssuerUnavailable, issuers } from './jwt-issuers.js'
import { clockSkewMs, tokenCharacters, verifiedTokensKept } from './limits.js'

/** Who the issuer says that it is. */
export interface JwtUser {
  issuer: string
  subject: string
}

export interface JwtVerifier {
  /** Throws what the caller is to hear: an UnauthorizedException in AWS's words. */
  verify(authorizer: JwtAuthorizer, token: string): Promise<JwtUser>
  /** Every check of its own, for the resource's owner. */
  explain(authorizer: JwtAuthorizer, token: string): Promise<TokenCheck[]>
  /** Who publishes that document. Throws IssuerUnavailable. */
  issuerOf(discoveryUrl: string): Promise<string>
  /** What an issuer publishes now. Throws IssuerUnavailable. */
  inspect: Issuers['read']
}

export type TokenCheck = Pick<ClaimCheck, 'claim' | 'holds' | 'says'>

interface Verified {
  user: JwtUser
  /** The keys that vouched for it: a rotation ends it. */
  keys: Issuer['keys']
  issuer: string
  until: number
}

export function jwtVerifier(world: { outgoing: Outgoing; jwts: Jwts; clock: Clock }): JwtVerifier {
  const { jwts, clock } = world
  const known = issuers(world)
  const verified = new Map<string, Verified>()

  async function checked(authorizer: JwtAuthorizer, token: string): Promise<Verified> {
    const content = jwts.read(token)
    // AWS: 403, not 401: no other token of this kind would help (seen on the service).
    if (!content) throw new ServiceError('AccessDeniedException', 'OAuth authorization failed: Failed to parse token')
    const { issuer, fault } = await signedBy(authorizer, token)
    if (fault) throw unauthorized(signatureRefusals[fault])
    const { claims } = content
    const failed = claimChecks(authorizer, claims, { issuer: issuer.issuer, now: clock.now() }).find(({ holds }) => !holds)
    if (failed) throw unauthorized(failed.refusal)
    const until = Number(claims.exp) * 1000 + clockSkewMs
    return { user: { issuer: issuer.issuer, subject: String(claims.sub) }, keys: issuer.keys, issuer: issuer.issuer, until }
  }

  async function signedBy({ discoveryUrl }: JwtAuthorizer, token: string): Promise<{ issuer: Issuer; fault: JwtFault | undefined }> {
    const issuer = await known.find(discoveryUrl)
    const fault = await issuer.keys.faultOf(token)
    if (fault !== 'unknown-key') return { issuer, fault }
    const again = await known.refetch(discoveryUrl).catch(() => issuer)
    return again.keys === issuer.keys ? { issuer, fault } : { issuer: again, fault: await again.keys.faultOf(token) }
  }

  return {
    async verify(authorizer, token) {
      if (token.length > tokenCharacters) throw new ServiceError('AccessDeniedException', 'OAuth authorization failed: Token is too long')
      // By its hash: the tokens themselves are not kept in memory.
      const name = hash('sha256', `${JSON.stringify(authorizer)} ${token}`)
      try {
        const before = verified.get(name)
        if (before) {
          const { issuer, keys } = await known.find(authorizer.discoveryUrl)
          if (before.keys === keys && before.issuer === issuer && clock.now() < before.until) return before.user
          verified.delete(name)
        }
        const fresh = await checked(authorizer, token)
        const oldest = verified.size >= verifiedTokensKept ? verified.keys().next().value : undefined
        if (oldest !== undefined) verified.delete(oldest)
        verified.set(name, fresh)
        return fresh.user
      } catch (fault) {
        if (!(fault instanceof IssuerUnavailable)) throw fault
        // Not a 401: the token may be good, and a client that threw it away would have its user sign in again for nothing.
        throw new ServiceError(
          'ServiceUnavailableException',
          'The token cannot be checked: the discovery document or the keys of the authorizer’s issuer cannot be read. Try again later.',
          { detail: fault.message, cause: fault },
        )
      }
    },

    async explain(authorizer, token) {
      const content = jwts.read(token)
      if (!content) return [{ claim: 'token', holds: false, says: 'is no signed JWT of three parts; an opaque token cannot be checked' }]
      const checks: TokenCheck[] = []
      let issuer = ''
      try {
        const found = await signedBy(authorizer, token)
        issuer = found.issuer.issuer
        const { kid, alg } = content.header
        const key = `kid ${JSON.stringify(kid ?? null)}, alg ${JSON.stringify(alg ?? null)}`.slice(0, 300)
        checks.push({
          claim: 'signature',
          holds: !found.fault,
          says: found.fault ? `${signatureRefusals[found.fault]} (${key})` : `by a key of ${issuer}`,
        })
      } catch (fault) {
        if (!(fault instanceof IssuerUnavailable)) throw fault
        return [{ claim: 'discoveryUrl', holds: false, says: fault.message }]
      }
      return [
        ...checks,
        ...claimChecks(authorizer, content.claims, { issuer, now: clock.now() }).map(({ claim, holds, says }) => ({ claim, holds, says })),
      ]
    },

    issuerOf: async (discoveryUrl) => (await known.find(discoveryUrl)).issuer,
    inspect: known.read,
  }
}

const signatureRefusals: Readonly<Record<JwtFault, string>> = {
  'unknown-key': 'Token is signed by a key that its issuer does not publish',
  signature: 'Token signature is not valid',
  algorithm: 'Token is signed by an algorithm that is not accepted; use RS256, ES256 or another one with a public key',
}

const unauthorized = (message: string) => new ServiceError('UnauthorizedException', message)
