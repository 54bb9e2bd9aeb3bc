// Numbers that AWS documents for identity (developer guide: bedrock-agentcore-limits), and those that it leaves open.

export const workloadIdentitiesPerAccount = 11_000
/** Of OAuth2 providers, and as many again of API key providers. */
export const credentialProvidersPerAccount = 50
/** AWS says nothing of the life of a workload access token. A stream lasts an hour at most, and a runtime hands the same token out for half an hour: it outlives the request that it came with. */
export const workloadTokenMs = 90 * 60_000
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

/** How far an issuer's clock may be from ours. AWS does not tell its own; a minute is what RFC 7519, 4.1.4, calls "no more than a few minutes". */
export const clockSkewMs = 60_000
/** Of a bearer token; AWS names no bound, and HTTP's own is 16 KiB for all headers. */
export const tokenCharacters = 16_384
/** Of discovery document and key set, each: large ones have some ten KiB. */
export const discoveryBytes = 256 * 1024
export const keySetBytes = 512 * 1024
export const discoveryMs = 5_000
/** Keys that are published no more are believed for so long after. */
export const issuerFreshMs = 5 * 60_000
/** And for so long while their issuer cannot be asked. */
export const issuerKeptMs = 60 * 60_000
/** How long a call waits for keys that are read again, while there are older ones to go by. */
export const renewalMs = 1_000
/** Tokens that name unknown keys make us ask an issuer so often, whoever sends how many; a rotation is found within ten seconds even then. */
export const refetches = { atOnce: 6, everyMs: 10_000 }
export const issuersKept = 1_000
export const verifiedTokensKept = 10_000

/** API GetResourceOauth2Token: an authorization URL and its session are good for ten minutes (developer guide: oauth2-authorization-url-session-binding). */
export const tokenSessionMs = 10 * 60_000

/** Ours: sign-ins that users did not finish, of one workload and user and of all. Each is an entry of the vault, and beginning one costs the caller nothing. */
export const unfinishedSignInsPerUser = 20
export const unfinishedSignInsInAll = 10_000

/** Developer guide, resource-based-policies. */
export const resourcePolicyLimits = { bytes: 20 * 1024, statements: 100 } as const

/** IAM user guide, reference_iam-quotas. Characters of policies are counted without white space. */
export const iamLimits = {
  rolesPerAccount: 1000,
  usersPerAccount: 5000,
  policiesPerAccount: 1500,
  accessKeysPerUser: 2,
  attachedPolicies: 10,
  policyVersions: 5,
  tags: 50,
  trustPolicyCharacters: 2048,
  rolePoliciesCharacters: 10_240,
  userPoliciesCharacters: 2048,
  managedPolicyCharacters: 6144,
  /** API UpdateRole, CreateRole: MaxSessionDuration. */
  maxSessionSeconds: { least: 3600, most: 43_200, usual: 3600 },
} as const

/** API AssumeRole. */
export const assumeRoleLimits = {
  durationSeconds: { least: 900, most: 43_200, usual: 3600 },
  /** Of credentials that a role's credentials asked for. */
  chainedSeconds: 3600,
  sessionPolicyCharacters: 2048,
  policyArns: 10,
} as const
/** Ours: how often the vault is rid of what nobody can ask for any more. */
export const tokenSweepMs = 60 * 60_000
