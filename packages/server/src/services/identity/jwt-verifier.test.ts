import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import { joseJwts } from '#adapters/jwt/jose-jwts.js'
import { PortError } from '#kernel/errors.js'
import type { OutgoingCall } from '#ports/outgoing.js'
import type { ClaimRule, JwtAuthorizer } from './jwt-authorizer.js'
import { jwtVerifier } from './jwt-verifier.js'

const issuer = 'https://id.example.com'
const authorizer: JwtAuthorizer = { discoveryUrl: `${issuer}/.well-known/openid-configuration`, allowedClients: ['app'] }
const minute = 60_000
const start = Date.parse('2026-11-21T12:00:00Z')
const key = await newKey('first')
const next = await newKey('next')

async function newKey(kid: string) {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  return { kid, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg: 'ES256' } as JWK }
}

function signed(claims: JWTPayload = {}, { kid, privateKey } = key): Promise<string> {
  const good = { iss: issuer, sub: 'jane', client_id: 'app', exp: start / 1000 + 600 }
  return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: 'ES256', kid }).sign(privateKey)
}

/** An issuer whose documents the test holds, at a time that the test moves. */
function open() {
  const at = { now: start, keys: [key.jwk], isDown: false, isSlow: false, calls: 0 }
  const outgoing = async ({ url }: OutgoingCall) => {
    at.calls += 1
    if (at.isSlow) return new Promise<never>(() => undefined)
    if (at.isDown) throw new PortError('outgoing', 'unreachable', 'https://id.example.com cannot be reached')
    const document = url === authorizer.discoveryUrl ? { issuer, jwks_uri: `${issuer}/jwks` } : { keys: at.keys }
    return { status: 200, headers: {}, body: Buffer.from(JSON.stringify(document)) }
  }
  const due = new Set<() => void>()
  const clock = {
    now: () => at.now,
    after(_: number, work: () => void) {
      due.add(work)
      return () => void due.delete(work)
    },
  }
  return { at, due, verifier: jwtVerifier({ outgoing, jwts: joseJwts, clock }) }
}

describe('a token that was accepted', () => {
  it('is not checked again, and ends when it says so', async () => {
    const { at, verifier } = open()
    const token = await signed()
    expect(await verifier.verify(authorizer, token)).toEqual({ issuer, subject: 'jane' })
    const { calls } = at
    at.now += minute
    expect(await verifier.verify(authorizer, token)).toEqual({ issuer, subject: 'jane' })
    expect(at.calls).toBe(calls)
    at.now = start + 11 * minute - 1
    await verifier.verify(authorizer, token)
    at.now += 1
    await expect(verifier.verify(authorizer, token)).rejects.toMatchObject({ code: 'UnauthorizedException', message: 'Token has expired' })
  })

  it('is accepted for nothing else', async () => {
    const { verifier } = open()
    const token = await signed()
    await verifier.verify(authorizer, token)
    await expect(verifier.verify({ ...authorizer, allowedClients: ['other'] }, token)).rejects.toThrow("Claim 'client_id' value mismatch")
  })

  it('ends when its key is withdrawn, as soon as the issuer is read again', async () => {
    const { at, verifier } = open()
    const token = await signed()
    await verifier.verify(authorizer, token)
    at.keys = [next.jwk]
    at.now += 5 * minute
    await expect(verifier.verify(authorizer, token)).rejects.toThrow('a key that its issuer does not publish')
  })

  it('outlives an outage of its issuer, for an hour', async () => {
    const { at, verifier } = open()
    const token = await signed({ exp: start / 1000 + 10_000 })
    await verifier.verify(authorizer, token)
    at.isDown = true
    at.now += 59 * minute
    await verifier.verify(authorizer, token)
    at.now += minute
    const refused = expect(verifier.verify(authorizer, token)).rejects
    await refused.toMatchObject({ code: 'ServiceUnavailableException', detail: 'https://id.example.com cannot be reached' })
    at.isDown = false
    await verifier.verify(authorizer, token)
  })
})

describe('an issuer', () => {
  it('that became slow keeps nobody whose keys are known', async () => {
    const { at, due, verifier } = open()
    const token = await signed()
    await verifier.verify(authorizer, token)
    at.isSlow = true
    at.now += 6 * minute
    const verified = verifier.verify(authorizer, token)
    await expect.poll(() => due.size).toBe(1)
    for (const work of due) work()
    expect(await verified).toEqual({ issuer, subject: 'jane' })
  })

  it('is asked once for many that come together', async () => {
    const { at, verifier } = open()
    const tokens = await Promise.all(Array.from({ length: 20 }, (_, index) => signed({ sub: `user-${index}` })))
    await Promise.all(tokens.map((token) => verifier.verify(authorizer, token)))
    expect(at.calls).toBe(2)
  })

  it('is asked at once about an unknown key, and not for ever', async () => {
    const { at, verifier } = open()
    await verifier.verify(authorizer, await signed())
    const rotated = await signed({}, next)
    for (let count = 0; count < 50; count += 1) await expect(verifier.verify(authorizer, rotated)).rejects.toThrow('does not publish')
    expect(at.calls).toBe(12)
    at.keys = [key.jwk, next.jwk]
    at.now += 10_000
    expect(await verifier.verify(authorizer, rotated)).toEqual({ issuer, subject: 'jane' })
  })

  it('is not forgotten for others that are made up', async () => {
    const { at, verifier } = open()
    const token = await signed()
    await verifier.verify(authorizer, token)
    at.isDown = true
    for (let made = 0; made < 1_100; made += 1) await expect(verifier.issuerOf(`https://made-up-${made}.example.com`)).rejects.toThrow('reached')
    const { calls } = at
    expect(await verifier.verify(authorizer, token)).toEqual({ issuer, subject: 'jane' })
    expect(at.calls).toBe(calls)
  })

  it('that is down tells everybody who waits for it, and is asked again later', async () => {
    const { at, verifier } = open()
    at.isDown = true
    const [token, other] = await Promise.all([signed(), signed({ sub: 'joe' })])
    const outcomes = await Promise.allSettled([verifier.verify(authorizer, token), verifier.verify(authorizer, other)])
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { code: 'ServiceUnavailableException' } })
    at.isDown = false
    expect(await verifier.verify(authorizer, token)).toEqual({ issuer, subject: 'jane' })
  })
})

describe('a custom claim', () => {
  const rule = (operator: ClaimRule['operator'], ...values: string[]): ClaimRule => ({
    name: 'groups',
    isList: operator !== 'EQUALS',
    operator,
    values,
  })
  it.each([
    ['EQUALS takes the very text', rule('EQUALS', 'admins'), 'admins', true],
    ['EQUALS knows case', rule('EQUALS', 'admins'), 'Admins', false],
    ['EQUALS takes no list', rule('EQUALS', 'admins'), ['admins'], false],
    ['EQUALS takes no number', rule('EQUALS', '1'), 1, false],
    ['CONTAINS takes a list with it', rule('CONTAINS', 'admins'), ['users', 'admins'], true],
    ['CONTAINS takes no list without it', rule('CONTAINS', 'admins'), ['administrators'], false],
    ['CONTAINS takes no text', rule('CONTAINS', 'admins'), 'admins', false],
    ['CONTAINS_ANY takes a list with one of them', rule('CONTAINS_ANY', 'a', 'b'), ['c', 'b'], true],
    ['CONTAINS_ANY takes no list without', rule('CONTAINS_ANY', 'a', 'b'), ['c'], false],
    ['none is there', rule('CONTAINS_ANY', 'a'), undefined, false],
  ])('%s', async (_why, customClaim, groups, isAccepted) => {
    const { verifier } = open()
    const verified = verifier.verify({ ...authorizer, customClaims: [customClaim] }, await signed({ groups }))
    if (isAccepted) expect(await verified).toEqual({ issuer, subject: 'jane' })
    else await expect(verified).rejects.toThrow("Claim 'groups' value mismatch with configuration.")
  })

  it('is not one that every object has', async () => {
    const { verifier } = open()
    const customClaims = [{ ...rule('EQUALS', 'x'), name: 'constructor' }]
    await expect(verifier.verify({ ...authorizer, customClaims }, await signed())).rejects.toThrow("Claim 'constructor'")
  })
})
