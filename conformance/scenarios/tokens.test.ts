// Keys and tokens of resources by stock clients, from a stock authorization server, with the platform killed on the way.
import { once } from 'node:events'
import { type IncomingMessage, request } from 'node:http'
import {
  CompleteResourceTokenAuthCommand,
  GetResourceOauth2TokenCommand,
  type GetResourceOauth2TokenCommandInput,
  GetWorkloadAccessTokenForUserIdCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateApiKeyCredentialProviderCommand,
  CreateOauth2CredentialProviderCommand,
  CreateWorkloadIdentityCommand,
  UpdateOauth2CredentialProviderCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, expect } from 'vitest'
import { authorizationServer, browse, client } from '../../packages/server/src/authorization-server.fixture.ts'
import { createAgent } from '../agents.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { errorOf, invoke } from '../invoke.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const returnUrl = 'http://127.0.0.1:1/return'
/** What must be in no log. */
const secrets = [client.clientSecret, 'the-key-of-the-weather']
let server: Awaited<ReturnType<typeof authorizationServer>>
let platform: RunningPlatform
let clients: Clients

const start = (dataDir: string, port = '0') => startPlatform(dataDir, {}, ['--port', port, '--allow-egress', server.place])

function providerInput(name: string, issuer = server.issuer) {
  const oauthDiscovery = { discoveryUrl: `${issuer}/.well-known/openid-configuration` }
  const customOauth2ProviderConfig = { ...client, oauthDiscovery }
  return { name, credentialProviderVendor: 'CustomOauth2', oauth2ProviderConfigInput: { customOauth2ProviderConfig } } as const
}

beforeAll(async () => {
  server = await authorizationServer()
  platform = await start(newDataDir())
  clients = clientsOf(platform)
  const { control } = clients
  await control.send(new CreateWorkloadIdentityCommand({ name: 'shop', allowedResourceOauth2ReturnUrls: [returnUrl] }))
  await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'weather', apiKey: secrets[1] }))
  await control.send(new CreateOauth2CredentialProviderCommand(providerInput('idp')))
})
afterAll(async () => {
  expect(secrets.filter((secret) => platform.log().includes(secret))).toEqual([])
  await removeDataDir(platform)
  server.close()
})

async function workloadToken(userId: string, workloadName = 'shop') {
  return (await clients.data.send(new GetWorkloadAccessTokenForUserIdCommand({ workloadName, userId }))).workloadAccessToken
}

async function userToken(userId: string, asked: Partial<GetResourceOauth2TokenCommandInput> = {}) {
  return clients.data.send(
    new GetResourceOauth2TokenCommand({
      workloadIdentityToken: await workloadToken(userId),
      resourceCredentialProviderName: 'idp',
      scopes: ['read'],
      oauth2Flow: 'USER_FEDERATION',
      resourceOauth2ReturnUrl: returnUrl,
      ...asked,
    }),
  )
}

const complete = (sessionUri: string | undefined, userId: string) =>
  clients.data.send(new CompleteResourceTokenAuthCommand({ sessionUri, userIdentifier: { userId } }))

scenario('tokens.agent', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'needy', files: { 'main.js': await bundled('resource-tokens') } })
  const { body } = await invoke(clients, agentRuntimeArn, {})
  expect(body).toEqual({ apiKey: secrets[1], accessToken: expect.stringMatching(/^[\w-]{20,}$/), madeUp: 'UnauthorizedException' })
})

scenario('tokens.user', 'js', async () => {
  const begun = await userToken('jane')
  const { sessionUri } = begun
  expect(begun).toMatchObject({ sessionStatus: 'IN_PROGRESS', authorizationUrl: expect.stringContaining(server.issuer) })
  expect((await errorOf(complete(sessionUri, 'jane'))).name).toBe('ValidationException')
  const { url } = await browse(begun.authorizationUrl ?? '', returnUrl)
  expect(url.searchParams.get('session_id')).toBe(sessionUri)
  expect((await userToken('jane', { sessionUri })).accessToken).toBeUndefined()
  await complete(sessionUri, 'jane')
  const { accessToken } = await userToken('jane', { sessionUri })
  expect(accessToken).toBeDefined()
  expect((await userToken('jane')).accessToken).toBe(accessToken)
  expect((await userToken('john')).accessToken).toBeUndefined()
  expect((await errorOf(userToken('john', { sessionUri }))).name).toBe('ValidationException')

  const others = await userToken('john')
  await browse(others.authorizationUrl ?? '', returnUrl)
  expect(await errorOf(complete(others.sessionUri, 'jane'))).toMatchObject({ name: 'AccessDeniedException', status: 403 })
  expect((await userToken('john', { sessionUri: others.sessionUri })).sessionStatus).toBe('FAILED')
})

scenario('tokens.survive', 'js', async () => {
  const bound = await userToken('before')
  await browse(bound.authorizationUrl ?? '', returnUrl)
  await complete(bound.sessionUri, 'before')
  const { accessToken } = await userToken('before')
  const consented = await userToken('consented')
  await browse(consented.authorizationUrl ?? '', returnUrl)
  const begun = await userToken('begun')

  await platform.kill()
  platform = await start(platform.dataDir, new URL(platform.url).port)
  clients = clientsOf(platform)
  expect((await userToken('before')).accessToken).toBe(accessToken)
  await complete(consented.sessionUri, 'consented')
  expect((await userToken('consented', { sessionUri: consented.sessionUri })).accessToken).toBeDefined()
  await browse(begun.authorizationUrl ?? '', returnUrl)
  await complete(begun.sessionUri, 'begun')
  expect((await userToken('begun')).accessToken).toBeDefined()
})

scenario('tokens.egress', 'js', async () => {
  const { control } = clients
  await control.send(new CreateOauth2CredentialProviderCommand(providerInput('inside', 'http://169.254.169.254')))
  const asked = { resourceCredentialProviderName: 'inside' }
  const refused = await errorOf(userToken('jane', asked))
  expect(refused).toMatchObject({ name: 'ValidationException', status: 400 })
  expect(refused.message).toContain('--allow-egress 169.254.169.254:80')
  await control.send(new UpdateOauth2CredentialProviderCommand(providerInput('inside', 'http://localhost:1')))
  expect((await errorOf(userToken('jane', asked))).message).toContain('--allow-egress localhost:1')
})

scenario('tokens.named', 'js', async () => {
  const named = await startPlatform(newDataDir(), { AGENTWORKS_ISSUER_URL: 'https://aw.example.com' })
  try {
    const { callbackUrl = '' } = await clientsOf(named).control.send(new CreateOauth2CredentialProviderCommand(providerInput('idp')))
    expect(callbackUrl).toMatch(/^https:\/\/aw\.example\.com\/identities\/oauth2\/callback\/[0-9a-f-]{36}$/)
    const { pathname: path } = new URL(callbackUrl)
    const statusAt = async (host: string) => {
      const asked = request({ host: '127.0.0.1', port: new URL(named.url).port, path, headers: { host } }).end()
      const [answer] = (await once(asked, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    }
    // No sign-in is under way: a page says so.
    expect(await statusAt('aw.example.com')).toBe(400)
    expect(await statusAt('stranger.example.com')).toBe(421)
  } finally {
    await removeDataDir(named)
  }
})
