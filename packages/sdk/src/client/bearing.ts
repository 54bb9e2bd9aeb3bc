import type { BedrockAgentCoreClientConfig } from '@aws-sdk/client-bedrock-agentcore'
import type { HttpRequest } from '@smithy/core/protocols'

/**
 * Settings that make a stock client send a bearer token where its signature would stand, for runtimes that have a JWT authorizer:
 * `new BedrockAgentCoreClient({ region, ...bearing(() => token) })`. The token is asked for at each call.
 */
export function bearing(token: () => string | Promise<string>): Pick<BedrockAgentCoreClientConfig, 'credentials' | 'signer'> {
  return {
    // Never used: without it the client would look for keys, and fail where there are none.
    credentials: { accessKeyId: 'none', secretAccessKey: 'none' },
    signer: {
      async sign(request) {
        const sent = request as HttpRequest
        sent.headers.authorization = `Bearer ${await token()}`
        return sent
      },
    },
  }
}
