// Tokens of resources by the stock client, from a real authorization server on loopback.
import { writeFileSync } from 'node:fs'
import { CompleteResourceTokenAuthCommand, GetResourceApiKeyCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateApiKeyCredentialProviderCommand,
  CreateWorkloadIdentityCommand,
  DeleteWorkloadIdentityCommand,
  type KmsConfiguration,
  SetTokenVaultCMKCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { federated, resourceTokens, returnUrl } from './resource-tokens.fixture.js'

let world: Awaited<ReturnType<typeof resourceTokens>>
beforeAll(async () => {
  world = await resourceTokens()
})
afterAll(async () => {
  expect(world.opened.defects).toEqual([])
  await world.close()
})

describe('API keys', () => {
  it('are for who holds a workload access token', async () => {
    const { control, data } = world.opened
    await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'weather', apiKey: 'key-of-the-weather' }))
    const workloadIdentityToken = await world.workloadToken()
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

it('asks whether the caller may, for the provider and for the workload', async () => {
  const { asked } = world.opened
  asked.length = 0
  await world.token(await world.workloadToken())
  const arn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:'
  expect(asked.filter(([action]) => action.endsWith('GetResourceOauth2Token')).map(([, resource]) => resource)).toEqual([
    `${arn}token-vault/default/oauth2credentialprovider/idp`,
    `${arn}workload-identity-directory/default/workload-identity/shop`,
  ])
})

describe('M2M', () => {
  it('gives the token that the server issued, and the same one until it ends', async () => {
    const workload = await world.workloadToken()
    const { accessToken } = await world.token(workload)
    expect(accessToken).toMatch(/^[\w-]{20,}$/)
    expect((await world.token(workload)).accessToken).toBe(accessToken)
    expect((await world.token(workload, { forceAuthentication: true })).accessToken).not.toBe(accessToken)
    expect((await world.token(workload, { scopes: ['write'] })).accessToken).not.toBe(accessToken)
    expect((await world.token(await world.workloadToken('other'))).accessToken).not.toBe(accessToken)
    const kept = (await world.token(workload)).accessToken
    world.pass(3599_000)
    expect((await world.token(await world.workloadToken())).accessToken).not.toBe(kept)
  })

  it('gives the same token after its vault went under a customer’s key, and none without that key', async () => {
    const { control, kmsPath } = world.opened
    const kmsKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/22222222-2222-2222-2222-222222222222'
    const set = (kmsConfiguration: KmsConfiguration) => control.send(new SetTokenVaultCMKCommand({ tokenVaultId: 'default', kmsConfiguration }))
    const workload = await world.workloadToken()
    const { accessToken } = await world.token(workload)
    writeFileSync(`${kmsPath}.key`, Buffer.alloc(32, 5).toString('base64'))
    const map = JSON.stringify({ [kmsKeyArn]: `${kmsPath}.key` })
    writeFileSync(kmsPath, map)
    await set({ keyType: 'CustomerManagedKey', kmsKeyArn })
    expect((await world.token(workload)).accessToken).toBe(accessToken)
    writeFileSync(kmsPath, '{}')
    await expect(world.token(workload)).rejects.toMatchObject({
      name: 'DecryptionFailure',
      $metadata: { httpStatusCode: 400 },
      message: expect.stringContaining(kmsKeyArn),
    })
    writeFileSync(kmsPath, map)
    await set({ keyType: 'ServiceManagedKey' })
    writeFileSync(kmsPath, '{}')
    expect((await world.token(workload)).accessToken).toBe(accessToken)
  })

  it('takes the return URL that the official SDKs send with every flow', async () => {
    const workload = await world.workloadToken()
    expect((await world.token(workload, { resourceOauth2ReturnUrl: returnUrl })).accessToken).toBe((await world.token(workload)).accessToken)
  })

  it('authenticates in the way that the provider says', async () => {
    const authorizationServerMetadata = {
      issuer: world.server.issuer,
      authorizationEndpoint: `${world.server.issuer}/auth`,
      tokenEndpoint: `${world.server.issuer}/token`,
      tokenEndpointAuthMethods: ['client_secret_post'],
    }
    await world.provider('by-post', { clientId: 'agent-by-post', oauthDiscovery: { authorizationServerMetadata } })
    expect((await world.token(await world.workloadToken(), { resourceCredentialProviderName: 'by-post' })).accessToken).toBeDefined()
    const kmsKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/11111111-1111-1111-1111-111111111111'
    const { kmsPath } = world.opened
    writeFileSync(`${kmsPath}.pem`, world.server.clientKey)
    writeFileSync(kmsPath, JSON.stringify({ [kmsKeyArn]: `${kmsPath}.pem` }))
    const privateKeyJwtConfig = { privateKeySource: { kmsKeySource: { kmsKeyArn } }, signingAlgorithm: 'ES256' } as const
    await world.provider('by-key', { clientId: 'agent-by-key', clientSecret: undefined, privateKeyJwtConfig })
    expect((await world.token(await world.workloadToken(), { resourceCredentialProviderName: 'by-key' })).accessToken).toBeDefined()
    // A key that is gone since is told by name.
    writeFileSync(kmsPath, '{}')
    await expect(
      world.token(await world.workloadToken(), { resourceCredentialProviderName: 'by-key', forceAuthentication: true }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('private key'),
    })
    await world.provider('wrong', { clientSecret: 'not-the-secret' })
    const refused = world.token(await world.workloadToken(), { resourceCredentialProviderName: 'wrong' })
    await expect(refused).rejects.toThrow('no token from the provider wrong: the token endpoint answered invalid_client')
    await expect(refused).rejects.not.toThrow('not-the-secret')
  })

  it('shares one request of several callers', async () => {
    const workload = await world.workloadToken()
    const before = world.server.seen.grants.length
    const all = await Promise.all(Array.from({ length: 8 }, () => world.token(workload, { scopes: ['read', 'write'] })))
    expect(new Set(all.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(world.server.seen.grants.length - before).toBe(1)
  })
})

describe('USER_FEDERATION', () => {
  it('takes the user through consent, and gives the token only to who asked for it', async () => {
    const workload = await world.workloadToken('shop', { userId: 'jane' })
    const asked = { ...federated, scopes: ['openid', 'read'], customState: 'a b&c', customParameters: { hint: 'x y' } }
    const begun = await world.token(workload, asked)
    expect(begun).toMatchObject({ sessionStatus: 'IN_PROGRESS', authorizationUrl: expect.stringContaining(world.server.issuer) })
    expect(begun.sessionUri).toMatch(/^urn:ietf:params:oauth:request_uri:/)
    const { sessionUri } = begun
    expect(await world.token(workload, { ...asked, sessionUri })).toMatchObject({
      authorizationUrl: begun.authorizationUrl,
      sessionStatus: 'IN_PROGRESS',
    })
    const complete = () => world.complete(sessionUri, 'jane')
    await expect(complete()).rejects.toThrow('the user has not come back')
    const url = await world.consent(begun.authorizationUrl)
    expect(Object.fromEntries(url.searchParams)).toEqual({ tenant: 'a', session_id: sessionUri, state: 'a b&c' })
    expect(world.server.seen.authorizations[0]?.get('hint')).toBe('x y')
    // The user consented, and nobody has said yet who that was.
    expect((await world.token(workload, { ...asked, sessionUri })).accessToken).toBeUndefined()
    await complete()
    await complete()
    const { accessToken } = await world.token(workload, { ...asked, sessionUri })
    expect(accessToken).toBeDefined()
    const again = { ...federated, scopes: ['read', 'openid'] }
    expect((await world.token(workload, again)).accessToken).toBe(accessToken)
    for (const [name, user] of [
      ['shop', { userId: 'john' }],
      ['other', { userId: 'jane' }],
      ['shop', { userToken: 'a.jwt.jane' }],
    ] as const) {
      const others = await world.workloadToken(name, user)
      expect((await world.token(others, again)).accessToken).toBeUndefined()
      await expect(world.token(others, { ...again, sessionUri })).rejects.toThrow('there is no such session of this workload, user')
    }
  })

  it('knows a user of a JWT by issuer and subject, and by no id of the same letters', async () => {
    const workload = await world.workloadToken('shop', { userToken: 'a.jwt.jane' })
    const begin = async () => {
      const { sessionUri, authorizationUrl } = await world.token(workload, { ...federated, scopes: ['write'] })
      await world.consent(authorizationUrl)
      return sessionUri
    }
    await expect(world.complete(await begin(), 'jane')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    const sessionUri = await begin()
    const userIdentifier = { userToken: 'another.jwt.jane' }
    await world.opened.data.send(new CompleteResourceTokenAuthCommand({ sessionUri, userIdentifier }))
    expect((await world.token(workload, { ...federated, scopes: ['write'], sessionUri })).accessToken).toBeDefined()
  })

  it('begins anew when it is asked to, and forgets what it had', async () => {
    const workload = await world.workloadToken('shop', { userId: 'anew' })
    await world.consented(workload, 'anew')
    expect((await world.token(workload, federated)).accessToken).toBeDefined()
    expect(await world.token(workload, { ...federated, forceAuthentication: true })).toMatchObject({ sessionStatus: 'IN_PROGRESS' })
    expect((await world.token(workload, federated)).accessToken).toBeUndefined()
  })

  it('renews a token with its refresh token, once for all who ask, and asks for consent when that was revoked', async () => {
    const asked = { scopes: ['openid', 'offline_access'], customParameters: { prompt: 'consent' } }
    const workload = async () => world.workloadToken('shop', { userId: 'renew' })
    await world.consented(await workload(), 'renew', asked)
    const first = (await world.token(await workload(), { ...federated, ...asked })).accessToken
    world.pass(3590_000)
    const holder = await workload()
    const before = world.server.seen.grants.length
    const renewed = await Promise.all(Array.from({ length: 5 }, () => world.token(holder, { ...federated, ...asked })))
    expect(new Set(renewed.map(({ accessToken }) => accessToken)).size).toBe(1)
    expect(renewed[0]?.accessToken).not.toBe(first)
    expect(world.server.seen.grants.slice(before)).toMatchObject([{ grant_type: 'refresh_token', status: 200 }])
    await world.server.revoke()
    world.pass(3590_000)
    expect(await world.token(await workload(), { ...federated, ...asked })).toMatchObject({ sessionStatus: 'IN_PROGRESS' })
    expect(world.server.seen.grants.at(-1)).toMatchObject({ grant_type: 'refresh_token', status: 400 })
  })

  it.each([
    ['a return URL that is not the identity’s', { resourceOauth2ReturnUrl: 'http://127.0.0.1:1/back' }, 'resourceOauth2ReturnUrl'],
    ['a state without a return URL', { resourceOauth2ReturnUrl: undefined, customState: 'x' }, 'customState'],
    ['a standard parameter among the custom ones', { customParameters: { redirect_uri: 'http://evil.example' } }, 'customParameters.redirect_uri'],
    ['a session that never was', { sessionUri: 'urn:ietf:params:oauth:request_uri:none' }, 'sessionUri'],
    ['members of another flow', { oauth2Flow: 'M2M', customState: 'x' } as const, 'customState'],
    ['two resources', { resources: ['https://a.example', 'https://b.example'] }, 'resources'],
  ])('refuses %s', async (_what, asked, field) => {
    const workload = await world.workloadToken('shop', { userId: 'bad' })
    await expect(world.token(workload, { ...federated, ...asked })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`${field}: `),
    })
  })

  it('refuses a workload that acts for no user', async () => {
    await expect(world.token(await world.workloadToken(), federated)).rejects.toThrow('stands for no user')
  })
})

it('what nobody can ask for any more goes out of the vault', async () => {
  const { control } = world.opened
  await control.send(new CreateWorkloadIdentityCommand({ name: 'leaving', allowedResourceOauth2ReturnUrls: [returnUrl] }))
  await world.consented(await world.workloadToken('leaving', { userId: 'jane' }), 'jane')
  await world.consented(await world.workloadToken('shop', { userId: 'stays' }), 'stays', { scopes: ['write'] })
  await world.token(await world.workloadToken(), { scopes: ['write'] })
  await control.send(new DeleteWorkloadIdentityCommand({ name: 'leaving' }))
  world.pass(24 * 3600_000)
  await world.restart()
  const scope = { account: '000000000000', region: 'us-east-1' }
  const { store } = world.opened.world
  await expect.poll(() => store.list({ name: 'token-sessions' }, scope), { timeout: 10_000 }).toEqual([])
  const kept = () => store.list<{ workloadName: string; flow: string; user: string }>({ name: 'vaulted-tokens' }, scope)
  await expect.poll(async () => (await kept()).filter(({ document }) => document.flow === 'M2M' || document.workloadName === 'leaving')).toEqual([])
  const ids = (await kept()).map(({ id }) => `token/${id}`)
  expect((await kept()).map(({ document }) => document.user)).toContain('["stays"]')
  expect((await store.list({ name: 'vault-entries' }, scope)).map(({ id }) => id).filter((id) => /^(token|session)\//.test(id))).toEqual(ids)
})
