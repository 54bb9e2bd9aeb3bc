// Tokens of resources by the stock client, from a real authorization server on loopback.
import {
  CompleteResourceTokenAuthCommand,
  GetResourceApiKeyCommand,
  GetResourceOauth2TokenCommand,
  type GetResourceOauth2TokenCommandInput,
  GetWorkloadAccessTokenCommand,
  GetWorkloadAccessTokenForJWTCommand,
  GetWorkloadAccessTokenForUserIdCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateApiKeyCredentialProviderCommand,
  CreateOauth2CredentialProviderCommand,
  CreateWorkloadIdentityCommand,
  type CustomOauth2ProviderConfigInput,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Clock, systemClock } from '#kernel/clock.js'
import { authorizationServer, browse, client } from './authorization-server.fixture.js'
import { openIdentity } from './identity.fixture.js'

const returnUrl = 'http://127.0.0.1:1/back?tenant=a'
let server: Awaited<ReturnType<typeof authorizationServer>>
let opened: Awaited<ReturnType<typeof openIdentity>>
let passed = 0
const clock: Clock = { ...systemClock, now: () => Date.now() + passed }

beforeAll(async () => {
  server = await authorizationServer()
  opened = await openIdentity({ clock, allowEgress: [server.place] })
  for (const name of ['shop', 'other'])
    await opened.control.send(new CreateWorkloadIdentityCommand({ name, allowedResourceOauth2ReturnUrls: [returnUrl] }))
  await provider('idp', {})
})
afterAll(async () => {
  expect(opened.defects).toEqual([])
  await opened.close()
  server.close()
})

async function provider(name: string, config: Partial<CustomOauth2ProviderConfigInput>) {
  await opened.control.send(
    new CreateOauth2CredentialProviderCommand({
      name,
      credentialProviderVendor: 'CustomOauth2',
      oauth2ProviderConfigInput: {
        customOauth2ProviderConfig: {
          ...client,
          oauthDiscovery: { discoveryUrl: `${server.issuer}/.well-known/openid-configuration` },
          ...config,
        },
      },
    }),
  )
}

async function workloadToken(workloadName = 'shop', user: { userId?: string; userToken?: string } = {}) {
  const { data } = opened
  if (user.userId) return (await data.send(new GetWorkloadAccessTokenForUserIdCommand({ workloadName, userId: user.userId }))).workloadAccessToken
  if (user.userToken)
    return (await data.send(new GetWorkloadAccessTokenForJWTCommand({ workloadName, userToken: user.userToken }))).workloadAccessToken
  return (await data.send(new GetWorkloadAccessTokenCommand({ workloadName }))).workloadAccessToken
}

type Asked = Partial<GetResourceOauth2TokenCommandInput>
async function token(workloadIdentityToken: string | undefined, asked: Asked = {}) {
  return opened.data.send(
    new GetResourceOauth2TokenCommand({
      workloadIdentityToken,
      resourceCredentialProviderName: 'idp',
      scopes: ['read'],
      oauth2Flow: 'M2M',
      ...asked,
    }),
  )
}

const federated = { oauth2Flow: 'USER_FEDERATION', resourceOauth2ReturnUrl: returnUrl } as const

/** From the first call to the bound token. */
async function consented(workload: string | undefined, userId: string, asked: Asked = {}) {
  const begun = await token(workload, { ...federated, ...asked })
  const { url } = await browse(begun.authorizationUrl ?? '', returnUrl)
  await opened.data.send(new CompleteResourceTokenAuthCommand({ sessionUri: begun.sessionUri, userIdentifier: { userId } }))
  return { begun, url }
}

describe('API keys', () => {
  it('are for who holds a workload access token', async () => {
    const { control, data } = opened
    await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'weather', apiKey: 'key-of-the-weather' }))
    const workloadIdentityToken = await workloadToken()
    const key = await data.send(new GetResourceApiKeyCommand({ workloadIdentityToken, resourceCredentialProviderName: 'weather' }))
    expect(key.apiKey).toBe('key-of-the-weather')
    await expect(
      data.send(new GetResourceApiKeyCommand({ workloadIdentityToken: 'made-up', resourceCredentialProviderName: 'weather' })),
    ).rejects.toMatchObject({ name: 'UnauthorizedException' })
    await expect(data.send(new GetResourceApiKeyCommand({ workloadIdentityToken, resourceCredentialProviderName: 'none' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

describe('M2M', () => {
  it('gives the token that the server issued, and the same one until it ends', async () => {
    const workload = await workloadToken()
    const { accessToken } = await token(workload)
    expect(accessToken).toMatch(/^[\w-]{20,}$/)
    expect((await token(workload)).accessToken).toBe(accessToken)
    expect((await token(workload, { forceAuthentication: true })).accessToken).not.toBe(accessToken)
    expect((await token(workload, { scopes: ['write'] })).accessToken).not.toBe(accessToken)
    expect((await token(await workloadToken('other'))).accessToken).not.toBe(accessToken)
    const kept = (await token(workload)).accessToken
    passed += 3599_000
    expect((await token(await workloadToken())).accessToken).not.toBe(kept)
  })

  it('authenticates in the way that the provider says', async () => {
    const authorizationServerMetadata = {
      issuer: server.issuer,
      authorizationEndpoint: `${server.issuer}/auth`,
      tokenEndpoint: `${server.issuer}/token`,
      tokenEndpointAuthMethods: ['client_secret_post'],
    }
    await provider('by-post', { clientId: 'agent-by-post', oauthDiscovery: { authorizationServerMetadata } })
    expect((await token(await workloadToken(), { resourceCredentialProviderName: 'by-post' })).accessToken).toBeDefined()
    await provider('wrong', { clientSecret: 'not-the-secret' })
    const refused = token(await workloadToken(), { resourceCredentialProviderName: 'wrong' })
    await expect(refused).rejects.toThrow('no token from the provider wrong: the token endpoint answered invalid_client')
    await expect(refused).rejects.not.toThrow('not-the-secret')
  })

  it('shares one request of several callers', async () => {
    const workload = await workloadToken()
    const before = server.seen.grants.length
    const all = await Promise.all(Array.from({ length: 8 }, () => token(workload, { scopes: ['read', 'write'] })))
    expect(new Set(all.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(server.seen.grants.length - before).toBe(1)
  })
})

describe('USER_FEDERATION', () => {
  it('takes the user through consent, and gives the token only to who asked for it', async () => {
    const workload = await workloadToken('shop', { userId: 'jane' })
    const asked = { ...federated, scopes: ['openid', 'read'], customState: 'a b&c', customParameters: { hint: 'x y' } }
    const begun = await token(workload, asked)
    expect(begun).toMatchObject({ sessionStatus: 'IN_PROGRESS', authorizationUrl: expect.stringContaining(server.issuer) })
    expect(begun.sessionUri).toMatch(/^urn:ietf:params:oauth:request_uri:/)
    const { sessionUri } = begun
    expect(await token(workload, { ...asked, sessionUri })).toMatchObject({ authorizationUrl: begun.authorizationUrl, sessionStatus: 'IN_PROGRESS' })
    const complete = () => opened.data.send(new CompleteResourceTokenAuthCommand({ sessionUri, userIdentifier: { userId: 'jane' } }))
    await expect(complete()).rejects.toThrow('the user has not come back')
    const { url } = await browse(begun.authorizationUrl ?? '', returnUrl)
    expect(Object.fromEntries(url.searchParams)).toEqual({ tenant: 'a', session_id: sessionUri, state: 'a b&c' })
    expect(server.seen.authorizations[0]?.get('hint')).toBe('x y')
    // The user consented, and nobody has said yet who that was.
    expect((await token(workload, { ...asked, sessionUri })).accessToken).toBeUndefined()
    await complete()
    await complete()
    const { accessToken } = await token(workload, { ...asked, sessionUri })
    expect(accessToken).toBeDefined()
    const again = { ...federated, scopes: ['read', 'openid'] }
    expect((await token(workload, again)).accessToken).toBe(accessToken)
    for (const [name, user] of [
      ['shop', { userId: 'john' }],
      ['other', { userId: 'jane' }],
      ['shop', { userToken: 'a.jwt.jane' }],
    ] as const) {
      const others = await workloadToken(name, user)
      expect((await token(others, again)).accessToken).toBeUndefined()
      await expect(token(others, { ...again, sessionUri })).rejects.toThrow('there is no such session of this workload, user')
    }
  })

  it('begins anew when it is asked to, and forgets what it had', async () => {
    const workload = await workloadToken('shop', { userId: 'anew' })
    await consented(workload, 'anew')
    expect((await token(workload, federated)).accessToken).toBeDefined()
    expect(await token(workload, { ...federated, forceAuthentication: true })).toMatchObject({ sessionStatus: 'IN_PROGRESS' })
    expect((await token(workload, federated)).accessToken).toBeUndefined()
  })

  it('renews a token with its refresh token, once for all who ask, and asks for consent when that was revoked', async () => {
    const asked = { scopes: ['openid', 'offline_access'], customParameters: { prompt: 'consent' } }
    const workload = async () => workloadToken('shop', { userId: 'renew' })
    await consented(await workload(), 'renew', asked)
    const first = (await token(await workload(), { ...federated, ...asked })).accessToken
    passed += 3590_000
    const holder = await workload()
    const before = server.seen.grants.length
    const renewed = await Promise.all(Array.from({ length: 5 }, () => token(holder, { ...federated, ...asked })))
    expect(new Set(renewed.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(renewed[0]?.accessToken).not.toBe(first)
    expect(server.seen.grants.slice(before)).toMatchObject([{ grant_type: 'refresh_token', status: 200 }])
  })

  it.each([
    ['a return URL that is not the identity’s', { resourceOauth2ReturnUrl: 'http://127.0.0.1:1/back' }, 'resourceOauth2ReturnUrl'],
    ['a state without a return URL', { resourceOauth2ReturnUrl: undefined, customState: 'x' }, 'customState'],
    ['a standard parameter among the custom ones', { customParameters: { redirect_uri: 'http://evil.example' } }, 'customParameters.redirect_uri'],
    ['a session that never was', { sessionUri: 'urn:ietf:params:oauth:request_uri:none' }, 'sessionUri'],
    ['members of another flow', { oauth2Flow: 'M2M' } as const, 'resourceOauth2ReturnUrl'],
    ['two resources', { resources: ['https://a.example', 'https://b.example'] }, 'resources'],
  ])('refuses %s', async (_what, asked, field) => {
    const workload = await workloadToken('shop', { userId: 'bad' })
    await expect(token(workload, { ...federated, ...asked })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`${field}: `),
    })
  })

  it('refuses a workload that acts for no user', async () => {
    await expect(token(await workloadToken(), federated)).rejects.toThrow('stands for no user')
  })
})
