// Our SDK's identity on a real platform beside a real identity provider: inside a session, and on its author's machine.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runtimeClient } from '@agentworks/sdk/client'
import {
  AuthorizationFailed,
  AuthorizationRequired,
  InvalidCall,
  NoWorkloadAccessToken,
  tokenPoller,
  withAccessToken,
  withApiKey,
  withIamJwt,
} from '@agentworks/sdk/identity'
import { STSClient } from '@aws-sdk/client-sts'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { bundled } from '../bundled.fixture.ts'
import { consent, type IdentityWorld, identityWorld, type ReturnApp, returnApp, tokenOf } from '../identity-world.fixture.ts'
import { errorOf, invoke, session, streamed } from '../invoke.fixture.ts'
import { clientsOf, region, roleArn } from '../platform.fixture.ts'

let world: IdentityWorld
let clients: ReturnType<typeof clientsOf>
let app: ReturnApp

beforeAll(async () => {
  world = await identityWorld()
  clients = clientsOf(world.platform)
  app = await returnApp(world.identity, 'alice-at-the-app')
}, 60_000)
afterAll(async () => {
  await app?.close()
  for (const client of Object.values(clients ?? {})) client.destroy()
  await world?.stop()
})

describe('inside a session', { timeout: 60_000 }, () => {
  let agentRuntimeArn: string

  beforeAll(async () => {
    const made = await createAgent(clients, { name: 'identified', files: { 'main.js': await bundled('identity-agent') } })
    agentRuntimeArn = made.agentRuntimeArn
    await world.identity.updateWorkloadIdentity({ name: made.agentRuntimeId, allowedResourceOauth2ReturnUrls: [app.url] })
  }, 60_000)

  it('a function gets the API key', async () => {
    const { body } = await invoke(clients, agentRuntimeArn, { do: 'api-key' }, { runtimeSessionId: session('key'), runtimeUserId: 'anna' })
    expect(body).toEqual({ question: 'rain?', apiKey: world.apiKey })
  })

  it('a workload access token that the caller made up is not the agent’s', async () => {
    const headers = { 'X-Amz-Bedrock-AgentCore-Identity-WAT': 'made-up', WorkloadAccessToken: 'made-up' }
    const client = runtimeClient({ region, endpoint: world.platform.url, credentials: world.platform.credentials })
    const answer = await client.invoke({ agentRuntimeArn, runtimeSessionId: session('key'), headers, payload: { do: 'api-key' } })
    expect(await answer.value()).toMatchObject({ apiKey: world.apiKey })
    client.destroy()
  })

  it('a function gets a machine token of the provider', async () => {
    const { body } = await invoke(clients, agentRuntimeArn, { do: 'machine' }, { runtimeSessionId: session('key'), runtimeUserId: 'anna' })
    expect(body).toMatchObject({ iss: world.issuer, client_id: 'agents', scope: 'read:reports' })
  })

  it('a function gets a JWT that says which role the agent has', async () => {
    const { body } = await invoke(clients, agentRuntimeArn, { do: 'iam-jwt' }, { runtimeSessionId: session('key') })
    expect(body).toMatchObject({ iss: world.platform.url, aud: 'https://api.example.com', sub: roleArn })
    expect(body.exp - body.iat).toBe(120)
  })

  it('a function gets the token of its user once they consented, and no other user gets it', async () => {
    const wish = { do: 'user', callbackUrl: app.url, customState: 'mine' }
    const ask = (runtimeUserId: string) => streamed(clients, agentRuntimeArn, wish, { runtimeSessionId: session(runtimeUserId), runtimeUserId })
    await using first = ask('alice-at-the-app')
    const shown = (await first.next()).value as { authorizationUrl: string }
    await consent(world, shown.authorizationUrl, 'alice')
    expect((await first.next()).value).toMatchObject({ claims: { sub: 'alice', iss: world.issuer } })
    expect(app.state).toBe('mine')
    await using second = ask('alice-at-the-app')
    expect((await second.next()).value, 'from the vault').toMatchObject({ claims: { sub: 'alice' } })
    await using another = ask('bob-at-the-app')
    expect((await another.next()).value).toEqual({ authorizationUrl: expect.stringContaining(world.issuer) })
  })
})

describe('inside a session that a user’s own token opened', { timeout: 60_000 }, () => {
  it('a function gets that token exchanged for one for another service', async () => {
    const authorizerConfiguration = {
      customJWTAuthorizer: { discoveryUrl: `${world.issuer}/.well-known/openid-configuration`, allowedClients: ['agents'] },
    }
    const files = { 'main.js': await bundled('identity-agent') }
    const { agentRuntimeArn } = await createAgent(clients, { name: 'exchanging', files, authorizerConfiguration })
    const alice = runtimeClient({ region, endpoint: world.platform.url, bearerToken: await tokenOf(world, app, 'alice') })
    const answer = await alice.invoke({ agentRuntimeArn, payload: { do: 'on-behalf' } })
    const wanted = { sub: 'alice', aud: 'https://invoices.example.com', scope: 'read:invoices', act: { sub: 'agents' } }
    expect(await answer.value()).toMatchObject(wanted)
    alice.destroy()
  })
})

describe('on its author’s machine', () => {
  const home = process.cwd()
  let dir: string

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'aw-local-identity-'))
    process.chdir(dir)
    return () => {
      process.chdir(home)
      rmSync(dir, { recursive: true, force: true })
    }
  })

  const kept = () => JSON.parse(readFileSync(join(dir, '.agentcore.json'), 'utf8'))
  const withKey = (providerName = 'weather') =>
    withApiKey({ providerName, client: world.identity })(async (question: string, key: string) => [question, key])

  it('the first call makes an identity, and all later ones have it', async () => {
    const call = withKey()
    expect(await Promise.all([call('rain?'), call('snow?')])).toEqual([
      ['rain?', world.apiKey],
      ['snow?', world.apiKey],
    ])
    const made = kept()
    expect(made).toEqual({ workload_identity_name: expect.stringMatching(/^workload-[0-9a-f]{8}$/), user_id: expect.stringMatching(/^[0-9a-f]{8}$/) })
    await call('wind?')
    expect(kept()).toEqual(made)
    const names = (await world.identity.listWorkloadIdentities()).map(({ name }) => name)
    expect(names.filter((name) => name === made.workload_identity_name)).toHaveLength(1)
  })

  it('an identity that this platform does not know is made again by its name, and what else is in the file stays', async () => {
    writeFileSync(join(dir, '.agentcore.json'), JSON.stringify({ workload_identity_name: 'from-elsewhere', mine: true }))
    expect(await withKey()('rain?')).toEqual(['rain?', world.apiKey])
    expect(kept()).toEqual({ workload_identity_name: 'from-elsewhere', user_id: expect.any(String), mine: true })
    expect(await world.identity.getWorkloadIdentity('from-elsewhere')).toMatchObject({ name: 'from-elsewhere' })
  })

  it.each(['{', '[]', '{"user_id": 7}'])('a file that holds %s is left alone and named', async (content) => {
    writeFileSync(join(dir, '.agentcore.json'), content)
    const fault = await withKey()('rain?').catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(InvalidCall)
    expect(String(fault)).toContain(join(dir, '.agentcore.json'))
    expect(readFileSync(join(dir, '.agentcore.json'), 'utf8')).toBe(content)
  })

  it('a file that cannot be kept is named, and no identity is made', async () => {
    const before = await world.identity.listWorkloadIdentities()
    mkdirSync(join(dir, '.agentcore.json'))
    await expect(withKey()('rain?')).rejects.toThrow(/\.agentcore\.json: cannot be read \(EISDIR\)/)
    rmSync(dir, { recursive: true })
    await expect(withKey()('rain?')).rejects.toThrow(/\.agentcore\.json: cannot be written \(ENOENT\)/)
    expect(await world.identity.listWorkloadIdentities()).toEqual(before)
  })

  it('inside a container without a user nothing is made up', async () => {
    process.env.DOCKER_CONTAINER = '1'
    try {
      await expect(withKey()('rain?')).rejects.toBeInstanceOf(NoWorkloadAccessToken)
    } finally {
      delete process.env.DOCKER_CONTAINER
    }
    expect(() => kept()).toThrow('ENOENT')
  })

  it('consent by way of an application of its author, whose address is allowed by itself', async () => {
    const urls: string[] = []
    const calendar = withAccessToken({
      providerName: 'local-idp',
      scopes: ['openid', 'read:calendar'],
      authFlow: 'USER_FEDERATION',
      client: world.identity,
      callbackUrl: app.url,
      tokenPoller: tokenPoller({ intervalMs: 50, timeoutMs: 20_000 }),
      async onAuthUrl(url, { sessionUri }) {
        urls.push(url)
        expect(sessionUri).toMatch(/^urn:ietf:params:oauth:request_uri:/)
        app.signedIn = kept().user_id
        await consent(world, url, 'alice')
      },
    })(async (day: string, token: string) => ({ day, sub: await subjectOf(token) }))
    expect(await calendar('monday')).toEqual({ day: 'monday', sub: 'alice' })
    expect(await calendar('tuesday')).toEqual({ day: 'tuesday', sub: 'alice' })
    expect(urls).toHaveLength(1)
  })

  it('a user who says no ends the waiting at once', async () => {
    const call = withAccessToken({
      ...federated(),
      callbackUrl: app.url,
      onAuthUrl: async (url: string) => void (await consent(world, url, 'alice', 'deny')),
      tokenPoller: tokenPoller({ intervalMs: 50, timeoutMs: 20_000 }),
    })(async (token: string) => token)
    await expect(call()).rejects.toBeInstanceOf(AuthorizationFailed)
  })

  it('without anybody to show the address, the error has it', async () => {
    const fault = await withAccessToken(federated())(async (token: string) => token)().catch((error: unknown) => error)
    expect(fault).toBeInstanceOf(AuthorizationRequired)
    expect(fault).toMatchObject({ authorizationUrl: expect.stringContaining(world.issuer), sessionUri: expect.stringContaining('urn:') })
    expect(String(fault)).not.toContain(world.issuer)
  })

  const federated = () => ({ providerName: 'local-idp', scopes: ['read:mail'], authFlow: 'USER_FEDERATION', client: world.identity }) as const

  it('a JWT says who is calling, and is verified by the platform’s public keys', async () => {
    const client = new STSClient({ region, endpoint: world.platform.url, credentials: world.platform.credentials })
    const audience = ['https://one.example.com', 'https://two.example.com']
    const jwt = await withIamJwt({ audience, signingAlgorithm: 'RS256', tags: { team: 'data' }, client })(async (token: string) => token)()
    const keys = createRemoteJWKSet(new URL(`${world.platform.url}/.well-known/jwks.json`))
    const { payload, protectedHeader } = await jwtVerify(jwt, keys, { issuer: world.platform.url, audience: 'https://two.example.com' })
    expect([protectedHeader.alg, JSON.stringify(payload)]).toEqual(['RS256', expect.stringContaining('"team":"data"')])
    client.destroy()
  })

  it.each([
    ['audience', { audience: [] }],
    ['signingAlgorithm', { audience: ['a'], signingAlgorithm: 'HS256' as 'RS256' }],
    ['durationSeconds', { audience: ['a'], durationSeconds: 59 }],
  ])('a wrong %s is refused where the function is wrapped', (field, options) => {
    expect(() => withIamJwt(options)).toThrow(expect.objectContaining({ name: 'InvalidCall', field }))
  })
})

describe('the client', () => {
  it('lists all pages', async () => {
    for (let index = 0; index < 25; index++) await world.identity.createWorkloadIdentity({ name: `many-${index}` })
    const names = (await world.identity.listWorkloadIdentities()).map(({ name }) => name)
    expect(names.filter((name) => name?.startsWith('many-'))).toHaveLength(25)
    for (const name of names) if (name?.startsWith('many-')) await world.identity.deleteWorkloadIdentity(name)
  })

  it('gives a provider that is READY, and waits until a deleted one is gone', async () => {
    const made = await world.identity.createOauth2CredentialProvider({
      name: 'github',
      credentialProviderVendor: 'GithubOauth2',
      oauth2ProviderConfigInput: { githubOauth2ProviderConfig: { clientId: 'a', clientSecret: 'b' } },
    })
    expect(made).toMatchObject({ name: 'github', callbackUrl: expect.stringContaining('/identities/oauth2/callback/') })
    expect((await world.identity.listOauth2CredentialProviders()).map(({ name }) => name).toSorted()).toEqual(['github', 'local-idp'])
    await world.identity.deleteOauth2CredentialProvider('github')
    expect(await errorOf(world.identity.getOauth2CredentialProvider('github'))).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })
  })

  it('takes one user for a token, not two', async () => {
    const call = world.identity.getWorkloadAccessToken({ workloadName: 'x', userId: 'a', userToken: 'b' } as never)
    await expect(call).rejects.toMatchObject({ name: 'InvalidCall', field: 'userId' })
  })
})

async function subjectOf(token: string): Promise<string | undefined> {
  const { jwks_uri } = (await (await fetch(`${world.issuer}/.well-known/openid-configuration`)).json()) as { jwks_uri: string }
  return (await jwtVerify(token, createRemoteJWKSet(new URL(jwks_uri)), { issuer: world.issuer })).payload.sub
}
