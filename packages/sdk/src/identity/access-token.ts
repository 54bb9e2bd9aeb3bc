// GetResourceOauth2Token to its end: at once for machines, by way of the user's consent for people.
import { type BedrockAgentCoreClient, GetResourceOauth2TokenCommand } from '@aws-sdk/client-bedrock-agentcore'
import { type TokenPoller, tokenPoller } from './token-poller.js'

/** Which token is wanted; the names are those of the official SDK. */
export interface AccessTokenSettings {
  /** Name of the OAuth2 credential provider. */
  providerName: string
  scopes: readonly string[]
  /** Of the agent itself, of the user by consent, or of the user by exchange of the token that came in. */
  authFlow: 'M2M' | 'USER_FEDERATION' | 'ON_BEHALF_OF_TOKEN_EXCHANGE'
  /** Resource indicators, RFC 8707. */
  resources?: readonly string[]
  audiences?: readonly string[]
  /**
   * Shows the user where to consent. Without it, and without a `tokenPoller` of your own, a consent that is needed
   * rejects with AuthorizationRequired at once.
   */
  onAuthUrl?: (authorizationUrl: string, session: { sessionUri: string | undefined }) => unknown
  /** Throws away what the vault has for this user, and asks for consent again. */
  forceAuthentication?: boolean
  /** Where the user lands after consent; one of the URLs allowed to the workload identity. */
  callbackUrl?: string
  /** Comes back to `callbackUrl`, so that it can tell its own requests from forged ones. */
  customState?: string
  /** Added to the provider's authorization URL. */
  customParameters?: Readonly<Record<string, string>>
  /** Takes the place of asking every 5 s for 600 s. */
  tokenPoller?: TokenPoller
}

export interface AccessTokenRequest extends AccessTokenSettings {
  workloadIdentityToken: string
  /** Ends the waiting. */
  signal?: AbortSignal
}

/** The user has to consent at `authorizationUrl`, and nobody was named who would show it. */
export class AuthorizationRequired extends Error {
  override readonly name = 'AuthorizationRequired'
  readonly authorizationUrl: string
  readonly sessionUri: string | undefined

  constructor(providerName: string, authorizationUrl: string, sessionUri: string | undefined) {
    super(`${providerName} needs the user's consent. Show the user this error's authorizationUrl, or give onAuthUrl.`)
    this.authorizationUrl = authorizationUrl
    this.sessionUri = sessionUri
  }
}

/** The user refused, or the provider did. */
export class AuthorizationFailed extends Error {
  override readonly name = 'AuthorizationFailed'

  constructor(providerName: string) {
    super(`The authorization at ${providerName} has failed. Ask again: the next authorization URL starts anew.`)
  }
}

export async function accessToken(data: BedrockAgentCoreClient, request: AccessTokenRequest): Promise<string> {
  const { providerName, onAuthUrl, signal, forceAuthentication } = request
  const first = await asked(data, request, { forceAuthentication })
  if (first.accessToken) return first.accessToken
  const { authorizationUrl, sessionUri } = first
  if (!authorizationUrl) throw new AuthorizationFailed(providerName)
  if (!onAuthUrl && !request.tokenPoller) throw new AuthorizationRequired(providerName, authorizationUrl, sessionUri)
  await onAuthUrl?.(authorizationUrl, { sessionUri })
  const poll = request.tokenPoller ?? tokenPoller()
  return poll({
    authorizationUrl,
    sessionUri,
    signal,
    async ask() {
      // Not forced again: it would throw away the very consent that is waited for.
      const { accessToken, sessionStatus } = await asked(data, request, { sessionUri })
      if (!accessToken && sessionStatus === 'FAILED') throw new AuthorizationFailed(providerName)
      return accessToken
    },
  })
}

function asked(data: BedrockAgentCoreClient, request: AccessTokenRequest, step: { forceAuthentication?: boolean; sessionUri?: string }) {
  const { providerName, scopes, authFlow, workloadIdentityToken, resources, audiences, callbackUrl, customState, customParameters, signal } = request
  const command = new GetResourceOauth2TokenCommand({
    resourceCredentialProviderName: providerName,
    scopes: [...scopes],
    oauth2Flow: authFlow,
    workloadIdentityToken,
    resources: resources && [...resources],
    audiences: audiences && [...audiences],
    resourceOauth2ReturnUrl: callbackUrl,
    customState,
    customParameters: customParameters && { ...customParameters },
    ...step,
  })
  return data.send(command, { abortSignal: signal })
}
