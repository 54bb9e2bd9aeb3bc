// JSON Web Tokens by jose. Only signatures that a public key proves are looked at: with `none` anybody signs, and with HS256 anybody who
// has read the published key.
import { compactVerify, createLocalJWKSet, decodeJwt, decodeProtectedHeader, errors, type JSONWebKeySet, type JWK } from 'jose'
import { PortError } from '#kernel/errors.js'
import type { Jwts, KeySet } from '#ports/jwt.js'

const algorithms = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']

export const joseJwts: Jwts = {
  read(token) {
    try {
      return { header: decodeProtectedHeader(token), claims: decodeJwt(token) }
    } catch {
      return undefined
    }
  },
  keySet,
}

function keySet(published: unknown): KeySet {
  const usable = publicKeys(published)
  let keyOf: ReturnType<typeof createLocalJWKSet>
  try {
    keyOf = createLocalJWKSet(usable)
  } catch (cause) {
    throw new PortError('jwt', 'bad-keys', 'is no JSON Web Key Set', { cause })
  }
  return {
    keys: usable.keys.map(({ kid, alg, kty }) => ({ ...(kid !== undefined && { kid }), ...(alg !== undefined && { alg }), kty })),
    async faultOf(token) {
      try {
        await compactVerify(token, keyOf, { algorithms })
        return undefined
      } catch (fault) {
        if (fault instanceof errors.JWKSNoMatchingKey) return 'unknown-key'
        if (fault instanceof errors.JWKSMultipleMatchingKeys) return signedByOne(fault, token)
        if (fault instanceof errors.JOSEAlgNotAllowed || fault instanceof errors.JOSENotSupported) return 'algorithm'
        return 'signature'
      }
    },
  }
}

/** A token without a `kid` may be of any key of its kind. */
async function signedByOne(candidates: errors.JWKSMultipleMatchingKeys, token: string) {
  for await (const key of candidates) {
    try {
      await compactVerify(token, key, { algorithms })
      return undefined
    } catch {
      // The next one may have.
    }
  }
  return 'signature' as const
}

/** Secrets in a key set are not keys to believe: whoever publishes one lets everybody sign. */
function publicKeys(published: unknown): JSONWebKeySet {
  const keys = typeof published === 'object' && published !== null && 'keys' in published ? published.keys : undefined
  if (!Array.isArray(keys) || !keys.every((key) => typeof key === 'object' && key !== null))
    throw new PortError('jwt', 'bad-keys', 'is no JSON Web Key Set: its member `keys` must be a list of keys')
  return { keys: (keys as JWK[]).filter(({ kty }) => kty !== 'oct') }
}
