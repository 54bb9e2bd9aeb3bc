// GetResourceOauth2Token: an access token of a credential provider by one of three flows, from the vault while it is good.
import type { GetResourceOauth2TokenRequest, GetResourceOauth2TokenResponse } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid } from '#kernel/errors.js'
import { machineToken } from './machine-token.js'
import { jwtSubject } from './oauth-party.js'
import { onBehalfOfToken } from './on-behalf-of-token.js'
import { onlyOnce } from './only-once.js'
import { oauth2ProviderSettings } from './provider-settings.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import type { TokenRequest } from './token-request.js'
import { userToken } from './user-token.js'
import { workloadIdentityArn } from './workload-identities.js'
import { readWorkloadToken } from './workload-tokens.js'

export function getResourceOauth2Token(ports: ResourceTokenPorts) {
  // Servers that rotate refresh tokens take the second use of one for theft: one request at a time for each entry.
  const once = onlyOnce()
  return async (ctx: Context, input: GetResourceOauth2TokenRequest): Promise<GetResourceOauth2TokenResponse> => {
    refuseOtherFlows(input)
    refuseStandardParameters(input.customParameters)
    const claims = await readWorkloadToken(ports, ctx, input.workloadIdentityToken)
    // AWS asks for both, the provider and whom it is for; the pipeline knows the provider alone.
    ports.authorizer.authorize(ctx.caller, 'bedrock-agentcore:GetResourceOauth2Token', workloadIdentityArn(ctx, claims.workloadName), ctx)
    const provider = await oauth2ProviderSettings(ports, ctx, input.resourceCredentialProviderName)
    const request: TokenRequest = { ctx, input, claims, provider, subject: jwtSubject(ports, ctx), once }
    if (input.oauth2Flow === 'M2M') return { accessToken: await machineToken(ports, request) }
    if (input.oauth2Flow === 'ON_BEHALF_OF_TOKEN_EXCHANGE') return { accessToken: await onBehalfOfToken(ports, request) }
    return userToken(ports, request)
  }
}

const ofUserFederation = ['sessionUri', 'customState'] as const

/**
 * A member that the flow has no use for would otherwise be taken and do nothing. Not so resourceOauth2ReturnUrl: both official SDKs send
 * the OAuth2CallbackUrl of the request with every flow, and an agent whose identity has one could have no token but its users'.
 */
function refuseOtherFlows(input: GetResourceOauth2TokenRequest): void {
  if (input.oauth2Flow !== 'USER_FEDERATION') {
    const other = ofUserFederation.find((name) => input[name] !== undefined)
    if (other) throw invalid(other, `is for oauth2Flow USER_FEDERATION, not for ${input.oauth2Flow}; leave it out`)
  }
  if ((input.resources?.length ?? 0) > 1) throw invalid('resources', 'may hold one resource; ask for one token each')
}

const standard = new Set([
  'client_id',
  'client_secret',
  'client_assertion',
  'client_assertion_type',
  'response_type',
  'response_mode',
  'redirect_uri',
  'state',
  'nonce',
  'scope',
  'code',
  'code_challenge',
  'code_challenge_method',
  'code_verifier',
  'grant_type',
  'refresh_token',
  'request',
  'request_uri',
  'assertion',
  'subject_token',
  'subject_token_type',
  'actor_token',
  'actor_token_type',
])

/** API: these parameters "will not override" the standard ones. Said aloud, where AWS says nothing. */
function refuseStandardParameters(parameters: Readonly<Record<string, string>> = {}): void {
  const taken = Object.keys(parameters).find((name) => standard.has(name.toLowerCase()))
  if (taken) throw invalid(`customParameters.${taken}`, 'is a standard parameter, which the platform sets itself; leave it out')
}
