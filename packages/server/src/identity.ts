// The identity service, tied to its vault: workload identities, their tokens, credential providers.

import {
  apiKeyCredentialProviderOperations,
  apiKeyProviders,
  completeResourceTokenAuth,
  getResourceApiKey,
  getResourceOauth2Token,
  keepTokensSwept,
  oauth2Callback,
  oauth2CredentialProviderOperations,
  oauth2Providers,
  type ResourceTokenPorts,
  type TokenVaultPorts,
  taggableIn,
  tokenVaultOperations,
  workloadAccessTokenOperations,
  workloadIdentities,
  workloadIdentityOperations,
} from '#services/identity/index.js'

export function identity(world: ResourceTokenPorts & TokenVaultPorts) {
  return {
    operations: {
      ...workloadIdentityOperations(world),
      ...workloadAccessTokenOperations(world),
      ...apiKeyCredentialProviderOperations(world),
      ...oauth2CredentialProviderOperations(world),
      ...tokenVaultOperations(world),
      GetResourceApiKey: getResourceApiKey(world),
      GetResourceOauth2Token: getResourceOauth2Token(world),
      CompleteResourceTokenAuth: completeResourceTokenAuth(world),
    },
    /** What comes to the callback URL of a credential provider. */
    callback: (callbackId: string, query: URLSearchParams) => oauth2Callback(world, callbackId, query),
    keepSwept: (failed: (fault: unknown) => void) => keepTokensSwept(world, failed),
    taggable: [
      taggableIn({ 'workload-identity': workloadIdentities }, 'workload-identity-directory'),
      taggableIn({ [apiKeyProviders.resource]: apiKeyProviders.collection, [oauth2Providers.resource]: oauth2Providers.collection }, 'token-vault'),
    ],
  }
}
