// Acting for a user with the user's own JWT: what the authorization server is sent, and who gets what it gives.
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { resourceTokens } from './resource-tokens.fixture.js'

const jane = { userToken: 'jane.of.monday' }
let world: Awaited<ReturnType<typeof resourceTokens>>
beforeAll(async () => {
  world = await resourceTokens()
  await world.provider('exchange', exchange({ actorTokenContent: 'NONE' }))
})
afterAll(async () => {
  expect(world.opened.defects).toEqual([])
  await world.close()
})

type Exchange = { actorTokenContent: 'NONE' | 'M2M' | 'AWS_IAM_ID_TOKEN_JWT'; actorTokenScopes?: string[] }
function exchange(tokenExchangeGrantTypeConfig: Exchange) {
  return { onBehalfOfTokenExchangeConfig: { grantType: 'TOKEN_EXCHANGE', tokenExchangeGrantTypeConfig } } as const
}

const asked = (resourceCredentialProviderName: string) => ({ oauth2Flow: 'ON_BEHALF_OF_TOKEN_EXCHANGE', resourceCredentialProviderName }) as const

it('exchanges the user’s JWT (RFC 8693), once for each JWT, scope and audience', async () => {
  const workload = await world.workloadToken('shop', jane)
  const more = { ...asked('exchange'), audiences: ['https://api.example', 'other'], resources: ['https://api.example/v1'] }
  const { accessToken } = await world.token(workload, more)
  expect(accessToken).toMatch(/^for jane\.of\.monday by nobody/)
  expect(world.server.seen.grants.at(-1)).toMatchObject({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    scope: 'read',
    audience: ['https://api.example', 'other'],
    resource: 'https://api.example/v1',
  })
  expect((await world.token(workload, more)).accessToken).toBe(accessToken)
  expect((await world.token(workload, asked('exchange'))).accessToken).not.toBe(accessToken)
  const tuesday = await world.workloadToken('shop', { userToken: 'jane.of.tuesday' })
  expect((await world.token(tuesday, more)).accessToken).toMatch(/^for jane\.of\.tuesday/)
})

it('sends an actor token of the client’s own', async () => {
  await world.provider('by-machine', exchange({ actorTokenContent: 'M2M', actorTokenScopes: ['write'] }))
  const { accessToken } = await world.token(await world.workloadToken('shop', jane), asked('by-machine'))
  const [machine, exchanged] = world.server.seen.grants.slice(-2)
  expect(machine).toMatchObject({ grant_type: 'client_credentials', scope: 'write' })
  expect(exchanged).toMatchObject({ actor_token_type: 'urn:ietf:params:oauth:token-type:access_token' })
  expect(accessToken).toContain(`by ${exchanged?.actor_token}`)
})

it('sends an actor token that the platform signs for the caller’s identity', async () => {
  await world.provider('by-platform', exchange({ actorTokenContent: 'AWS_IAM_ID_TOKEN_JWT' }))
  await world.token(await world.workloadToken('shop', jane), asked('by-platform'))
  const sent = world.server.seen.grants.at(-1)
  expect(sent).toMatchObject({ actor_token_type: 'urn:ietf:params:oauth:token-type:jwt' })
  const keys = createLocalJWKSet({ keys: (await world.opened.world.keys.published()) as never })
  const { payload } = await jwtVerify(String(sent?.actor_token), keys, { issuer: world.opened.url, audience: world.server.issuer })
  expect(payload.sub).toMatch(/^arn:aws:iam::000000000000:/)
})

it('presents the user’s JWT as a grant (RFC 7523)', async () => {
  await world.provider('grant', { onBehalfOfTokenExchangeConfig: { grantType: 'JWT_AUTHORIZATION_GRANT' } })
  const { accessToken } = await world.token(await world.workloadToken('shop', jane), asked('grant'))
  expect(accessToken).toMatch(/^for jane\.of\.monday/)
  expect(world.server.seen.grants.at(-1)).toMatchObject({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: jane.userToken })
})

it('authenticates without a secret, by a JWT that the platform signs', async () => {
  await world.provider('no-secret', { clientSecret: undefined, clientAuthenticationMethod: 'AWS_IAM_ID_TOKEN_JWT' })
  // This server does not trust the platform's issuer, as one outside would have to be told; what it was sent is what counts here.
  await expect(world.token(await world.workloadToken(), { resourceCredentialProviderName: 'no-secret' })).rejects.toThrow(
    'no token from the provider no-secret',
  )
  const sent = world.server.seen.grants.at(-1)
  expect(sent).toMatchObject({ client_id: 'agent', client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer' })
  const keys = createLocalJWKSet({ keys: (await world.opened.world.keys.published()) as never })
  await jwtVerify(String(sent?.client_assertion), keys, { issuer: world.opened.url, audience: world.server.issuer })
})

it('signs no JWT for a caller who may have none', async () => {
  const { asked: questions, refused } = world.opened
  const before = world.server.seen.grants.length
  refused.add('sts:GetWebIdentityToken')
  const federation = { oauth2Flow: 'USER_FEDERATION', resourceCredentialProviderName: 'no-secret' } as const
  for (const [workload, what] of [
    [await world.workloadToken('shop', jane), { ...asked('by-platform'), forceAuthentication: true }],
    [await world.workloadToken(), { resourceCredentialProviderName: 'no-secret' }],
    [await world.workloadToken('shop', { userId: 'jane' }), federation],
  ] as const)
    await expect(world.token(workload, what)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('may not sts:GetWebIdentityToken'),
    })
  refused.clear()
  expect(questions).toContainEqual(['sts:GetWebIdentityToken', 'arn:aws:sts::000000000000:self'])
  expect(world.server.seen.grants).toHaveLength(before)
})

it('is refused without a JWT of the user, and by a provider that was not set up for it', async () => {
  const byId = await world.workloadToken('shop', { userId: 'jane' })
  await expect(world.token(byId, asked('exchange'))).rejects.toThrow('workloadIdentityToken: stands for no user who signed in with a JWT')
  const workload = await world.workloadToken('shop', jane)
  await expect(world.token(workload, asked('idp'))).rejects.toThrow('has no onBehalfOfTokenExchangeConfig')
})
