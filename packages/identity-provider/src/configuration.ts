// How oidc-provider is set up here: like the providers that agents meet outside, and lenient where that makes trying easier.
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import type { Configuration, KoaContextWithOIDC } from 'oidc-provider'
import { adapterOn } from './adapter.js'
import { audienceOf, wordOf } from './audiences.js'
import { accessTokenSeconds, jwtBearer, tokenExchange } from './exchange-grants.js'
import { errorPage } from './pages.js'
import type { State } from './state.js'
import { findUser } from './users.js'

export interface Keys {
  signing: JWK[]
  cookies: string[]
}

export function configuration(state: State, keys: Keys): Configuration {
  return {
    adapter: adapterOn(state),
    jwks: { keys: keys.signing as never },
    cookies: { keys: keys.cookies },
    scopes: ['openid', 'offline_access', 'profile', 'email'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    // What providers outside take beside the standard; `audience` has a meaning here, the others are let pass.
    extraParams: ['audience', 'access_type', 'approval_prompt', 'include_granted_scopes'],
    enabledJWA: { idTokenSigningAlgValues: ['RS256', 'ES256'] },
    clientDefaults: { id_token_signed_response_alg: 'RS256' },
    pkce: { required: (_ctx, client) => client.clientAuthMethod === 'none' },
    rotateRefreshToken: true,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    expiresWithSession: async () => false,
    ttl: {
      AccessToken: accessTokenSeconds,
      ClientCredentials: accessTokenSeconds,
      AuthorizationCode: 60,
      IdToken: accessTokenSeconds,
      Interaction: 3600,
      Session: 24 * 3600,
      Grant: 14 * 24 * 3600,
      RefreshToken: 14 * 24 * 3600,
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    features: {
      devInteractions: { enabled: false },
      userinfo: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        defaultResource: (ctx, _client, oneOf) => oneOf?.[0] ?? audienceOf(askedAudience(ctx)),
        useGrantedResource: () => true,
        getResourceServerInfo: (ctx, resource) => ({
          audience: wordOf(resource),
          // Every scope is known here: which ones there are is the business of whoever tries something.
          scope: scopesIn(ctx),
          accessTokenFormat: 'jwt',
          accessTokenTTL: accessTokenSeconds,
        }),
      },
    },
    findAccount: (_ctx, id) => {
      const user = findUser(state, id)
      if (!user) return undefined
      return {
        accountId: id,
        claims: () => ({ sub: id, name: user.name, preferred_username: user.name, email: user.email, email_verified: true }),
      }
    },
    extraTokenClaims: (_ctx, token) => {
      const { gty, accountId, clientId } = token as { gty?: string; accountId?: string; clientId?: string }
      const onBehalf = gty === tokenExchange || gty === jwtBearer
      return { ...(accountId ? { username: accountId } : {}), ...(onBehalf ? { act: { sub: clientId } } : {}) }
    },
    renderError: (ctx, { error, error_description }) => {
      ctx.type = 'html'
      ctx.body = errorPage(error, error_description ?? '')
    },
  }
}

/** Asked for now, or granted before to what is turned into a token. */
function scopesIn({ oidc }: KoaContextWithOIDC): string {
  const asked = typeof oidc.params?.scope === 'string' ? oidc.params.scope : undefined
  return asked ?? oidc.entities.AuthorizationCode?.scope ?? oidc.entities.RefreshToken?.scope ?? ''
}

function askedAudience(ctx: KoaContextWithOIDC): string | undefined {
  const asked = ctx.oidc.params?.audience ?? ctx.oidc.body?.audience
  return typeof asked === 'string' ? asked : undefined
}

export async function newKeys(random: (bytes: number) => string): Promise<Keys> {
  const signing = await Promise.all(
    (['RS256', 'ES256'] as const).map(async (alg) => {
      const { privateKey } = await generateKeyPair(alg, { extractable: true })
      return { ...(await exportJWK(privateKey)), alg, use: 'sig', kid: random(12) }
    }),
  )
  return { signing, cookies: [random(32)] }
}
