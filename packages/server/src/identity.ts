// The identity service, tied to its vault: workload identities, their tokens, credential providers.

import type { Sealer } from '#ports/sealer.js'
import {
  apiKeyCredentialProviderOperations,
  apiKeyProviders,
  type CredentialProviderPorts,
  oauth2CredentialProviderOperations,
  oauth2Providers,
  taggableIn,
  tokenVaultOperations,
  workloadAccessTokenOperations,
  workloadIdentities,
  workloadIdentityOperations,
} from '#services/identity/index.js'

export interface IdentityWorld extends CredentialProviderPorts {
  /** Of what is handed out and comes back, such as tokens; the vault has its own. */
  sealer: Sealer
  verifyUserToken(userToken: string): Promise<{ issuer: string; subject: string }>
}

export function identity(world: IdentityWorld) {
  return {
    operations: {
      ...workloadIdentityOperations(world),
      ...workloadAccessTokenOperations(world),
      ...apiKeyCredentialProviderOperations(world),
      ...oauth2CredentialProviderOperations(world),
      ...tokenVaultOperations(world),
    },
    taggable: [
      taggableIn({ 'workload-identity': workloadIdentities }, 'workload-identity-directory'),
      taggableIn({ [apiKeyProviders.resource]: apiKeyProviders.collection, [oauth2Providers.resource]: oauth2Providers.collection }, 'token-vault'),
    ],
  }
}
