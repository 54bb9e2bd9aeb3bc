import { exportJWK, generateKeyPair, importJWK, SignJWT } from 'jose'
import type { TokenSigner } from '#ports/token-signer.js'

/** Members of a private JWK that verifiers need; everything else stays here. */
const publicMembers = ['kty', 'n', 'e', 'crv', 'x', 'y'] as const

export const joseSigner: TokenSigner = {
  async generate(algorithm) {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true, modulusLength: 2048 })
    const jwk = await exportJWK(privateKey)
    const publicJwk = Object.fromEntries(publicMembers.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]]])))
    return { privateJwk: JSON.stringify(jwk), publicJwk }
  },

  async open(privateJwk, { algorithm, keyId }) {
    const key = await importJWK(JSON.parse(privateJwk), algorithm)
    return (claims) => new SignJWT({ ...claims }).setProtectedHeader({ alg: algorithm, kid: keyId, typ: 'JWT' }).sign(key)
  },
}
