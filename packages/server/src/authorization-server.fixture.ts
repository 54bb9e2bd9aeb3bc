// A real authorization server on loopback (oidc-provider), whose user says yes or no at once, and a browser for them.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export const client = { clientId: 'agent', clientSecret: 'the-secret-of-the-agent' }
const exchange = 'urn:ietf:params:oauth:grant-type:token-exchange'
const jwtBearer = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

export async function authorizationServer() {
  /** What the user at the browser does, and what the server was sent. */
  const seen: { grants: Record<string, unknown>[]; authorizations: URLSearchParams[]; userSays: 'yes' | 'no'; accessTokenSeconds: number } = {
    grants: [],
    authorizations: [],
    userSays: 'yes',
    accessTokenSeconds: 3600,
  }
  const granted: string[] = []
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `http://${place}`
  const common = { client_id: client.clientId, client_secret: client.clientSecret, redirect_uris: ['http://127.0.0.1/callback'] }
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const grant_types = ['authorization_code', 'refresh_token', 'client_credentials', exchange, jwtBearer]
  const provider = new Provider(issuer, {
    clients: [
      { ...common, grant_types, token_endpoint_auth_method: 'client_secret_basic' },
      { ...common, client_id: 'agent-by-post', grant_types, token_endpoint_auth_method: 'client_secret_post' },
      {
        client_id: 'agent-by-key',
        redirect_uris: common.redirect_uris,
        grant_types,
        token_endpoint_auth_method: 'private_key_jwt',
        jwks: { keys: [publicKey.export({ format: 'jwk' })] },
      },
    ],
    cookies: { keys: ['a key for cookies of a test'] },
    scopes: ['openid', 'offline_access', 'read', 'write'],
    pkce: { required: () => true },
    rotateRefreshToken: true,
    extraParams: ['audience', 'hint'],
    issueRefreshToken: async (_ctx, one, { scopes }) => one.grantTypeAllowed('refresh_token') && scopes.has('offline_access'),
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    ttl: {
      AccessToken: () => seen.accessTokenSeconds,
      ClientCredentials: () => seen.accessTokenSeconds,
      Session: 3600,
      Grant: 3600,
      Interaction: 600,
    },
    features: { devInteractions: { enabled: false }, clientCredentials: { enabled: true }, userinfo: { enabled: false } },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ sub }) }),
  })
  // Each credential provider has a callback of its own, made after this server.
  provider.Client.prototype.redirectUriAllowed = (uri) => uri.includes('/identities/oauth2/callback/')
  for (const grant of [exchange, jwtBearer]) {
    provider.registerGrantType(
      grant,
      (ctx) => {
        const { subject_token, assertion, actor_token = 'nobody' } = ctx.oidc.params as Record<string, string>
        ctx.body = {
          access_token: `for ${subject_token ?? assertion} by ${actor_token} #${seen.grants.length}`,
          token_type: grant === exchange ? 'N_A' : 'Bearer',
          issued_token_type: 'urn:ietf:params:oauth:token-type:access_token',
          expires_in: seen.accessTokenSeconds,
        }
      },
      [
        'subject_token',
        'subject_token_type',
        'requested_token_type',
        'actor_token',
        'actor_token_type',
        'assertion',
        'scope',
        'audience',
        'resource',
      ],
      ['audience', 'resource'],
    )
  }
  provider.use(async (ctx, next) => {
    if (ctx.path === '/auth' && ctx.method === 'GET') seen.authorizations.push(ctx.URL.searchParams)
    if (ctx.path.startsWith('/interaction/')) return answerFor(ctx.req, ctx.res)
    await next()
    if (ctx.path === '/token') seen.grants.push({ ...ctx.oidc?.body, status: ctx.status })
  })

  async function answerFor(request: Parameters<Provider['interactionFinished']>[0], response: Parameters<Provider['interactionFinished']>[1]) {
    const { params } = await provider.interactionDetails(request, response)
    const grant = new provider.Grant({ accountId: 'jane', clientId: params.client_id as string })
    grant.addOIDCScope(String(params.scope ?? ''))
    const grantId = await grant.save()
    granted.push(grantId)
    const result =
      seen.userSays === 'no'
        ? { error: 'access_denied', error_description: 'the user said <b>no</b>' }
        : { login: { accountId: 'jane' }, consent: { grantId } }
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true })
  }

  server.on('request', provider.callback())
  return {
    issuer,
    place,
    seen,
    /** Of the client `agent-by-key`. */
    clientKey: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    /** The user takes back all consents. */
    async revoke() {
      for (const id of granted) await provider.RefreshToken.revokeByGrantId(id)
    },
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
}

/** Follows redirects with its cookies until a page, or an address that begins with `until`. */
export async function browse(start: string, until: string): Promise<{ url: URL; page?: Response }> {
  const cookies = new Map<string, string>()
  let url = new URL(start)
  for (let step = 0; step < 15; step++) {
    if (url.href.startsWith(until)) return { url }
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      cookies.set(name, value)
    }
    const location = answer.headers.get('location')
    if (!location) return { url, page: answer }
    url = new URL(location, url)
  }
  throw new Error(`${start} redirects without end`)
}
