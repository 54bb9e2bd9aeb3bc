// Lists of the identity service, whole: it gives them out by twenties.
import {
  type BedrockAgentCoreControlClient,
  paginateListApiKeyCredentialProviders,
  paginateListOauth2CredentialProviders,
  paginateListWorkloadIdentities,
} from '@aws-sdk/client-bedrock-agentcore-control'

export async function listWorkloadIdentities(client: BedrockAgentCoreControlClient) {
  const found: { name: string; workloadIdentityArn: string }[] = []
  for await (const { workloadIdentities = [] } of paginateListWorkloadIdentities({ client }, {})) {
    found.push(...workloadIdentities.map(({ name = '', workloadIdentityArn = '' }) => ({ name, workloadIdentityArn })))
  }
  return found
}

export interface ProviderSummary {
  name: string
  vendor: string
  credentialProviderArn: string
  lastUpdatedTime: Date | undefined
}

export async function listCredentialProviders(client: BedrockAgentCoreControlClient): Promise<ProviderSummary[]> {
  const found: ProviderSummary[] = []
  for await (const { credentialProviders = [] } of paginateListApiKeyCredentialProviders({ client }, {})) {
    found.push(...credentialProviders.map((one) => summaryOf('API key', one)))
  }
  for await (const { credentialProviders = [] } of paginateListOauth2CredentialProviders({ client }, {})) {
    found.push(...credentialProviders.map((one) => summaryOf(one.credentialProviderVendor ?? '', one)))
  }
  return found
}

function summaryOf(vendor: string, one: { name?: string; credentialProviderArn?: string; lastUpdatedTime?: Date }): ProviderSummary {
  return { name: one.name ?? '', vendor, credentialProviderArn: one.credentialProviderArn ?? '', lastUpdatedTime: one.lastUpdatedTime }
}
