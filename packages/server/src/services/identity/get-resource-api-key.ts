// GetResourceApiKey: the key of a credential provider, for whoever holds a workload access token.
import type { GetResourceApiKeyRequest, GetResourceApiKeyResponse } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { apiKeyOf } from './provider-settings.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import { readWorkloadToken } from './workload-tokens.js'

export function getResourceApiKey(ports: Omit<ResourceTokenPorts, 'oauth' | 'keys' | 'issuer' | 'verifyUserToken'>) {
  return async (
    ctx: Context,
    { workloadIdentityToken, resourceCredentialProviderName }: GetResourceApiKeyRequest,
  ): Promise<GetResourceApiKeyResponse> => {
    await readWorkloadToken(ports, ctx, workloadIdentityToken)
    return { apiKey: await apiKeyOf(ports, ctx, resourceCredentialProviderName) }
  }
}
