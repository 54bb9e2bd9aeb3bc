// OAuth2 credential providers: create, get, update, list, delete. Their client secret goes into the vault and does not come back.
import type {
  CreateOauth2CredentialProviderRequest,
  CreateOauth2CredentialProviderResponse,
  CredentialProviderVendorType,
  DeleteOauth2CredentialProviderRequest,
  GetOauth2CredentialProviderRequest,
  GetOauth2CredentialProviderResponse,
  ListOauth2CredentialProvidersRequest,
  ListOauth2CredentialProvidersResponse,
  Oauth2ProviderConfigOutput,
  UpdateOauth2CredentialProviderRequest,
  UpdateOauth2CredentialProviderResponse,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import type { Scope } from '#kernel/scope.js'
import { collection } from '#ports/store.js'
import { dropOwnedSecret } from '#services/secrets/index.js'
import { putPlainTags, removeTags } from '#services/tags/index.js'
import { findProvider, insertProvider, listProviders, type ProviderKind, providerArn } from './credential-providers.js'
import { type Oauth2Settings, oauth2SettingsOf } from './oauth2-provider-input.js'
import type { CredentialProviderPorts } from './ports.js'
import { presentPrivateKeyJwt } from './private-key-jwt.js'
import { keepSecret, type ProviderSecret } from './provider-secrets.js'
import { vendors } from './vendors.js'

export interface Oauth2ProviderDocument extends Oauth2Settings {
  name: string
  vendor: CredentialProviderVendorType
  /** Ends the callback URL; new with each provider, so that it also tells one provider from the next of its name. */
  callbackId: string
  /** Absent where the client authenticates without one. */
  secret?: ProviderSecret
  createdAt: number
  lastUpdatedAt: number
}

export const oauth2Providers: ProviderKind<Oauth2ProviderDocument> = {
  collection: collection<Oauth2ProviderDocument>('oauth2-credential-providers'),
  resource: 'oauth2credentialprovider',
  name: 'OAuth2 credential provider',
}

const secretOf = (name: string) => ({ name: `bedrock-agentcore-identity!default/oauth2/${name}`, jsonKey: 'client_secret' })

/** AWS's is on its own host: https://bedrock-agentcore.REGION.amazonaws.com/identities/oauth2/callback/ID. */
export const callbackUrlOf = (platformUrl: string, callbackId: string) => `${platformUrl}/identities/oauth2/callback/${callbackId}`

export function oauth2CredentialProviderOperations(ports: CredentialProviderPorts) {
  const { store, clock, ids } = ports

  function present(scope: Scope, { name, vendor, callbackId, secret, createdAt, lastUpdatedAt, ...settings }: Oauth2ProviderDocument) {
    return {
      name,
      credentialProviderArn: providerArn(scope, oauth2Providers, name),
      credentialProviderVendor: vendor,
      // Required by the model; a provider whose client needs no secret has none to name.
      clientSecretArn: { secretArn: secret?.secretArn ?? '' },
      ...(secret && { clientSecretJsonKey: secret.jsonKey, clientSecretSource: secret.source }),
      callbackUrl: callbackUrlOf(ports.platformUrl(), callbackId),
      oauth2ProviderConfigOutput: presentSettings(vendor, settings),
      createdTime: createdAt,
      lastUpdatedTime: lastUpdatedAt,
      status: 'READY' as const,
    }
  }

  return {
    async CreateOauth2CredentialProvider(
      ctx: Context,
      input: CreateOauth2CredentialProviderRequest,
    ): Promise<CreateOauth2CredentialProviderResponse> {
      const { name, credentialProviderVendor: vendor, tags } = input
      const { settings, secret } = await oauth2SettingsOf(ports, ctx, vendor, input.oauth2ProviderConfigInput)
      const now = clock.now()
      const document = await store.transaction(async (tx) => {
        const made: Oauth2ProviderDocument = { ...settings, name, vendor, callbackId: ids.uuid(), createdAt: now, lastUpdatedAt: now }
        await insertProvider(tx, ctx, oauth2Providers, name, made)
        if (secret) {
          made.secret = await keepSecret(tx, ports, ctx, secretOf(name), secret)
          await tx.put(oauth2Providers.collection, ctx, name, made)
        }
        await putPlainTags(tx, ctx, providerArn(ctx, oauth2Providers, name), tags)
        return made
      })
      return present(ctx, document)
    },

    async GetOauth2CredentialProvider(ctx: Context, { name }: GetOauth2CredentialProviderRequest): Promise<GetOauth2CredentialProviderResponse> {
      return present(ctx, await findProvider(store, ctx, oauth2Providers, name))
    },

    async UpdateOauth2CredentialProvider(
      ctx: Context,
      input: UpdateOauth2CredentialProviderRequest,
    ): Promise<UpdateOauth2CredentialProviderResponse> {
      const { name, credentialProviderVendor: vendor } = input
      await findProvider(store, ctx, oauth2Providers, name)
      const { settings, secret } = await oauth2SettingsOf(ports, ctx, vendor, input.oauth2ProviderConfigInput)
      const document = await store.transaction(async (tx) => {
        const { callbackId, createdAt } = await findProvider(tx, ctx, oauth2Providers, name)
        const changed: Oauth2ProviderDocument = { ...settings, name, vendor, callbackId, createdAt, lastUpdatedAt: clock.now() }
        if (secret) changed.secret = await keepSecret(tx, ports, ctx, secretOf(name), secret)
        else await dropOwnedSecret(tx, ctx, secretOf(name).name)
        await tx.put(oauth2Providers.collection, ctx, name, changed)
        return changed
      })
      return present(ctx, document)
    },

    async ListOauth2CredentialProviders(ctx: Context, input: ListOauth2CredentialProvidersRequest): Promise<ListOauth2CredentialProvidersResponse> {
      const { rows, nextToken } = await listProviders(store, ctx, oauth2Providers, input)
      const credentialProviders = rows.map(({ document: { name, vendor, createdAt, lastUpdatedAt } }) => ({
        name,
        credentialProviderVendor: vendor,
        credentialProviderArn: providerArn(ctx, oauth2Providers, name),
        createdTime: createdAt,
        lastUpdatedTime: lastUpdatedAt,
      }))
      return { credentialProviders, nextToken }
    },

    async DeleteOauth2CredentialProvider(ctx: Context, { name }: DeleteOauth2CredentialProviderRequest) {
      await store.transaction(async (tx) => {
        await findProvider(tx, ctx, oauth2Providers, name)
        await dropOwnedSecret(tx, ctx, secretOf(name).name)
        await removeTags(tx, ctx, providerArn(ctx, oauth2Providers, name))
        await tx.delete(oauth2Providers.collection, ctx, name)
      })
      return {}
    },
  }
}

function presentSettings(
  vendor: CredentialProviderVendorType,
  { discovery, clientId, clientAuthenticationMethod, onBehalfOf, privateKeyJwt }: Oauth2Settings,
) {
  const common = { oauthDiscovery: discovery, clientId }
  const { config } = vendors[vendor]
  const told =
    config === 'customOauth2ProviderConfig'
      ? {
          ...common,
          clientAuthenticationMethod,
          onBehalfOfTokenExchangeConfig: onBehalfOf,
          privateKeyJwtConfig: privateKeyJwt && presentPrivateKeyJwt(privateKeyJwt),
        }
      : common
  return { [config]: told } as unknown as Oauth2ProviderConfigOutput
}
