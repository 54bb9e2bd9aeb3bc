// An agent whose functions get their credentials by the official wrappers.
import { withAccessToken, withApiKey } from 'bedrock-agentcore/identity'
import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime'

const claims = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'))

const withKey = withApiKey({ providerName: 'weather' })(async (question, apiKey) => ({ question, apiKey }))
const asMachine = withAccessToken({ providerName: 'local-idp', scopes: ['read:reports'], authFlow: 'M2M' })(async (token) => claims(token))
const onBehalf = withAccessToken({
  providerName: 'local-idp',
  scopes: ['read:invoices'],
  audiences: ['https://invoices.example.com'],
  authFlow: 'ON_BEHALF_OF_TOKEN_EXCHANGE',
})(async (token) => claims(token))

async function* asUser({ callbackUrl, customState }) {
  const { promise: shown, resolve: onAuthUrl } = Promise.withResolvers()
  const calendar = withAccessToken({
    providerName: 'local-idp',
    scopes: ['openid', 'calendar'],
    authFlow: 'USER_FEDERATION',
    onAuthUrl,
    callbackUrl,
    customState,
  })(async (token) => claims(token))
  const work = calendar()
  const authorizationUrl = await Promise.race([shown, work.then(() => undefined)])
  if (authorizationUrl) yield { event: 'message', data: { authorizationUrl } }
  yield { event: 'message', data: { claims: await work } }
}

const deeds = { 'api-key': () => withKey('rain?'), machine: () => asMachine(), 'on-behalf': () => onBehalf(), user: asUser }

const app = new BedrockAgentCoreApp({ invocationHandler: { process: async (payload) => deeds[payload.do](payload) } })
app.run()
