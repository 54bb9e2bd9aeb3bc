// A credential provider as an OAuth client: where it calls, and how it says who it is.
import type { Context } from '#kernel/context.js'
import { invalid } from '#kernel/errors.js'
import type { AuthorizationServer, ClientAuthentication, OauthParty } from '#ports/oauth-client.js'
import { webIdentityResource } from './get-web-identity-token.js'
import type { Oauth2ProviderSettings } from './provider-settings.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'

/** Of whom an AWS_IAM_ID_TOKEN_JWT tells: the role of whoever asked for the token. */
export interface JwtSubject {
  principal: string
  /** Throws unless the caller may have such a JWT for this audience. Absent at the callback, where nobody signs: it was asked before. */
  allow?: (audience: string) => void
}

/** Developer guide, client-auth-methods: the calling identity must have permission to call sts:GetWebIdentityToken. */
export function jwtSubject({ authorizer }: Pick<ResourceTokenPorts, 'authorizer'>, ctx: Context): JwtSubject {
  const { caller } = ctx
  return {
    principal: caller.roleArn ?? caller.principalArn,
    allow(audience) {
      const facts = { 'sts:IdentityTokenAudience': [audience], 'sts:DurationSeconds': String(assertionSeconds), 'sts:SigningAlgorithm': algorithm }
      const conditions = () => ({ ...ctx.conditions?.(), ...facts })
      authorizer.authorize(caller, 'sts:GetWebIdentityToken', webIdentityResource(ctx), { conditions })
    },
  }
}

export async function oauthParty(ports: ResourceTokenPorts, settings: Oauth2ProviderSettings, subject: JwtSubject): Promise<OauthParty> {
  return { server: serverOf(settings), clientId: settings.clientId, authentication: await authenticationOf(ports, settings, subject) }
}

/** Before the user is sent away: when the browser is back, nobody is there who could be refused. */
export async function checkJwtSubject(
  ports: ResourceTokenPorts,
  settings: Oauth2ProviderSettings,
  party: OauthParty,
  subject: JwtSubject,
): Promise<void> {
  if (settings.clientAuthenticationMethod === 'AWS_IAM_ID_TOKEN_JWT') subject.allow?.(await ports.oauth.issuerOf(party))
}

/** sts GetWebIdentityToken's form: subject is the role, issuer is the platform, so that outside services trust both alike. */
export async function platformJwt(
  { keys, issuer, clock, ids }: ResourceTokenPorts,
  { principal, allow }: JwtSubject,
  audience: string,
): Promise<string> {
  allow?.(audience)
  const sign = await keys.signerFor(algorithm)
  const iat = Math.floor(clock.now() / 1000)
  return sign({ iss: issuer(), sub: principal, aud: audience, iat, exp: iat + assertionSeconds, jti: ids.uuid() })
}

/** Long enough for a slow server, and worth nothing soon after. */
const assertionSeconds = 300
const algorithm = 'RS256'

function serverOf({ discovery }: Oauth2ProviderSettings): AuthorizationServer {
  return discovery.discoveryUrl === undefined ? discovery.authorizationServerMetadata : { discoveryUrl: discovery.discoveryUrl }
}

async function authenticationOf(ports: ResourceTokenPorts, settings: Oauth2ProviderSettings, subject: JwtSubject): Promise<ClientAuthentication> {
  const { name, clientAuthenticationMethod: method } = settings
  if (method === 'AWS_IAM_ID_TOKEN_JWT') return { method: 'assertion', assertion: (audience) => platformJwt(ports, subject, audience) }
  if (settings.assertion) return { method: 'assertion', assertion: settings.assertion }
  const secret = await settings.clientSecret()
  if (secret === undefined) throw invalid('resourceCredentialProviderName', `the provider ${name} has no client secret; update it with one`)
  return { method: method === 'CLIENT_SECRET_POST' ? 'post' : 'basic', secret }
}
