// The client of identities: who agents are, where their credentials come from, and the credentials themselves.
import { BedrockAgentCoreClient, CompleteResourceTokenAuthCommand, GetResourceApiKeyCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  BedrockAgentCoreControlClient,
  GetTokenVaultCommand,
  type GetTokenVaultResponse,
  type KmsConfiguration,
  SetTokenVaultCMKCommand,
  type SetTokenVaultCMKResponse,
} from '@aws-sdk/client-bedrock-agentcore-control'
import type { ConnectionOptions } from '#client/connection.js'
import { type AccessTokenRequest, accessToken } from './access-token.js'
import { type CredentialProviders, credentialProviders } from './credential-providers.js'
import { type WorkloadIdentities, workloadIdentities } from './workload-identities.js'

/** Where and as whom; what is absent is found as the AWS SDK finds it. */
export type IdentityClientOptions = Pick<ConnectionOptions, 'region' | 'endpoint' | 'credentials'>

/** The methods have the names and inputs of AWS's operations. */
export interface IdentityClient extends WorkloadIdentities, CredentialProviders {
  /**
   * Resolves with the token: at once, or when the user has consented. Rejects with AuthorizationRequired, AuthorizationFailed or
   * AuthorizationTimedOut.
   */
  getAccessToken(request: AccessTokenRequest): Promise<string>
  getApiKey(request: ApiKeyRequest): Promise<string>
  /** Called by the application at its return URL, once it knows who is signed in there: it must be the user who started. */
  completeResourceTokenAuth(sessionUri: string, user: { userId: string } | { userToken: string }): Promise<void>
  getTokenVault(): Promise<GetTokenVaultResponse>
  setTokenVaultCMK(kmsConfiguration: KmsConfiguration): Promise<SetTokenVaultCMKResponse>
  /** Closes the connections. */
  destroy(): void
}

export interface ApiKeyRequest {
  /** Name of the API key credential provider. */
  providerName: string
  workloadIdentityToken: string
}

export function identityClient({ region, endpoint, credentials }: IdentityClientOptions = {}): IdentityClient {
  const config = { ...(region && { region }), ...(endpoint && { endpoint }), ...(credentials && { credentials }) }
  const control = new BedrockAgentCoreControlClient(config)
  const data = new BedrockAgentCoreClient(config)
  return {
    ...workloadIdentities(control, data),
    ...credentialProviders(control),
    getAccessToken: (request) => accessToken(data, request),
    async getApiKey({ providerName, workloadIdentityToken }) {
      const { apiKey } = await data.send(new GetResourceApiKeyCommand({ resourceCredentialProviderName: providerName, workloadIdentityToken }))
      return apiKey ?? ''
    },
    async completeResourceTokenAuth(sessionUri, userIdentifier) {
      await data.send(new CompleteResourceTokenAuthCommand({ sessionUri, userIdentifier }))
    },
    getTokenVault: () => control.send(new GetTokenVaultCommand({})),
    setTokenVaultCMK: (kmsConfiguration) => control.send(new SetTokenVaultCMKCommand({ tokenVaultId: 'default', kmsConfiguration })),
    destroy() {
      control.destroy()
      data.destroy()
    },
  }
}
