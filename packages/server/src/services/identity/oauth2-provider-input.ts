// What a caller says of an OAuth2 provider, checked: which members go with which vendor, and what each of them needs.
import type {
  ClientAuthenticationMethodType,
  CredentialProviderVendorType,
  CustomOauth2ProviderConfigInput,
  IncludedOauth2ProviderConfigInput,
  MicrosoftOauth2ProviderConfigInput,
  Oauth2Discovery,
  Oauth2ProviderConfigInput,
  OnBehalfOfTokenExchangeConfigType,
  SecretReference,
  SecretSourceType,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid, unsupportedMember } from '#kernel/errors.js'
import type { CredentialProviderPorts } from './ports.js'
import { checkedPrivateKeyJwt, checkKey, type PrivateKeyJwt } from './private-key-jwt.js'
import { type GivenSecret, givenSecret } from './provider-secrets.js'
import { type ConfigMember, microsoftDiscovery, vendors } from './vendors.js'

export interface Oauth2Settings {
  discovery: Oauth2Discovery
  clientId?: string
  clientAuthenticationMethod: ClientAuthenticationMethodType
  onBehalfOf?: OnBehalfOfTokenExchangeConfigType
  privateKeyJwt?: PrivateKeyJwt
}

const field = 'oauth2ProviderConfigInput'

interface ClientMembers {
  clientId?: string
  clientSecret?: string
  clientSecretConfig?: SecretReference
  clientSecretSource?: SecretSourceType
}

export async function oauth2SettingsOf(
  ports: CredentialProviderPorts,
  ctx: Context,
  vendor: CredentialProviderVendorType,
  input: Oauth2ProviderConfigInput,
): Promise<{ settings: Oauth2Settings; secret: GivenSecret | undefined }> {
  const { config } = vendors[vendor]
  const given = (input as Partial<Record<ConfigMember, object>>)[config]
  if (!given) throw invalid(field, `must hold ${config} for credentialProviderVendor ${vendor}`)
  const path = `${field}.${config}`
  const settings = settingsOf(vendor, given, path)
  const { clientId, clientSecret, clientSecretConfig, clientSecretSource } = given as ClientMembers
  const fields = { value: `${path}.clientSecret`, reference: `${path}.clientSecretConfig`, source: `${path}.clientSecretSource` }
  const secret = await givenSecret(ports, ctx, { value: clientSecret, reference: clientSecretConfig, source: clientSecretSource }, fields)
  const hasSecret = settings.clientAuthenticationMethod.startsWith('CLIENT_SECRET')
  if (hasSecret && !secret) throw invalid(fields.value, `is required for clientAuthenticationMethod ${settings.clientAuthenticationMethod}`)
  if (!hasSecret && secret)
    throw invalid(fields.value, `is not used by clientAuthenticationMethod ${settings.clientAuthenticationMethod}; leave it out`)
  if ((hasSecret || settings.privateKeyJwt) && !clientId) throw invalid(`${path}.clientId`, 'is required')
  if (settings.privateKeyJwt) await checkKey(ports, settings.privateKeyJwt, `${path}.privateKeyJwtConfig`)
  return { settings: { ...settings, ...(clientId && { clientId }) }, secret }
}

function settingsOf(vendor: CredentialProviderVendorType, given: object, path: string): Oauth2Settings {
  if (vendor === 'CustomOauth2') return customSettings(given as CustomOauth2ProviderConfigInput, path)
  const { config, clientAuthenticationMethod = 'CLIENT_SECRET_BASIC', discoveryUrl, endpoints } = vendors[vendor]
  if (vendor === 'MicrosoftOauth2') {
    const { tenantId = 'common' } = given as MicrosoftOauth2ProviderConfigInput
    if (!/^[A-Za-z0-9.-]{1,255}$/.test(tenantId)) throw invalid(`${path}.tenantId`, 'must be the id or the domain name of a tenant')
    // Microsoft's own way of acting for a user (v2 on-behalf-of flow) is the JWT grant: AWS presets it for this vendor.
    return {
      discovery: { discoveryUrl: microsoftDiscovery.replace('{tenantId}', tenantId) },
      clientAuthenticationMethod,
      onBehalfOf: { grantType: 'JWT_AUTHORIZATION_GRANT' },
    }
  }
  if (config === 'includedOauth2ProviderConfig') {
    return {
      discovery: { authorizationServerMetadata: includedEndpoints(vendor, given as IncludedOauth2ProviderConfigInput, path) },
      clientAuthenticationMethod,
    }
  }
  return {
    discovery: discoveryUrl ? { discoveryUrl } : { authorizationServerMetadata: { ...requireEndpoints(vendor, endpoints) } },
    clientAuthenticationMethod,
  }
}

function includedEndpoints(vendor: CredentialProviderVendorType, given: IncludedOauth2ProviderConfigInput, path: string) {
  const { endpoints } = vendors[vendor]
  const { issuer, authorizationEndpoint, tokenEndpoint } = given
  const members = Object.entries({ issuer, authorizationEndpoint, tokenEndpoint })
  if (endpoints) {
    const told = members.find(([, value]) => value !== undefined)
    if (told)
      throw invalid(
        `${path}.${told[0]}`,
        `is for vendors with a tenant for each customer; ${vendor} has one for all. Leave it out, or use CustomOauth2`,
      )
    return endpoints
  }
  const missing = members.find(([, value]) => value === undefined)
  if (missing) throw invalid(`${path}.${missing[0]}`, `is required for ${vendor}, where each customer has endpoints of its own`)
  return requireEndpoints(vendor, {
    issuer: url(issuer, `${path}.issuer`),
    authorizationEndpoint: url(authorizationEndpoint, `${path}.authorizationEndpoint`),
    tokenEndpoint: url(tokenEndpoint, `${path}.tokenEndpoint`),
  })
}

function requireEndpoints<E>(vendor: string, endpoints: E | undefined): E {
  if (!endpoints) throw new Error(`${vendor} has no endpoints in the table of vendors`)
  return endpoints
}

function customSettings(given: CustomOauth2ProviderConfigInput, path: string): Oauth2Settings {
  const {
    oauthDiscovery,
    clientAuthenticationMethod,
    onBehalfOfTokenExchangeConfig,
    privateKeyJwtConfig,
    privateEndpoint,
    privateEndpointOverrides,
  } = given
  if (privateEndpoint) throw unsupportedMember(`${path}.privateEndpoint`, 'there is no VPC here; name a private host with --allow-egress instead.')
  if (privateEndpointOverrides?.length)
    throw unsupportedMember(`${path}.privateEndpointOverrides`, 'there is no VPC here; name a private host with --allow-egress instead.')
  const discovery = checkedDiscovery(oauthDiscovery, `${path}.oauthDiscovery`)
  const method = clientAuthenticationMethod ?? (privateKeyJwtConfig ? 'PRIVATE_KEY_JWT' : methodSaidBy(discovery))
  const privateKeyJwt = checkedPrivateKeyJwt(method, privateKeyJwtConfig, `${path}.privateKeyJwtConfig`)
  const onBehalfOf = checkedOnBehalfOf(onBehalfOfTokenExchangeConfig, `${path}.onBehalfOfTokenExchangeConfig`)
  return {
    discovery,
    clientAuthenticationMethod: method,
    ...(onBehalfOf && { onBehalfOf }),
    ...(privateKeyJwt && { privateKeyJwt }),
  }
}

/** Basic is AWS's default; metadata that knows only the other way decides for it. */
function methodSaidBy({ authorizationServerMetadata }: Oauth2Discovery): ClientAuthenticationMethodType {
  const methods = authorizationServerMetadata?.tokenEndpointAuthMethods ?? []
  return methods.length > 0 && !methods.includes('client_secret_basic') && methods.includes('client_secret_post')
    ? 'CLIENT_SECRET_POST'
    : 'CLIENT_SECRET_BASIC'
}

function checkedDiscovery(discovery: Oauth2Discovery, path: string): Oauth2Discovery {
  if (discovery.discoveryUrl !== undefined) return { discoveryUrl: url(discovery.discoveryUrl, `${path}.discoveryUrl`) }
  const { issuer, authorizationEndpoint, tokenEndpoint, responseTypes, tokenEndpointAuthMethods } = discovery.authorizationServerMetadata
  const at = `${path}.authorizationServerMetadata`
  if (responseTypes && !responseTypes.includes('code'))
    throw invalid(`${at}.responseTypes`, 'must include "code": the authorization code flow is the only one that providers are used with')
  return {
    authorizationServerMetadata: {
      issuer: url(issuer, `${at}.issuer`),
      authorizationEndpoint: url(authorizationEndpoint, `${at}.authorizationEndpoint`),
      tokenEndpoint: url(tokenEndpoint, `${at}.tokenEndpoint`),
      ...(responseTypes && { responseTypes }),
      ...(tokenEndpointAuthMethods && { tokenEndpointAuthMethods }),
    },
  }
}

function checkedOnBehalfOf(config: OnBehalfOfTokenExchangeConfigType | undefined, path: string): OnBehalfOfTokenExchangeConfigType | undefined {
  if (!config) return undefined
  const { grantType, tokenExchangeGrantTypeConfig: exchange } = config
  if (grantType === 'JWT_AUTHORIZATION_GRANT' && exchange)
    throw invalid(`${path}.tokenExchangeGrantTypeConfig`, 'is for grantType TOKEN_EXCHANGE; leave it out')
  if (grantType === 'TOKEN_EXCHANGE' && !exchange) throw invalid(`${path}.tokenExchangeGrantTypeConfig`, 'is required for grantType TOKEN_EXCHANGE')
  if (exchange?.actorTokenScopes?.length && exchange.actorTokenContent !== 'M2M')
    throw invalid(`${path}.tokenExchangeGrantTypeConfig.actorTokenScopes`, `is for actorTokenContent M2M, not for ${exchange.actorTokenContent}`)
  return config
}

/** Where it may lead is asked when it is called: http needs --allow-egress, private addresses too. */
function url(text: string | undefined, path: string): string {
  const parsed = text !== undefined && URL.canParse(text) ? new URL(text) : undefined
  if (!parsed || !/^https?:$/.test(parsed.protocol)) throw invalid(path, 'must be an https:// URL (http:// only for hosts named to --allow-egress)')
  if (parsed.username || parsed.password) throw invalid(path, 'must not carry a user name or password')
  if (parsed.hash) throw invalid(path, 'must have no fragment')
  return text ?? ''
}
