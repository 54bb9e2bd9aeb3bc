// oauth2Flow ON_BEHALF_OF_TOKEN_EXCHANGE: the user's own JWT, which came with the workload access token, is exchanged for a token of the
// resource (RFC 8693), or presented as a grant (RFC 7523).
import { createHash } from 'node:crypto'
import { invalid } from '#kernel/errors.js'
import type { OauthParameters, OauthParty } from '#ports/oauth-client.js'
import { grantedToken } from './granted-token.js'
import { withProvider } from './oauth-faults.js'
import { oauthParty, platformJwt } from './oauth-party.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import { askedWithParameters, grantParameters, scopeParameter, type TokenRequest } from './token-request.js'
import { tokenId, tokenOwner } from './vaulted-tokens.js'

const tokenType = 'urn:ietf:params:oauth:token-type'

export async function onBehalfOfToken(ports: ResourceTokenPorts, request: TokenRequest): Promise<string> {
  const { input, claims, provider, subject } = request
  const { onBehalfOf } = provider
  if (!onBehalfOf) throw invalid('oauth2Flow', `the provider ${provider.name} has no onBehalfOfTokenExchangeConfig; update it with one`)
  const jwt = claims.user && 'userToken' in claims.user ? claims.user.userToken : undefined
  if (jwt === undefined)
    throw invalid('workloadIdentityToken', 'stands for no user who signed in with a JWT; get one with GetWorkloadAccessTokenForJWT')
  const owner = tokenOwner(claims, provider, 'ON_BEHALF_OF_TOKEN_EXCHANGE', input.scopes)
  // A user who signed in anew may have other rights: what was exchanged for one JWT is not another's.
  const id = tokenId(owner, [...askedWithParameters(input), createHash('sha256').update(jwt).digest('hex')])
  return grantedToken(ports, request, owner, id, () =>
    withProvider(provider.name, async () => {
      const party = await oauthParty(ports, provider, subject)
      if (onBehalfOf.grantType === 'JWT_AUTHORIZATION_GRANT') {
        // Microsoft's on-behalf-of flow is this grant with a word of its own (Microsoft identity platform, v2-oauth2-on-behalf-of-flow).
        const vendors: OauthParameters = provider.vendor === 'MicrosoftOauth2' ? [['requested_token_use', 'on_behalf_of']] : []
        return ports.oauth.byGrant(party, 'urn:ietf:params:oauth:grant-type:jwt-bearer', [['assertion', jwt], ...vendors, ...grantParameters(input)])
      }
      return ports.oauth.byGrant(party, 'urn:ietf:params:oauth:grant-type:token-exchange', [
        ['subject_token', jwt],
        ['subject_token_type', `${tokenType}:access_token`],
        ['requested_token_type', `${tokenType}:access_token`],
        ...(await actorParameters(ports, request, party)),
        ...grantParameters(input),
      ])
    }),
  )
}

async function actorParameters(ports: ResourceTokenPorts, { provider, subject }: TokenRequest, party: OauthParty): Promise<OauthParameters> {
  const { actorTokenContent = 'NONE', actorTokenScopes = [] } = provider.onBehalfOf?.tokenExchangeGrantTypeConfig ?? {}
  if (actorTokenContent === 'NONE') return []
  if (actorTokenContent === 'M2M') {
    const { accessToken } = await ports.oauth.byGrant(party, 'client_credentials', scopeParameter(actorTokenScopes))
    return [
      ['actor_token', accessToken],
      ['actor_token_type', `${tokenType}:access_token`],
    ]
  }
  return [
    ['actor_token', await platformJwt(ports, subject, await ports.oauth.issuerOf(party))],
    ['actor_token_type', `${tokenType}:jwt`],
  ]
}
