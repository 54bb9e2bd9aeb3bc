// A platform's identity and a real authorization server, with what tests of tokens do again and again.
import {
  CompleteResourceTokenAuthCommand,
  GetResourceOauth2TokenCommand,
  type GetResourceOauth2TokenCommandInput,
  GetWorkloadAccessTokenCommand,
  GetWorkloadAccessTokenForJWTCommand,
  GetWorkloadAccessTokenForUserIdCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateOauth2CredentialProviderCommand,
  CreateWorkloadIdentityCommand,
  type CustomOauth2ProviderConfigInput,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { type Clock, systemClock } from '#kernel/clock.js'
import { authorizationServer, browse, client } from './authorization-server.fixture.js'
import { openIdentity } from './identity.fixture.js'

export const returnUrl = 'http://127.0.0.1:1/back?tenant=a'
export const federated = { oauth2Flow: 'USER_FEDERATION', resourceOauth2ReturnUrl: returnUrl } as const
export type Asked = Partial<GetResourceOauth2TokenCommandInput>

/** Workload identities `shop` and `other`, and the provider `idp`. More places may be called than the authorization server's. */
export async function resourceTokens(allowEgress: readonly string[] = [], answerMs?: number) {
  const server = await authorizationServer()
  let passedMs = 0
  const clock: Clock = { ...systemClock, now: () => Date.now() + passedMs }
  const options = { clock, allowEgress: [server.place, ...allowEgress], answerMs }
  let opened = await openIdentity(options)

  async function provider(name: string, config: Partial<CustomOauth2ProviderConfigInput> = {}) {
    const oauthDiscovery = { discoveryUrl: `${server.issuer}/.well-known/openid-configuration` }
    const customOauth2ProviderConfig = { ...client, oauthDiscovery, ...config }
    const input = { name, credentialProviderVendor: 'CustomOauth2', oauth2ProviderConfigInput: { customOauth2ProviderConfig } } as const
    return opened.control.send(new CreateOauth2CredentialProviderCommand(input))
  }

  async function workloadToken(workloadName = 'shop', { userId, userToken }: { userId?: string; userToken?: string } = {}) {
    const { data } = opened
    if (userId) return (await data.send(new GetWorkloadAccessTokenForUserIdCommand({ workloadName, userId }))).workloadAccessToken
    if (userToken) return (await data.send(new GetWorkloadAccessTokenForJWTCommand({ workloadName, userToken }))).workloadAccessToken
    return (await data.send(new GetWorkloadAccessTokenCommand({ workloadName }))).workloadAccessToken
  }

  async function token(workloadIdentityToken: string | undefined, asked: Asked = {}) {
    const usual = { resourceCredentialProviderName: 'idp', scopes: ['read'], oauth2Flow: 'M2M' as const }
    return opened.data.send(new GetResourceOauth2TokenCommand({ workloadIdentityToken, ...usual, ...asked }))
  }

  const complete = (sessionUri: string | undefined, userId: string) =>
    opened.data.send(new CompleteResourceTokenAuthCommand({ sessionUri, userIdentifier: { userId } }))

  for (const name of ['shop', 'other'])
    await opened.control.send(new CreateWorkloadIdentityCommand({ name, allowedResourceOauth2ReturnUrls: [returnUrl] }))
  await provider('idp')
  return {
    server,
    get opened() {
      return opened
    },
    pass(ms: number) {
      passedMs += ms
    },
    provider,
    workloadToken,
    token,
    complete,
    /** The user goes where the URL leads and comes back. */
    consent: async (authorizationUrl = '') => (await browse(authorizationUrl, returnUrl)).url,
    /** From the first call to the bound token. */
    async consented(workload: string | undefined, userId: string, asked: Asked = {}) {
      const begun = await token(workload, { ...federated, ...asked })
      await browse(begun.authorizationUrl ?? '', returnUrl)
      await complete(begun.sessionUri, userId)
    },
    /** All of it stops, and goes on with what it left on disk. */
    async restart() {
      await opened.close({ keep: true })
      opened = await openIdentity({ ...options, dir: opened.dir })
    },
    async close() {
      await opened.close()
      server.close()
    },
  }
}
