import { type ClientChoice, chosenClient } from './chosen-client.js'
import { type Injecting, injecting } from './injected.js'
import { workloadToken } from './workload-token.js'

export interface WithApiKeyOptions extends ClientChoice {
  /** Name of the API key credential provider. */
  providerName: string
  /** In whose name; the request's when absent, an identity kept in `.agentcore.json` outside of a runtime. */
  workloadIdentityToken?: string
}

/**
 * A function that is called with an API key from the vault, as its last argument:
 *
 *     const search = withApiKey({ providerName: 'search' })(async (words: string, apiKey: string) => find(words, apiKey))
 *     await search('news')
 */
export function withApiKey({ providerName, workloadIdentityToken, client }: WithApiKeyOptions): Injecting<string> {
  return injecting(async () => {
    const identity = chosenClient(client)
    return identity.getApiKey({ providerName, workloadIdentityToken: await workloadToken(identity, { workloadIdentityToken }) })
  })
}
