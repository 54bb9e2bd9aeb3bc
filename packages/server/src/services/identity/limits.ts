// Numbers that AWS documents for identity (developer guide: bedrock-agentcore-limits), and those that it leaves open.

export const workloadIdentitiesPerAccount = 11_000
/** Of OAuth2 providers, and as many again of API key providers. */
export const credentialProvidersPerAccount = 50
/** AWS says nothing of the life of a workload access token. A stream lasts an hour at most, so a token outlives the request that it came with. */
export const workloadTokenMs = 60 * 60_000
/** AWS names no bound; a list that grows without one would be read on each three-legged flow. */
export const returnUrlsPerIdentity = 100

export const webIdentityLimits = {
  /** API GetWebIdentityToken: Audience. */
  audiences: 10,
  audienceCharacters: 1000,
  /** API GetWebIdentityToken: DurationSeconds. */
  durationSeconds: { least: 60, most: 3600, usual: 300 },
  /** API GetWebIdentityToken: Tags. */
  tags: 50,
  tagKeyCharacters: 128,
  tagValueCharacters: 256,
  /** Ours: AWS refuses too large a payload and does not say what that is. A larger token fits few servers' header limits. */
  payloadBytes: 8192,
  /** Ours: how long verifiers may keep the key set. */
  keySetCacheSeconds: 300,
} as const
