// oauth2Flow USER_FEDERATION: a token of the user's own, after the user consented in a browser once.
import type { GetResourceOauth2TokenRequest, GetResourceOauth2TokenResponse } from '@agentworks/model'
import { invalid, PortError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { OauthTokens } from '#ports/oauth-client.js'
import { providerFault, withProvider } from './oauth-faults.js'
import { checkJwtSubject, oauthParty } from './oauth-party.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import { askedFor, scopeParameter, type TokenRequest, targetParameters } from './token-request.js'
import { moveSession, openSession, secretsLost, secretsOfSession, sessionIdOf, sessionUriOf, tokenSessions } from './token-sessions.js'
import { dropToken, findToken, putToken, type TokenOwner, tokenId, tokenOwner, vaultedTokens } from './vaulted-tokens.js'

interface Wanted {
  id: string
  owner: TokenOwner
  scope: Scope
}

export async function userToken(ports: ResourceTokenPorts, request: TokenRequest): Promise<GetResourceOauth2TokenResponse> {
  const { ctx, input, claims, provider } = request
  if (!claims.user)
    throw invalid(
      'workloadIdentityToken',
      'stands for no user; get one with GetWorkloadAccessTokenForJWT or GetWorkloadAccessTokenForUserId. To an agent it comes with the request when runtimeUserId or a JWT names the user',
    )
  const owner = tokenOwner(claims, provider, 'USER_FEDERATION', input.scopes)
  const wanted = { id: tokenId(owner, askedFor(input)), owner, scope: { account: ctx.account, region: ctx.region } }
  if (input.sessionUri !== undefined) return sessionAnswer(ports, request, wanted, input.sessionUri)
  checkReturnUrl(input, claims.identity.allowedResourceOauth2ReturnUrls)
  if (input.forceAuthentication) await ports.store.transaction((tx) => dropToken(tx, wanted.scope, wanted.id))
  const accessToken = input.forceAuthentication ? undefined : await keptToken(ports, request, wanted)
  return accessToken === undefined ? newSession(ports, request, wanted) : { accessToken }
}

/** The client polls with the session until the user came back and the application said who it was. */
async function sessionAnswer(
  ports: ResourceTokenPorts,
  request: TokenRequest,
  wanted: Wanted,
  sessionUri: string,
): Promise<GetResourceOauth2TokenResponse> {
  if (request.input.forceAuthentication) throw invalid('forceAuthentication', 'begins a new session; leave it out together with sessionUri')
  const id = sessionIdOf(sessionUri)
  const session = await ports.store.get(tokenSessions, wanted.scope, id)
  // One answer for none and for another's: who guesses learns nothing.
  if (session?.tokenId !== wanted.id)
    throw invalid('sessionUri', 'there is no such session of this workload, user, provider and scopes; leave sessionUri out to begin one')
  if (session.state === 'BOUND') {
    const accessToken = await keptToken(ports, request, wanted)
    if (accessToken !== undefined) return { accessToken }
  }
  const isOver = session.state === 'BOUND' || session.state === 'FAILED' || session.expiresAt <= ports.clock.now()
  if (isOver) return { sessionUri, sessionStatus: 'FAILED' }
  const secrets = await secretsOfSession(ports.store, ports.vaultSealer, { id, scope: wanted.scope })
  if (!secrets) {
    // It was bound or has failed between the two looks, and what it is now, it stays; or the vault lost what it was sealed under.
    await ports.store.transaction((tx) => moveSession(tx, { id, scope: wanted.scope }, 'FAILED', secretsLost))
    return sessionAnswer(ports, request, wanted, sessionUri)
  }
  return { authorizationUrl: secrets.authorizationUrl, sessionUri, sessionStatus: 'IN_PROGRESS' }
}

/** Fresh, or renewed with its refresh token; `undefined` when the user has to consent again. */
async function keptToken(ports: ResourceTokenPorts, request: TokenRequest, { id, owner, scope }: Wanted): Promise<string | undefined> {
  const found = await findToken(ports, scope, id, owner)
  if (!found || found.isFresh) return found?.tokens.accessToken
  if (found.tokens.refreshToken === undefined) return undefined
  return request.once(`${scope.region} ${id}`, async () => {
    // Who came second finds what the first one got.
    const now = await findToken(ports, scope, id, owner)
    if (!now || now.isFresh) return now?.tokens.accessToken
    const tokens = await refreshed(ports, request, now.tokens)
    const isKept = await ports.store.transaction(async (tx) => {
      // While the server was asked the user may have consented anew, or was to be asked again: the older consent must not come back.
      if ((await tx.get(vaultedTokens, scope, id))?.obtainedAt !== now.obtainedAt) return false
      await (tokens ? putToken(tx, ports, scope, id, owner, tokens) : dropToken(tx, scope, id))
      return true
    })
    return isKept ? tokens?.accessToken : (await findToken(ports, scope, id, owner))?.tokens.accessToken
  })
}

async function refreshed(
  ports: ResourceTokenPorts,
  { input, provider, subject }: TokenRequest,
  tokens: OauthTokens,
): Promise<OauthTokens | undefined> {
  const { refreshToken = '' } = tokens
  try {
    const party = await oauthParty(ports, provider, subject)
    // RFC 6749 6: without scope it is what was granted. A server that rotates gives a new refresh token, another keeps the old one good.
    return { refreshToken, ...(await ports.oauth.byGrant(party, 'refresh_token', [['refresh_token', refreshToken], ...targetParameters(input)])) }
  } catch (fault) {
    // Revoked or expired: nothing but a new consent helps.
    if (fault instanceof PortError && fault.code === 'invalid-grant') return undefined
    throw providerFault(provider.name, fault)
  }
}

function checkReturnUrl({ resourceOauth2ReturnUrl: url, customState }: GetResourceOauth2TokenRequest, allowed: readonly string[]): void {
  if (url === undefined) {
    if (customState !== undefined) throw invalid('customState', 'goes back to resourceOauth2ReturnUrl, which is not given')
    return
  }
  // Letter for letter: a prefix would lead wherever somebody can write.
  if (!allowed.includes(url))
    throw invalid(
      'resourceOauth2ReturnUrl',
      'is not in allowedResourceOauth2ReturnUrls of the workload identity, letter for letter; add it with UpdateWorkloadIdentity',
    )
}

async function newSession(
  ports: ResourceTokenPorts,
  request: TokenRequest,
  { id: wantedId, owner, scope }: Wanted,
): Promise<GetResourceOauth2TokenResponse> {
  const { ids, oauth, store, vaultSealer, clock } = ports
  const { input, provider, subject } = request
  const { resourceOauth2ReturnUrl: returnUrl, customState, customParameters = {}, scopes } = input
  if (provider.clientId === undefined)
    throw invalid('resourceCredentialProviderName', `the provider ${provider.name} has no clientId, which users' browsers must bring`)
  const id = ids.secret(32)
  const asked = {
    redirectUri: provider.callbackUrl,
    state: ids.secret(32),
    codeVerifier: ids.secret(32),
    // An ID token comes with this scope; the nonce ties it to this session.
    nonce: scopes.includes('openid') ? ids.secret(16) : undefined,
  }
  const parameters = targetParameters(input)
  const authorizationUrl = await withProvider(provider.name, async () => {
    const party = await oauthParty(ports, provider, subject)
    await checkJwtSubject(ports, provider, party, subject)
    return oauth.authorizationUrl(party, asked, [
      ...scopeParameter(scopes),
      ...parameters,
      ...Object.entries({ ...provider.authorizationParameters, ...customParameters }),
    ])
  })
  const secrets = { ...asked, authorizationUrl, customState, parameters }
  const session = {
    owner,
    tokenId: wantedId,
    principal: subject.principal,
    redirectUri: asked.redirectUri,
    ...(returnUrl !== undefined && { returnUrl }),
  }
  await store.transaction((tx) => openSession(tx, vaultSealer, { id, scope }, session, secrets, clock.now()))
  return { authorizationUrl, sessionUri: sessionUriOf(id), sessionStatus: 'IN_PROGRESS' }
}
