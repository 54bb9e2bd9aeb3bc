// What a token says, held against what an authorizer asks: every check by itself, so that `identity explain` can tell all of them.
import type { ClaimRule, JwtAuthorizer } from './jwt-authorizer.js'
import { clockSkewMs } from './limits.js'

export type Claims = Readonly<Record<string, unknown>>

export interface ClaimCheck {
  /** The claim, by its name in the token. */
  claim: string
  holds: boolean
  /** What is asked for, and what was found instead. Shown to the resource's owner alone. */
  says: string
  /** AWS's words, for whoever sent the token. */
  refusal: string
}

export interface Expected {
  issuer: string
  now: number
}

/** In the order in which a refusal names them. All must hold. */
export function claimChecks(authorizer: JwtAuthorizer, claims: Claims, { issuer, now }: Expected): ClaimCheck[] {
  return [issuerCheck(claims, issuer), ...timeChecks(claims, now), subjectCheck(claims), ...configuredChecks(authorizer, claims)]
}

function issuerCheck({ iss }: Claims, issuer: string): ClaimCheck {
  return mismatch('iss', iss === issuer, `must be ${issuer}, letter for letter; is ${shown(iss)}`)
}

function timeChecks({ exp, nbf }: Claims, now: number): ClaimCheck[] {
  const expires = seconds(exp)
  const expiry: ClaimCheck = {
    claim: 'exp',
    holds: expires !== undefined && now < expires + clockSkewMs,
    says: expires === undefined ? `must be a number of seconds; is ${shown(exp)}` : `the token is good until ${at(expires)}; it is ${at(now)}`,
    refusal: expires === undefined ? "Claim 'exp' is missing or is not a number" : 'Token has expired',
  }
  if (nbf === undefined) return [expiry]
  const begins = seconds(nbf)
  const start: ClaimCheck = {
    claim: 'nbf',
    holds: begins !== undefined && now >= begins - clockSkewMs,
    says: begins === undefined ? `must be a number of seconds; is ${shown(nbf)}` : `the token is good from ${at(begins)} on; it is ${at(now)}`,
    refusal: begins === undefined ? "Claim 'nbf' is not a number" : 'Token is not yet valid',
  }
  return [expiry, start]
}

/** With the issuer it is the user. A token for a machine has its client there. */
function subjectCheck({ sub }: Claims): ClaimCheck {
  return {
    claim: 'sub',
    holds: typeof sub === 'string' && sub !== '' && sub.length <= 2_048,
    says: 'must be a text of 1 to 2048 characters',
    refusal: "Claim 'sub' is missing or is not a text",
  }
}

function configuredChecks({ allowedAudience, allowedClients, allowedScopes, customClaims = [] }: JwtAuthorizer, claims: Claims): ClaimCheck[] {
  const checks: ClaimCheck[] = []
  if (allowedAudience) checks.push(anyOf('aud', allowedAudience, texts(claims.aud), 'allowedAudience'))
  if (allowedClients)
    checks.push(anyOf('client_id', allowedClients, typeof claims.client_id === 'string' ? [claims.client_id] : [], 'allowedClients'))
  if (allowedScopes) checks.push(scopeCheck(allowedScopes, claims))
  return [...checks, ...customClaims.map((rule) => customCheck(rule, claims))]
}

function anyOf(claim: string, allowed: readonly string[], found: readonly string[], member: string): ClaimCheck {
  const holds = found.some((one) => allowed.includes(one))
  return mismatch(claim, holds, `must ${claim === 'client_id' ? 'be' : 'hold'} one of ${member}: ${allowed.join(', ')}; ${holdings(found)}`)
}

/** RFC 9068 has one text with spaces between; Okta's `scp` is a list. */
function scopeCheck(allowed: readonly string[], { scope, scp }: Claims): ClaimCheck {
  const found = [scope, scp].flatMap((one) => (typeof one === 'string' ? one.split(' ') : texts(one))).filter(Boolean)
  return anyOf('scope', allowed, found, 'allowedScopes')
}

function customCheck({ name, isList, operator, values }: ClaimRule, claims: Claims): ClaimCheck {
  const value = Object.hasOwn(claims, name) ? claims[name] : undefined
  const isTyped = isList ? Array.isArray(value) : typeof value === 'string'
  const holds = isTyped && texts(value).some((one) => values.includes(one))
  return mismatch(name, holds, `must be a ${isList ? 'list of texts' : 'text'} that ${operator} ${values.join(', ')}; is ${shown(value)}`)
}

const mismatch = (claim: string, holds: boolean, says: string): ClaimCheck => ({
  claim,
  holds,
  says,
  refusal: `Claim '${claim}' value mismatch with configuration.`,
})

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function seconds(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 8e12 ? value * 1000 : undefined
}

const at = (epochMs: number) => new Date(epochMs).toISOString()

const holdings = (found: readonly string[]) => (found.length === 0 ? 'it is missing' : `is ${shown(found.length === 1 ? found[0] : found)}`)

function shown(value: unknown): string {
  return value === undefined ? 'missing' : JSON.stringify(value).slice(0, 300)
}
