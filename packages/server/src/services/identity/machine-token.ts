// oauth2Flow M2M: the client credentials grant. The token is the workload's own.

import { grantedToken } from './granted-token.js'
import { withProvider } from './oauth-faults.js'
import { oauthParty } from './oauth-party.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import { askedWithParameters, grantParameters, type TokenRequest } from './token-request.js'
import { tokenId, tokenOwner } from './vaulted-tokens.js'

export async function machineToken(ports: ResourceTokenPorts, request: TokenRequest): Promise<string> {
  const { input, claims, provider, subject } = request
  const owner = tokenOwner(claims, provider, 'M2M', input.scopes)
  return grantedToken(ports, request, owner, tokenId(owner, askedWithParameters(input)), () =>
    withProvider(provider.name, async () =>
      ports.oauth.byGrant(await oauthParty(ports, provider, subject), 'client_credentials', grantParameters(input)),
    ),
  )
}
