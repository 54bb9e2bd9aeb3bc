// One token for another, on behalf of its user: RFC 8693 (token exchange) and RFC 7523 (a JWT as the grant). Taken are tokens of
// this provider for any audience; given is one for the audience that is asked, with the client as `act`.
import { createLocalJWKSet, type JSONWebKeySet, type JWTPayload, jwtVerify } from 'jose'
import type Provider from 'oidc-provider'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'
import { audienceOf } from './audiences.js'

export const tokenExchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'
const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const takenTypes = [accessTokenType, 'urn:ietf:params:oauth:token-type:jwt', 'urn:ietf:params:oauth:token-type:id_token']

const exchangeParameters = ['subject_token', 'subject_token_type', 'requested_token_type', 'actor_token', 'actor_token_type']
const common = ['scope', 'audience', 'resource']

export function registerExchangeGrants(provider: Provider, publicKeys: JSONWebKeySet): void {
  const keySet = createLocalJWKSet(publicKeys)

  async function userOf(token: string, field: string): Promise<JWTPayload & { sub: string }> {
    const { payload } = await jwtVerify(token, keySet, { issuer: provider.issuer }).catch((error: Error) => {
      throw refused('invalid_grant', `${field} is no token of this provider that is valid now: ${error.message}`)
    })
    if (!payload.sub) throw refused('invalid_grant', `${field} names no user`)
    return payload as JWTPayload & { sub: string }
  }

  async function issue(ctx: KoaContextWithOIDC, user: JWTPayload & { sub: string }, gty: string) {
    const { client } = ctx.oidc
    if (!client) throw new errors.InvalidClient()
    const parameters = ctx.oidc.params as Record<string, string | undefined>
    const token = new provider.AccessToken({ accountId: user.sub, client, gty, grantId: '', scope: parameters.scope ?? String(user.scope ?? '') })
    const audience = parameters.resource ?? audienceOf(parameters.audience ?? client.clientId)
    token.resourceServer = new provider.ResourceServer(audience, {
      audience: parameters.audience ?? parameters.resource ?? client.clientId,
      scope: token.scope ?? '',
      accessTokenFormat: 'jwt',
      accessTokenTTL: accessTokenSeconds,
    })
    ctx.oidc.entity('AccessToken', token)
    return {
      access_token: await token.save(),
      token_type: 'Bearer',
      expires_in: accessTokenSeconds,
      ...(token.scope ? { scope: token.scope } : {}),
    }
  }

  provider.registerGrantType(
    tokenExchange,
    async (ctx) => {
      const { subject_token, subject_token_type, requested_token_type, actor_token } = ctx.oidc.params as Record<string, string | undefined>
      if (!subject_token) throw refused('invalid_request', 'subject_token is missing')
      if (!takenTypes.includes(subject_token_type ?? ''))
        throw refused('invalid_request', `subject_token_type must be one of ${takenTypes.join(', ')}`)
      if (requested_token_type && requested_token_type !== accessTokenType)
        throw refused('invalid_request', `requested_token_type can only be ${accessTokenType}`)
      if (actor_token) await userOf(actor_token, 'actor_token')
      const issued = await issue(ctx, await userOf(subject_token, 'subject_token'), tokenExchange)
      ctx.body = { ...issued, issued_token_type: accessTokenType }
    },
    [...exchangeParameters, ...common],
  )

  provider.registerGrantType(
    jwtBearer,
    async (ctx) => {
      const { assertion } = ctx.oidc.params as Record<string, string | undefined>
      if (!assertion) throw refused('invalid_request', 'assertion is missing')
      ctx.body = await issue(ctx, await userOf(assertion, 'assertion'), jwtBearer)
    },
    // Microsoft's dialect says so; the grant is the same.
    ['assertion', 'requested_token_use', ...common],
  )
}

export const accessTokenSeconds = 3600

/** The library's own classes keep the reason to themselves; whoever tries something needs it. */
function refused(error: string, description: string): Error {
  return new errors.CustomOIDCProviderError(error, description)
}
