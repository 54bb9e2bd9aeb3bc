// An agent on our SDK whose functions get their credentials by its wrappers: it configures no client.
import { tokenPoller, withAccessToken, withApiKey, withIamJwt } from '@agentworks/sdk/identity'
import { BedrockAgentCoreApp } from '@agentworks/sdk/runtime'

interface Wish {
  do: 'api-key' | 'machine' | 'iam-jwt' | 'on-behalf' | 'user'
  callbackUrl?: string
  customState?: string
  forceAuthentication?: boolean
}

const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

const withKey = withApiKey({ providerName: 'weather' })(async (question: string, apiKey: string) => ({ question, apiKey }))
const asMachine = withAccessToken({ providerName: 'local-idp', scopes: ['read:reports'], authFlow: 'M2M' })(claimsOf)
const asAgent = withIamJwt({ audience: ['https://api.example.com'], durationSeconds: 120, tags: { team: 'data' } })(claimsOf)
const onBehalf = withAccessToken({
  providerName: 'local-idp',
  scopes: ['read:invoices'],
  audiences: ['https://invoices.example.com'],
  authFlow: 'ON_BEHALF_OF_TOKEN_EXCHANGE',
})(claimsOf)

async function* asUser({ callbackUrl, customState, forceAuthentication }: Wish) {
  const { promise: shown, resolve: onAuthUrl } = Promise.withResolvers<string>()
  const claims = withAccessToken({
    providerName: 'local-idp',
    scopes: ['openid', 'read:calendar'],
    authFlow: 'USER_FEDERATION',
    onAuthUrl,
    callbackUrl,
    customState,
    forceAuthentication,
    tokenPoller: tokenPoller({ intervalMs: 200, timeoutMs: 60_000 }),
  })(claimsOf)()
  const authorizationUrl = await Promise.race([shown, claims.then(() => undefined)])
  if (authorizationUrl !== undefined) yield { authorizationUrl }
  yield { claims: await claims }
}

const app = new BedrockAgentCoreApp()
app.entrypoint((wish: Wish) => {
  if (wish.do === 'api-key') return withKey('rain?')
  if (wish.do === 'machine') return asMachine()
  if (wish.do === 'iam-jwt') return asAgent()
  if (wish.do === 'on-behalf') return onBehalf()
  return asUser(wish)
})
app.run()
