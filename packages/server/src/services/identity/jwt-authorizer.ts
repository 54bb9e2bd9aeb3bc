// What a resource's JWT authorizer asks of a token (developer guide: inbound-jwt-authorizer). Runtimes have one, and gateways.
import type { AuthorizerConfiguration, CustomJWTAuthorizerConfiguration } from '@agentworks/model'
import { invalid, unsupportedMember } from '#kernel/errors.js'

export interface ClaimRule {
  name: string
  isList: boolean
  operator: 'EQUALS' | 'CONTAINS' | 'CONTAINS_ANY'
  /** One of them is enough. */
  values: readonly string[]
}

/** All that is set must hold. */
export interface JwtAuthorizer {
  discoveryUrl: string
  allowedAudience?: readonly string[]
  allowedClients?: readonly string[]
  allowedScopes?: readonly string[]
  /** What the protected resource's metadata calls a scope, where the issuer knows it by another name. */
  advertisedScopeMapping?: Readonly<Record<string, string>>
  customClaims?: readonly ClaimRule[]
}

const top = 'authorizerConfiguration.customJWTAuthorizer'

/** Throws a ValidationException that names the member. What the model says of each was checked before. */
export function jwtAuthorizerOf(configuration: AuthorizerConfiguration | undefined): JwtAuthorizer | undefined {
  const given = configuration?.customJWTAuthorizer
  if (!given) return undefined
  refuseWhatDoesNotExecute(given)
  const { discoveryUrl, allowedAudience, allowedClients, allowedScopes, advertisedScopeMapping } = given
  checkDiscoveryUrl(discoveryUrl)
  const customClaims = given.customClaims?.map(claimRuleOf)
  if (!allowedAudience && !allowedClients && !allowedScopes && !customClaims)
    throw invalid(top, 'must have one of allowedAudience, allowedClients, allowedScopes and customClaims: else every token of the issuer is accepted')
  for (const scope of Object.keys(advertisedScopeMapping ?? {}))
    if (!allowedScopes?.includes(scope)) throw invalid(`${top}.advertisedScopeMapping.${scope}`, 'is no scope of allowedScopes')
  return {
    discoveryUrl,
    ...(allowedAudience && { allowedAudience }),
    ...(allowedClients && { allowedClients }),
    ...(allowedScopes && { allowedScopes }),
    ...(advertisedScopeMapping && { advertisedScopeMapping }),
    ...(customClaims && { customClaims }),
  }
}

/** As it was set. */
export function presentJwtAuthorizer({
  customClaims,
  allowedAudience,
  allowedClients,
  allowedScopes,
  ...rest
}: JwtAuthorizer): AuthorizerConfiguration {
  return {
    customJWTAuthorizer: {
      ...rest,
      ...(allowedAudience && { allowedAudience: [...allowedAudience] }),
      ...(allowedClients && { allowedClients: [...allowedClients] }),
      ...(allowedScopes && { allowedScopes: [...allowedScopes] }),
      ...(customClaims && { customClaims: customClaims.map(presentRule) }),
    },
  }
}

function refuseWhatDoesNotExecute({ privateEndpoint, privateEndpointOverrides, allowedWorkloadConfiguration }: CustomJWTAuthorizerConfiguration) {
  const why = 'an identity provider in a private network is opened with `start --allow-egress HOST[:PORT]`; leave it out.'
  if (privateEndpoint) throw unsupportedMember(`${top}.privateEndpoint`, why)
  if (privateEndpointOverrides?.length) throw unsupportedMember(`${top}.privateEndpointOverrides`, why)
  if (allowedWorkloadConfiguration)
    throw unsupportedMember(`${top}.allowedWorkloadConfiguration`, 'no caller proves its workload beside its token; leave it out.')
}

function checkDiscoveryUrl(url: string): void {
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  const field = `${top}.discoveryUrl`
  if (!parsed || (parsed.protocol !== 'https:' && parsed.protocol !== 'http:'))
    throw invalid(field, 'is no https URL; it has the form https://ISSUER/.well-known/openid-configuration')
  if (parsed.username || parsed.password) throw invalid(field, 'holds a user name or password; write it without')
}

function claimRuleOf(
  {
    inboundTokenClaimName: name,
    inboundTokenClaimValueType,
    authorizingClaimMatchValue,
  }: NonNullable<CustomJWTAuthorizerConfiguration['customClaims']>[number],
  index: number,
): ClaimRule {
  const { claimMatchOperator: operator, claimMatchValue } = authorizingClaimMatchValue
  const field = `${top}.customClaims[${index}].authorizingClaimMatchValue`
  const isList = inboundTokenClaimValueType === 'STRING_ARRAY'
  // API reference, AuthorizingClaimMatchValueType: EQUALS is for STRING, the others for STRING_ARRAY; CONTAINS_ANY takes a list.
  if (isList === (operator === 'EQUALS'))
    throw invalid(`${field}.claimMatchOperator`, `must be ${isList ? 'CONTAINS or CONTAINS_ANY' : 'EQUALS'} for a ${inboundTokenClaimValueType}`)
  const { matchValueString, matchValueStringList } = claimMatchValue
  if (operator === 'CONTAINS_ANY') {
    if (!matchValueStringList) throw invalid(`${field}.claimMatchValue`, 'must be a matchValueStringList for CONTAINS_ANY')
    return { name, isList, operator, values: matchValueStringList }
  }
  if (matchValueString === undefined) throw invalid(`${field}.claimMatchValue`, `must be a matchValueString for ${operator}`)
  return { name, isList, operator, values: [matchValueString] }
}

function presentRule({ name, isList, operator, values }: ClaimRule) {
  return {
    inboundTokenClaimName: name,
    inboundTokenClaimValueType: isList ? ('STRING_ARRAY' as const) : ('STRING' as const),
    authorizingClaimMatchValue: {
      claimMatchOperator: operator,
      claimMatchValue: operator === 'CONTAINS_ANY' ? { matchValueStringList: [...values] } : { matchValueString: values[0] ?? '' },
    },
  }
}
