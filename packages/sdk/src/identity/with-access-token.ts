import { getContext } from '#runtime/context.js'
import type { AccessTokenSettings } from './access-token.js'
import { type ClientChoice, chosenClient } from './chosen-client.js'
import { type Injecting, injecting } from './injected.js'
import { workloadToken } from './workload-token.js'

export interface WithAccessTokenOptions extends AccessTokenSettings, ClientChoice {
  /** In whose name; the request's when absent, an identity kept in `.agentcore.json` outside of a runtime. */
  workloadIdentityToken?: string
}

/**
 * A function that is called with an OAuth2 access token of the request's user, as its last argument:
 *
 *     const repositories = withAccessToken({ providerName: 'github', scopes: ['repo'], authFlow: 'USER_FEDERATION', onAuthUrl: show })(
 *       async (owner: string, accessToken: string) => listRepositories(owner, accessToken),
 *     )
 *     await repositories('octocat')
 */
export function withAccessToken({ workloadIdentityToken, client, ...settings }: WithAccessTokenOptions): Injecting<string> {
  return injecting(async () => {
    const identity = chosenClient(client)
    // Only where a user comes back: the other flows have no use for it, and the service may say so.
    const ofRequest = settings.authFlow === 'USER_FEDERATION' ? getContext()?.oauth2CallbackUrl : undefined
    const callbackUrl = settings.callbackUrl ?? ofRequest
    const token = await workloadToken(identity, { workloadIdentityToken, callbackUrl })
    return identity.getAccessToken({ ...settings, callbackUrl, workloadIdentityToken: token })
  })
}
