// OAuth2 credential providers by the stock clients: every vendor, what each takes, and clients with a private key.
import { writeFileSync } from 'node:fs'
import {
  CreateOauth2CredentialProviderCommand,
  type CreateOauth2CredentialProviderCommandInput,
  type CredentialProviderVendorType,
  DeleteOauth2CredentialProviderCommand,
  GetOauth2CredentialProviderCommand,
  ListOauth2CredentialProvidersCommand,
  UpdateOauth2CredentialProviderCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { exportPKCS8, generateKeyPair, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { oauth2ProviderSettings } from '#services/identity/index.js'
import { openIdentity } from './identity.fixture.js'

const scope = { account: '000000000000', region: 'us-east-1' }
let opened: Awaited<ReturnType<typeof openIdentity>>
beforeAll(async () => {
  opened = await openIdentity()
})
afterAll(async () => {
  expect(opened.defects).toEqual([])
  await opened.close()
})

const kmsKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000'
const secret = { clientId: 'client', clientSecret: 'canary-client-secret' }
const own = {
  issuer: 'https://login.example',
  authorizationEndpoint: 'https://login.example/authorize',
  tokenEndpoint: 'https://login.example/token',
}
const configs: Partial<Record<CredentialProviderVendorType, CreateOauth2CredentialProviderCommandInput['oauth2ProviderConfigInput']>> = {
  GoogleOauth2: { googleOauth2ProviderConfig: secret },
  GithubOauth2: { githubOauth2ProviderConfig: secret },
  SlackOauth2: { slackOauth2ProviderConfig: secret },
  SalesforceOauth2: { salesforceOauth2ProviderConfig: secret },
  MicrosoftOauth2: { microsoftOauth2ProviderConfig: { ...secret, tenantId: 'contoso.example' } },
  AtlassianOauth2: { atlassianOauth2ProviderConfig: secret },
  LinkedinOauth2: { linkedinOauth2ProviderConfig: secret },
  CustomOauth2: { customOauth2ProviderConfig: { ...secret, oauthDiscovery: { authorizationServerMetadata: own } } },
}
const shared = [
  'XOauth2',
  'FacebookOauth2',
  'YandexOauth2',
  'RedditOauth2',
  'ZoomOauth2',
  'TwitchOauth2',
  'SpotifyOauth2',
  'DropboxOauth2',
  'NotionOauth2',
  'HubspotOauth2',
] as const
const tenants = ['OktaOauth2', 'OneLoginOauth2', 'PingOneOauth2', 'CyberArkOauth2', 'FusionAuthOauth2', 'Auth0Oauth2', 'CognitoOauth2'] as const
for (const vendor of shared) configs[vendor] = { includedOauth2ProviderConfig: secret }
for (const vendor of tenants) configs[vendor] = { includedOauth2ProviderConfig: { ...secret, ...own } }

describe('OAuth2 credential providers', () => {
  it.each(Object.entries(configs))('know where %s has its endpoints', async (vendor, oauth2ProviderConfigInput) => {
    const { control, world } = opened
    const name = `of-${vendor}`
    const credentialProviderVendor = vendor as CredentialProviderVendorType
    const created = await control.send(new CreateOauth2CredentialProviderCommand({ name, credentialProviderVendor, oauth2ProviderConfigInput }))
    expect(created).toMatchObject({
      status: 'READY',
      clientSecretSource: 'MANAGED',
      callbackUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:[0-9]+\/identities\/oauth2\/callback\/[0-9a-f-]{36}$/),
    })
    const got = await control.send(new GetOauth2CredentialProviderCommand({ name }))
    expect(JSON.stringify([created, got])).not.toContain('canary')
    const [shown] = Object.values(got.oauth2ProviderConfigOutput ?? {}) as { clientId: string; oauthDiscovery: object }[]
    expect(shown?.clientId).toBe('client')
    const settings = await oauth2ProviderSettings(world, scope, name)
    expect(settings).toMatchObject({ vendor, clientId: 'client', discovery: shown?.oauthDiscovery, callbackUrl: created.callbackUrl })
    expect(await settings.clientSecret()).toBe('canary-client-secret')
    const { discoveryUrl, authorizationServerMetadata } = settings.discovery
    for (const url of discoveryUrl ? [discoveryUrl] : Object.values(authorizationServerMetadata ?? {})) expect(String(url)).toMatch(/^https:\/\//)
  })

  it('are changed, listed and deleted; what was kept goes with them', async () => {
    const { control, world } = opened
    const { callbackUrl } = await control.send(new GetOauth2CredentialProviderCommand({ name: 'of-GithubOauth2' }))
    const changed = await control.send(
      new UpdateOauth2CredentialProviderCommand({
        name: 'of-GithubOauth2',
        credentialProviderVendor: 'GithubOauth2',
        oauth2ProviderConfigInput: { githubOauth2ProviderConfig: { clientId: 'other', clientSecret: 'canary-two' } },
      }),
    )
    expect(changed.callbackUrl).toBe(callbackUrl)
    expect(await (await oauth2ProviderSettings(world, scope, 'of-GithubOauth2')).clientSecret()).toBe('canary-two')
    const { credentialProviders } = await control.send(new ListOauth2CredentialProvidersCommand({ maxResults: 20 }))
    expect(credentialProviders).toHaveLength(20)
    for (const vendor of Object.keys(configs)) await control.send(new DeleteOauth2CredentialProviderCommand({ name: `of-${vendor}` }))
    expect((await control.send(new ListOauth2CredentialProvidersCommand({}))).credentialProviders).toEqual([])
    await expect(oauth2ProviderSettings(world, scope, 'of-GithubOauth2')).rejects.toMatchObject({ code: 'ResourceNotFoundException' })
  })

  const metadata = { authorizationServerMetadata: own }
  const custom = (members: object) => ({ customOauth2ProviderConfig: { ...secret, oauthDiscovery: metadata, ...members } })
  it.each<[string, CredentialProviderVendorType, object, RegExp]>([
    ['another vendor’s members', 'GoogleOauth2', { githubOauth2ProviderConfig: secret }, /must hold googleOauth2ProviderConfig/],
    ['no secret', 'GoogleOauth2', { googleOauth2ProviderConfig: { clientId: 'c' } }, /clientSecret: is required/],
    ['no endpoints of a tenant', 'OktaOauth2', { includedOauth2ProviderConfig: secret }, /issuer: is required for OktaOauth2/],
    [
      'endpoints where all share one',
      'SpotifyOauth2',
      { includedOauth2ProviderConfig: { ...secret, ...own } },
      /issuer: is for vendors with a tenant/,
    ],
    ['a tenant that is a path', 'MicrosoftOauth2', { microsoftOauth2ProviderConfig: { ...secret, tenantId: 'a/../b' } }, /tenantId/],
    [
      'an endpoint that is no web address',
      'CustomOauth2',
      custom({ oauthDiscovery: { authorizationServerMetadata: { ...own, tokenEndpoint: 'file:///etc/passwd' } } }),
      /tokenEndpoint: must be an https/,
    ],
    [
      'a password in an address',
      'CustomOauth2',
      custom({ oauthDiscovery: { authorizationServerMetadata: { ...own, issuer: 'https://a:b@c.example' } } }),
      /issuer: must not carry/,
    ],
    [
      'a private key in no place',
      'CustomOauth2',
      custom({ clientSecret: undefined, clientAuthenticationMethod: 'PRIVATE_KEY_JWT' }),
      /privateKeyJwtConfig.privateKeySource: is required/,
    ],
    [
      'a private key that the operator gave no file for',
      'CustomOauth2',
      custom({ clientSecret: undefined, privateKeyJwtConfig: { privateKeySource: { kmsKeySource: { kmsKeyArn } } } }),
      /kms\.json does not say which private key .* add \{"arn:aws:kms/,
    ],
    [
      'claims that are the platform’s to set',
      'CustomOauth2',
      custom({
        clientSecret: undefined,
        privateKeyJwtConfig: { privateKeySource: { kmsKeySource: { kmsKeyArn } }, additionalPayloadClaims: { sub: 'other' } },
      }),
      /"sub" is set by the platform/,
    ],
    ['a secret that is not used', 'CustomOauth2', custom({ clientAuthenticationMethod: 'AWS_IAM_ID_TOKEN_JWT' }), /clientSecret: is not used/],
    [
      'an exchange without its settings',
      'CustomOauth2',
      custom({ onBehalfOfTokenExchangeConfig: { grantType: 'TOKEN_EXCHANGE' } }),
      /tokenExchangeGrantTypeConfig: is required/,
    ],
    [
      'scopes of an actor that has none',
      'CustomOauth2',
      custom({
        onBehalfOfTokenExchangeConfig: {
          grantType: 'TOKEN_EXCHANGE',
          tokenExchangeGrantTypeConfig: { actorTokenContent: 'NONE', actorTokenScopes: ['a'] },
        },
      }),
      /actorTokenScopes: is for actorTokenContent M2M/,
    ],
    [
      'a flow that is not there',
      'CustomOauth2',
      custom({ oauthDiscovery: { authorizationServerMetadata: { ...own, responseTypes: ['token'] } } }),
      /responseTypes/,
    ],
  ])('are refused with %s', async (_, credentialProviderVendor, oauth2ProviderConfigInput, why) => {
    const input = { name: 'bad', credentialProviderVendor, oauth2ProviderConfigInput } as CreateOauth2CredentialProviderCommandInput
    await expect(opened.control.send(new CreateOauth2CredentialProviderCommand(input))).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(why),
    })
  })

  it('take their client authentication from the caller, else from the metadata, and show how they act for users', async () => {
    const { control } = opened
    const onBehalfOfTokenExchangeConfig = {
      grantType: 'TOKEN_EXCHANGE',
      tokenExchangeGrantTypeConfig: { actorTokenContent: 'M2M', actorTokenScopes: ['a'] },
    } as const
    const posted = { authorizationServerMetadata: { ...own, tokenEndpointAuthMethods: ['client_secret_post'] } }
    const made = async (name: string, members: object) => {
      const oauth2ProviderConfigInput = custom(members)
      const { oauth2ProviderConfigOutput } = await control.send(
        new CreateOauth2CredentialProviderCommand({ name, credentialProviderVendor: 'CustomOauth2', oauth2ProviderConfigInput }),
      )
      return oauth2ProviderConfigOutput?.customOauth2ProviderConfig
    }
    expect(await made('basic', {})).toMatchObject({ clientAuthenticationMethod: 'CLIENT_SECRET_BASIC' })
    expect(await made('post', { oauthDiscovery: posted })).toMatchObject({ clientAuthenticationMethod: 'CLIENT_SECRET_POST' })
    expect(await made('exchange', { onBehalfOfTokenExchangeConfig })).toMatchObject({ onBehalfOfTokenExchangeConfig })
    const discoveryUrl = 'https://login.example/.well-known/openid-configuration'
    const federated = {
      oauthDiscovery: { discoveryUrl },
      clientAuthenticationMethod: 'AWS_IAM_ID_TOKEN_JWT',
      clientSecret: undefined,
      clientId: undefined,
    }
    expect(await made('federated', federated)).toMatchObject({ clientAuthenticationMethod: 'AWS_IAM_ID_TOKEN_JWT', oauthDiscovery: { discoveryUrl } })
  })
})

describe('clients with a private key', () => {
  it.each(['RS256', 'PS256', 'ES256'] as const)('sign %s by the key that the operator named for its ARN', async (signingAlgorithm) => {
    const { control, world, kmsPath } = opened
    const { privateKey, publicKey } = await generateKeyPair(signingAlgorithm, { extractable: true })
    writeFileSync(`${kmsPath}.pem`, await exportPKCS8(privateKey))
    writeFileSync(kmsPath, JSON.stringify({ [kmsKeyArn]: 'kms.json.pem' }))
    const privateKeyJwtConfig = {
      privateKeySource: { kmsKeySource: { kmsKeyArn } },
      signingAlgorithm,
      additionalHeaderClaims: { kid: 'mine' },
      additionalPayloadClaims: { tenant: 'a' },
    }
    const name = `keyed-${signingAlgorithm}`
    const config = { clientId: 'client', oauthDiscovery: { authorizationServerMetadata: own }, privateKeyJwtConfig }
    const made = await control.send(
      new CreateOauth2CredentialProviderCommand({
        name,
        credentialProviderVendor: 'CustomOauth2',
        oauth2ProviderConfigInput: { customOauth2ProviderConfig: config },
      }),
    )
    expect(made.oauth2ProviderConfigOutput?.customOauth2ProviderConfig).toMatchObject({
      clientAuthenticationMethod: 'PRIVATE_KEY_JWT',
      privateKeyJwtConfig,
    })
    const settings = await oauth2ProviderSettings(world, scope, name)
    expect(await settings.clientSecret()).toBeUndefined()
    const { payload, protectedHeader } = await jwtVerify((await settings.assertion?.('https://login.example')) ?? '', publicKey, {
      issuer: 'client',
      subject: 'client',
      audience: 'https://login.example',
      requiredClaims: ['exp', 'iat', 'jti'],
    })
    expect([payload.tenant, protectedHeader]).toEqual(['a', { kid: 'mine', alg: signingAlgorithm, typ: 'JWT' }])
    writeFileSync(`${kmsPath}.pem`, 'canary-no-key')
    const broken = settings.assertion?.('https://login.example')
    await expect(broken).rejects.toMatchObject({ code: 'ValidationException', message: expect.stringContaining('PKCS #8') })
    await expect(broken).rejects.not.toMatchObject({ message: expect.stringContaining('canary') })
  })
})
