// JSON Web Tokens as a library knows them: who signed, and what is said. What of it is believed is for services/identity to say.

export interface JwtContent {
  header: Readonly<Record<string, unknown>>
  claims: Readonly<Record<string, unknown>>
}

/** `unknown-key`: no key of the set is the one that the token names; `signature`: it is, and did not sign this; `algorithm`: none that proves anything by a public key. */
export type JwtFault = 'unknown-key' | 'signature' | 'algorithm'

/** The keys of one issuer, read once for any number of tokens. */
export interface KeySet {
  /** `undefined`: one of them signed the token. */
  faultOf(token: string): Promise<JwtFault | undefined>
  readonly keys: readonly { kid?: string; alg?: string; kty?: string }[]
}

export interface Jwts {
  /** What a token says, believed or not; `undefined`: it is no signed JWT. */
  read(token: string): JwtContent | undefined
  /** Throws PortError('jwt', 'bad-keys') when that is no key set. */
  keySet(published: unknown): KeySet
}
