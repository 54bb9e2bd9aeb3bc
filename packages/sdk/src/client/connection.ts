// Where the calls of a client go and who makes them. The stock client decides both: its default credential chain, AWS_ENDPOINT_URL
// and AWS_ENDPOINT_URL_BEDROCK_AGENTCORE, the profile's settings. What is signed here by hand is for the same place and the same keys.
import { BedrockAgentCoreClient, type BedrockAgentCoreClientConfig, InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { getEndpointFromInstructions } from '@smithy/core/endpoints'
import { SignatureV4 } from '@smithy/signature-v4'
import { bearing } from './bearing.js'
import { InvalidCall } from './invalid-call.js'

export interface ConnectionOptions {
  /** As the AWS SDK finds it (AWS_REGION, the profile) when absent. */
  region?: string
  /** `https://host:port`; as the AWS SDK finds it (AWS_ENDPOINT_URL_BEDROCK_AGENTCORE, AWS_ENDPOINT_URL, the profile) when absent. */
  endpoint?: string
  /** Keys or a provider of them; the AWS SDK's default chain when absent. */
  credentials?: BedrockAgentCoreClientConfig['credentials']
  /** OAuth in place of signatures, for a runtime that has a JWT authorizer. Asked for each call when it is a function. */
  bearerToken?: string | (() => string | Promise<string>)
}

export interface Connection {
  data: BedrockAgentCoreClient
  /** Undefined: calls are signed. */
  bearerToken?: () => Promise<string>
  endpoint(): Promise<URL>
  signer: SignatureV4
}

export function connection({ region, endpoint, credentials, bearerToken }: ConnectionOptions): Connection {
  if (endpoint !== undefined) checkEndpoint(endpoint)
  if (bearerToken !== undefined && credentials !== undefined)
    throw new InvalidCall('bearerToken', 'given together with credentials, and a call carries one of them', 'Leave one out')
  const token = bearerToken === undefined ? undefined : async () => checkToken(await (typeof bearerToken === 'string' ? bearerToken : bearerToken()))
  const data = new BedrockAgentCoreClient({
    ...(region !== undefined && { region }),
    ...(endpoint !== undefined && { endpoint }),
    ...(credentials !== undefined && { credentials }),
    ...(token && bearing(token)),
  })
  const { config } = data
  return {
    data,
    bearerToken: token,
    async endpoint() {
      const { url } = await getEndpointFromInstructions({}, InvokeAgentRuntimeCommand, config as never)
      return url
    },
    signer: new SignatureV4({ service: 'bedrock-agentcore', region: config.region, credentials: config.credentials, sha256: config.sha256 }),
  }
}

function checkEndpoint(endpoint: string): void {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (!url || !['http:', 'https:'].includes(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '')
    throw new InvalidCall('endpoint', 'is no address of a platform', 'It looks like http://127.0.0.1:4680')
}

/** What RFC 6750 lets a token have: anything else could become another header. Never shown. */
export function checkToken(token: string): string {
  if (typeof token !== 'string' || !/^[A-Za-z0-9._~+/-]+=*$/.test(token))
    throw new InvalidCall('bearerToken', 'is no bearer token', 'Give the token alone, without "Bearer "')
  return token
}
