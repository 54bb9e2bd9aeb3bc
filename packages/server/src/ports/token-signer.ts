// Signing JWTs with keys of our own. What a token says is the service's business; here are only keys and signatures.

export type SigningAlgorithm = 'RS256' | 'ES384'

export interface SigningKeyPair {
  /** JSON of the private JWK: a secret, to be sealed before it is stored. */
  privateJwk: string
  /** What verifiers may see: `kty` and the public parameters, nothing of the private key. */
  publicJwk: Readonly<Record<string, string>>
}

export type Sign = (claims: Readonly<Record<string, unknown>>) => Promise<string>

export interface TokenSigner {
  generate(algorithm: SigningAlgorithm): Promise<SigningKeyPair>
  /** Reads the key once, so that each signature costs only itself. */
  open(privateJwk: string, header: { algorithm: SigningAlgorithm; keyId: string }): Promise<Sign>
}
