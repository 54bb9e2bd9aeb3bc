export { accessKeys, type SessionAccessKeys } from './access-keys.js'
export { apiKeyCredentialProviderOperations, apiKeyProviders } from './api-key-credential-providers.js'
export { openCallers } from './callers.js'
export { completeResourceTokenAuth } from './complete-resource-token-auth.js'
export { taggableIn } from './credential-providers.js'
export { getResourceApiKey } from './get-resource-api-key.js'
export { getResourceOauth2Token } from './get-resource-oauth2-token.js'
export { issuerDocument, keySetPath } from './issuer-document.js'
export { type IssuerKeys, issuerKeys } from './issuer-keys.js'
export { type JwtAuthorizer, jwtAuthorizerOf, presentJwtAuthorizer } from './jwt-authorizer.js'
export { IssuerUnavailable } from './jwt-issuers.js'
export { type JwtUser, type JwtVerifier, jwtVerifier, type TokenCheck } from './jwt-verifier.js'
export { webIdentityLimits } from './limits.js'
export { type CallbackAnswer, oauth2Callback } from './oauth2-callback.js'
export { oauth2CredentialProviderOperations, oauth2Providers } from './oauth2-credential-providers.js'
export { outboundFederation } from './outbound-federation.js'
export { apiKeyOf, oauth2ProviderSettings } from './provider-settings.js'
export type { OpenResourcePolicies, PolicyOwner } from './resource-policies.js'
export type { ResourceTokenPorts } from './resource-token-ports.js'
export type { RolePassing } from './service-trust.js'
export { stsScope } from './sts-scope.js'
export { keepTokensSwept } from './token-sweep.js'
export { type TokenVaultPorts, tokenVaultOperations } from './token-vault.js'
export { userTokenVerifier } from './user-tokens.js'
export { type VaultEntryView, vaultView } from './vault-view.js'
export { workloadAccessTokenOperations } from './workload-access-tokens.js'
export {
  putWorkloadIdentity,
  removeWorkloadIdentity,
  type WorkloadIdentityDocument,
  workloadIdentities,
  workloadIdentityArn,
  workloadIdentityOperations,
} from './workload-identities.js'
export { issueWorkloadToken, readWorkloadToken, type WorkloadUser } from './workload-tokens.js'
