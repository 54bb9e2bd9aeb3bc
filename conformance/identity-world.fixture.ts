// A platform beside a real identity provider, with users who have passwords, and an application to which their browsers come back.
import { rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { openState, putClient, putUser, type State, signInByPages, startIdentityProvider } from '@agentworks/identity-provider'
import { type IdentityClient, identityClient, tokenPoller } from '@agentworks/sdk/identity'
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { policy } from './callers.fixture.ts'
import { newDataDir, type RunningPlatform, region, removeDataDir, roleArn, startPlatform } from './platform.fixture.ts'

export interface IdentityWorld {
  platform: RunningPlatform
  identity: IdentityClient
  /** Origin of the provider's pages, and issuer of its tokens. */
  issuer: string
  users: Record<'alice' | 'bob', { name: string; password: string }>
  apiKey: string
  stop(): Promise<void>
}

const apiKey = 'key-of-the-weather-service'

/** With the credential providers `local-idp`, for the provider beside it, and `weather`, which has an API key. Agents may ask for JWTs. */
export async function identityWorld(): Promise<IdentityWorld> {
  const home = newDataDir()
  const dir = join(home, 'provider')
  const provider = await startIdentityProvider({ dir, port: 0 })
  const platform = await startPlatform(undefined, {}, ['--allow-egress', new URL(provider.url).host])
  const identity = identityClient({ region, endpoint: platform.url, credentials: platform.credentials })
  const state = openState(dir)
  const stop = async () => {
    identity.destroy()
    await removeDataDir(platform)
    await provider.stop()
    rmSync(home, { recursive: true, force: true })
  }
  try {
    const users = { alice: putUser(state, 'alice'), bob: putUser(state, 'bob') }
    await connect(identity, provider.url, state)
    await identity.createApiKeyCredentialProvider({ name: 'weather', apiKey })
    await letAgentsHaveJwts(platform)
    return { platform, identity, issuer: provider.url, users, apiKey, stop }
  } catch (fault) {
    // A platform that nobody stops would outlive the test.
    await stop()
    throw fault
  } finally {
    state.close()
  }
}

async function connect(identity: IdentityClient, issuer: string, state: State): Promise<void> {
  const settings = (clientSecret: string) => ({
    name: 'local-idp',
    credentialProviderVendor: 'CustomOauth2' as const,
    oauth2ProviderConfigInput: {
      customOauth2ProviderConfig: {
        oauthDiscovery: { discoveryUrl: `${issuer}/.well-known/openid-configuration` },
        clientId: 'agents',
        clientSecret,
        onBehalfOfTokenExchangeConfig: { grantType: 'TOKEN_EXCHANGE' as const, tokenExchangeGrantTypeConfig: { actorTokenContent: 'NONE' as const } },
      },
    },
  })
  // The provider must know where browsers go back to, which is known once the platform knows the provider.
  const { callbackUrl = '' } = await identity.createOauth2CredentialProvider(settings('of no use yet'))
  const { client_secret = '' } = putClient(state, { id: 'agents', redirectUris: [callbackUrl] })
  await identity.updateOauth2CredentialProvider(settings(client_secret))
}

async function letAgentsHaveJwts({ url, credentials }: RunningPlatform): Promise<void> {
  const iam = new IAMClient({ endpoint: url, region, credentials })
  const PolicyDocument = policy({ Effect: 'Allow', Action: ['sts:GetWebIdentityToken', 'sts:TagGetWebIdentityToken'], Resource: '*' })
  await iam.send(new PutRolePolicyCommand({ RoleName: roleArn.split('/').at(-1), PolicyName: 'jwts', PolicyDocument }))
  iam.destroy()
}

export interface ReturnApp {
  /** Where browsers come back to. */
  url: string
  /** Who is signed in at the application, as it names them to the platform. */
  signedIn: string
  /** The last `state` that came back, for an application that compares. */
  state: string | undefined
  close(): Promise<void>
}

/** The application of a user: it tells the platform who is signed in, and the user how that went. */
export async function returnApp(identity: IdentityClient, signedIn: string): Promise<ReturnApp> {
  const server = createServer(async (request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://app')
    // Browsers ask for an icon by themselves.
    if (pathname !== '/connected') return void response.writeHead(404).end()
    app.state = query.get('state') ?? undefined
    const answer = (status: number, text: string) =>
      response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' }).end(`<!doctype html><title>App</title><h1>${text}</h1>`)
    if (query.has('error')) return answer(200, `Not connected: ${query.get('error')}`)
    await identity.completeResourceTokenAuth(query.get('session_id') ?? '', { userId: app.signedIn }).then(
      () => answer(200, `Connected as ${app.signedIn}`),
      (fault: Error) => answer(403, `Refused: ${fault.name}`),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const app: ReturnApp = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/connected`,
    signedIn,
    state: undefined,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return app
}

/** Signs in and answers as a browser would; what the last page says. */
export async function consent({ issuer, users }: IdentityWorld, authorizationUrl: string, who: 'alice' | 'bob', answer?: 'deny'): Promise<string> {
  const { name: username, password } = users[who]
  const back = await signInByPages(authorizationUrl, { provider: issuer, username, password, ...(answer && { answer }) })
  return (await fetch(back)).text()
}

/** A token of the user's own, as an application has it that they are signed in at. */
export async function tokenOf(world: IdentityWorld, app: ReturnApp, who: 'alice' | 'bob'): Promise<string> {
  const { identity } = world
  const workloadName = `front-end-of-${who}`
  await identity.createWorkloadIdentity({ name: workloadName, allowedResourceOauth2ReturnUrls: [app.url] })
  app.signedIn = who
  return identity.getAccessToken({
    providerName: 'local-idp',
    scopes: ['openid'],
    authFlow: 'USER_FEDERATION',
    workloadIdentityToken: await identity.getWorkloadAccessToken({ workloadName, userId: who }),
    callbackUrl: app.url,
    onAuthUrl: (url) => consent(world, url, who),
    tokenPoller: tokenPoller({ intervalMs: 50, timeoutMs: 20_000 }),
  })
}
