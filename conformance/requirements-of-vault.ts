// What is promised of workload identities, their tokens, and the vault with what lies in it.
import type { Requirement } from './requirements.ts'

export const vault = {
  'identity.workloads': {
    promise: 'A workload identity is made, read, changed, listed page by page, tagged and deleted; that of a runtime goes with it',
    source: 'DG identity-manage-agent-ids; API',
    operations: ['CreateWorkloadIdentity', 'GetWorkloadIdentity', 'UpdateWorkloadIdentity', 'ListWorkloadIdentities', 'DeleteWorkloadIdentity'],
  },
  'identity.workload-tokens': {
    promise:
      'Workload access tokens are given for a workload, a verified user and a named one; an agent gets its own with each request, and nobody by the API',
    source: 'DG get-workload-access-token, runtime-service-contract; API',
    operations: ['GetWorkloadAccessToken', 'GetWorkloadAccessTokenForJWT', 'GetWorkloadAccessTokenForUserId', 'InvokeAgentRuntime'],
  },
  'identity.providers': {
    promise: 'Credential providers keep what they are given, also through a kill, and no answer, list or log shows it',
    source: 'DG resource-providers; API',
    operations: [
      'CreateApiKeyCredentialProvider',
      'GetApiKeyCredentialProvider',
      'UpdateApiKeyCredentialProvider',
      'ListApiKeyCredentialProviders',
      'DeleteApiKeyCredentialProvider',
      'CreateOauth2CredentialProvider',
      'GetOauth2CredentialProvider',
      'UpdateOauth2CredentialProvider',
      'ListOauth2CredentialProviders',
      'DeleteOauth2CredentialProvider',
      'GetResourceApiKey',
    ],
  },
  'identity.vault': {
    promise:
      'The token vault is sealed under a master key, or a key that its owner names, and either can be changed while it works; without it, it is unreadable and says so',
    source: 'DG key-features-and-benefits (token vault), API',
    operations: ['GetTokenVault', 'SetTokenVaultCMK'],
  },
  'secrets.stock': {
    promise: 'The stock client of Secrets Manager keeps secrets in the vault; a role that does not name them gets none',
    source: 'API secretsmanager; contract',
    operations: ['CreateSecret', 'GetSecretValue', 'PutSecretValue', 'DescribeSecret', 'ListSecrets', 'DeleteSecret', 'RestoreSecret'],
  },
} as const satisfies Record<string, Requirement>
