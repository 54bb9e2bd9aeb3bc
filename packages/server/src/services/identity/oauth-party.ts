// A credential provider as an OAuth client: where it calls, and how it says who it is.

import { invalid } from '#kernel/errors.js'
import type { AuthorizationServer, ClientAuthentication, OauthParty } from '#ports/oauth-client.js'
import type { Oauth2ProviderSettings } from './provider-settings.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'

/** `principal` is whose identity an AWS_IAM_ID_TOKEN_JWT tells: the role of whoever asked for the token. */
export async function oauthParty(ports: ResourceTokenPorts, settings: Oauth2ProviderSettings, principal: string): Promise<OauthParty> {
  return { server: serverOf(settings), clientId: settings.clientId, authentication: await authenticationOf(ports, settings, principal) }
}

/** sts GetWebIdentityToken's form: subject is the role, issuer is the platform, so that outside services trust both alike. */
export async function platformJwt({ keys, issuer, clock, ids }: ResourceTokenPorts, principal: string, audience: string): Promise<string> {
  const sign = await keys.signerFor('RS256')
  const iat = Math.floor(clock.now() / 1000)
  return sign({ iss: issuer(), sub: principal, aud: audience, iat, exp: iat + assertionSeconds, jti: ids.uuid() })
}

/** Long enough for a slow server, and worth nothing soon after. */
const assertionSeconds = 300

function serverOf({ discovery }: Oauth2ProviderSettings): AuthorizationServer {
  return discovery.discoveryUrl === undefined ? discovery.authorizationServerMetadata : { discoveryUrl: discovery.discoveryUrl }
}

async function authenticationOf(ports: ResourceTokenPorts, settings: Oauth2ProviderSettings, principal: string): Promise<ClientAuthentication> {
  const { name, clientAuthenticationMethod: method } = settings
  if (method === 'AWS_IAM_ID_TOKEN_JWT') return { method: 'assertion', assertion: (audience) => platformJwt(ports, principal, audience) }
  if (settings.assertion) return { method: 'assertion', assertion: settings.assertion }
  const secret = await settings.clientSecret()
  if (secret === undefined) throw invalid('resourceCredentialProviderName', `the provider ${name} has no client secret; update it with one`)
  return { method: method === 'CLIENT_SECRET_POST' ? 'post' : 'basic', secret }
}
