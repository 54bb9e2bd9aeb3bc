// Credential providers as the token operations see them: everything that a token request needs, the secret only when it is asked for.
import type {
  ClientAuthenticationMethodType,
  CredentialProviderVendorType,
  Oauth2Discovery,
  OnBehalfOfTokenExchangeConfigType,
} from '@agentworks/model'
import type { Scope } from '#kernel/scope.js'
import { apiKeyProviders } from './api-key-credential-providers.js'
import { findProvider, providerArn } from './credential-providers.js'
import { callbackUrlOf, oauth2Providers } from './oauth2-credential-providers.js'
import type { CredentialProviderPorts } from './ports.js'
import { clientAssertion } from './private-key-jwt.js'
import { openSecret } from './provider-secrets.js'
import { vendors } from './vendors.js'

export interface Oauth2ProviderSettings {
  name: string
  vendor: CredentialProviderVendorType
  credentialProviderArn: string
  /** Ends the callback URL, and is new with each provider: what was kept for a deleted one belongs to none of the same name. */
  callbackId: string
  /** Where the authorization server sends the browser back to. */
  callbackUrl: string
  /** Tokens that were got before may be of another client. */
  lastUpdatedAt: number
  /** A document to fetch, or the endpoints themselves. */
  discovery: Oauth2Discovery
  clientId: string | undefined
  clientAuthenticationMethod: ClientAuthenticationMethodType
  /** `undefined` where the client authenticates without one. Throws a ServiceError when it cannot be read. */
  clientSecret(): Promise<string | undefined>
  /** Of PRIVATE_KEY_JWT: the assertion by which the client says who it is. Throws a ServiceError when the key cannot be used. */
  assertion: ((audience: string) => Promise<string>) | undefined
  onBehalfOf: OnBehalfOfTokenExchangeConfigType | undefined
  /** What this vendor demands in each authorization request; the caller's customParameters win. */
  authorizationParameters: Readonly<Record<string, string>>
}

/** Throws a ResourceNotFoundException. */
export async function oauth2ProviderSettings(ports: CredentialProviderPorts, scope: Scope, name: string): Promise<Oauth2ProviderSettings> {
  const { vendor, callbackId, lastUpdatedAt, discovery, clientId, clientAuthenticationMethod, onBehalfOf, privateKeyJwt, secret } =
    await findProvider(ports.store, scope, oauth2Providers, name)
  return {
    name,
    vendor,
    credentialProviderArn: providerArn(scope, oauth2Providers, name),
    callbackId,
    callbackUrl: callbackUrlOf(ports.platformUrl(), callbackId),
    lastUpdatedAt,
    discovery,
    clientId,
    clientAuthenticationMethod,
    clientSecret: async () => secret && openSecret(ports, scope, secret),
    assertion: privateKeyJwt && clientAssertion(ports, privateKeyJwt, clientId ?? ''),
    onBehalfOf,
    authorizationParameters: vendors[vendor].authorizationParameters ?? {},
  }
}

/** The key itself. Throws a ResourceNotFoundException, or what the vault refuses with. */
export async function apiKeyOf(ports: CredentialProviderPorts, scope: Scope, name: string): Promise<string> {
  const { secret } = await findProvider(ports.store, scope, apiKeyProviders, name)
  return openSecret(ports, scope, secret)
}
