// GetResourceApiKey: the key of a credential provider, for whoever holds a workload access token.
import type { GetResourceApiKeyRequest, GetResourceApiKeyResponse } from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { apiKeyOf } from './provider-settings.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import { workloadIdentityArn } from './workload-identities.js'
import { readWorkloadToken } from './workload-tokens.js'

export function getResourceApiKey(ports: Omit<ResourceTokenPorts, 'oauth' | 'keys' | 'issuer' | 'verifyUserToken'>) {
  return async (
    ctx: Context,
    { workloadIdentityToken, resourceCredentialProviderName }: GetResourceApiKeyRequest,
  ): Promise<GetResourceApiKeyResponse> => {
    const { workloadName } = await readWorkloadToken(ports, ctx, workloadIdentityToken)
    // AWS asks for both, the provider and whom it is for; the pipeline knows the provider alone.
    ports.authorizer.authorize(ctx.caller, 'bedrock-agentcore:GetResourceApiKey', workloadIdentityArn(ctx, workloadName), ctx)
    return { apiKey: await apiKeyOf(ports, ctx, resourceCredentialProviderName) }
  }
}
