// Numbers that AWS documents for identity (developer guide: bedrock-agentcore-limits), and those that it leaves open.

export const workloadIdentitiesPerAccount = 11_000
/** Of OAuth2 providers, and as many again of API key providers. */
export const credentialProvidersPerAccount = 50
/** AWS says nothing of the life of a workload access token. A stream lasts an hour at most, so a token outlives the request that it came with. */
export const workloadTokenMs = 60 * 60_000
/** AWS names no bound; a list that grows without one would be read on each three-legged flow. */
export const returnUrlsPerIdentity = 100
