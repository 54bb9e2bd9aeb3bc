// API key credential providers: create, get, update, list, delete. The key goes into the vault and comes out by GetResourceApiKey alone.
import type {
  CreateApiKeyCredentialProviderRequest,
  CreateApiKeyCredentialProviderResponse,
  DeleteApiKeyCredentialProviderRequest,
  GetApiKeyCredentialProviderRequest,
  GetApiKeyCredentialProviderResponse,
  ListApiKeyCredentialProvidersRequest,
  ListApiKeyCredentialProvidersResponse,
  UpdateApiKeyCredentialProviderRequest,
  UpdateApiKeyCredentialProviderResponse,
} from '@agentworks/model'
import type { Context } from '#kernel/context.js'
import { invalid } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection } from '#ports/store.js'
import { dropOwnedSecret } from '#services/secrets/index.js'
import { putPlainTags, removeTags } from '#services/tags/index.js'
import { findProvider, insertProvider, listProviders, type ProviderKind, providerArn } from './credential-providers.js'
import type { CredentialProviderPorts } from './ports.js'
import { type GivenSecret, givenSecret, keepSecret, type ProviderSecret } from './provider-secrets.js'

export interface ApiKeyProviderDocument {
  name: string
  secret: ProviderSecret
  createdAt: number
  lastUpdatedAt: number
}

export const apiKeyProviders: ProviderKind<ApiKeyProviderDocument> = {
  collection: collection<ApiKeyProviderDocument>('api-key-credential-providers'),
  resource: 'apikeycredentialprovider',
  name: 'API key credential provider',
}

const secretOf = (name: string) => ({ name: `bedrock-agentcore-identity!default/apikey/${name}`, jsonKey: 'api_key_value' })
const fields = { value: 'apiKey', reference: 'apiKeySecretConfig', source: 'apiKeySecretSource' }

export function apiKeyCredentialProviderOperations(ports: CredentialProviderPorts) {
  const { store, clock } = ports

  async function requiredSecret(
    ctx: Context,
    input: CreateApiKeyCredentialProviderRequest | UpdateApiKeyCredentialProviderRequest,
  ): Promise<GivenSecret> {
    const members = { value: input.apiKey, reference: input.apiKeySecretConfig, source: input.apiKeySecretSource }
    const given = await givenSecret(ports, ctx, members, fields)
    if (!given) throw invalid('apiKey', 'is required, unless apiKeySecretConfig says where the key lies')
    return given
  }

  return {
    async CreateApiKeyCredentialProvider(
      ctx: Context,
      input: CreateApiKeyCredentialProviderRequest,
    ): Promise<CreateApiKeyCredentialProviderResponse> {
      const { name, tags } = input
      const given = await requiredSecret(ctx, input)
      const now = clock.now()
      const document = await store.transaction(async (tx) => {
        const secret = await keepSecret(tx, ports, ctx, secretOf(name), given)
        const made: ApiKeyProviderDocument = { name, secret, createdAt: now, lastUpdatedAt: now }
        await insertProvider(tx, ctx, apiKeyProviders, name, made)
        await putPlainTags(tx, ctx, providerArn(ctx, apiKeyProviders, name), tags)
        return made
      })
      return present(ctx, document)
    },

    async GetApiKeyCredentialProvider(ctx: Context, { name }: GetApiKeyCredentialProviderRequest): Promise<GetApiKeyCredentialProviderResponse> {
      return present(ctx, await findProvider(store, ctx, apiKeyProviders, name))
    },

    async UpdateApiKeyCredentialProvider(
      ctx: Context,
      input: UpdateApiKeyCredentialProviderRequest,
    ): Promise<UpdateApiKeyCredentialProviderResponse> {
      const { name } = input
      await findProvider(store, ctx, apiKeyProviders, name)
      const given = await requiredSecret(ctx, input)
      const document = await store.transaction(async (tx) => {
        const { createdAt } = await findProvider(tx, ctx, apiKeyProviders, name)
        const secret = await keepSecret(tx, ports, ctx, secretOf(name), given)
        const changed: ApiKeyProviderDocument = { name, secret, createdAt, lastUpdatedAt: clock.now() }
        await tx.put(apiKeyProviders.collection, ctx, name, changed)
        return changed
      })
      return present(ctx, document)
    },

    async ListApiKeyCredentialProviders(ctx: Context, input: ListApiKeyCredentialProvidersRequest): Promise<ListApiKeyCredentialProvidersResponse> {
      const { rows, nextToken } = await listProviders(store, ctx, apiKeyProviders, input)
      const credentialProviders = rows.map(({ document: { name, createdAt, lastUpdatedAt } }) => ({
        name,
        credentialProviderArn: providerArn(ctx, apiKeyProviders, name),
        createdTime: createdAt,
        lastUpdatedTime: lastUpdatedAt,
      }))
      return { credentialProviders, nextToken }
    },

    async DeleteApiKeyCredentialProvider(ctx: Context, { name }: DeleteApiKeyCredentialProviderRequest) {
      await store.transaction(async (tx) => {
        await findProvider(tx, ctx, apiKeyProviders, name)
        await dropOwnedSecret(tx, ctx, secretOf(name).name)
        await removeTags(tx, ctx, providerArn(ctx, apiKeyProviders, name))
        await tx.delete(apiKeyProviders.collection, ctx, name)
      })
      return {}
    },
  }
}

function present(scope: Scope, { name, secret, createdAt, lastUpdatedAt }: ApiKeyProviderDocument) {
  return {
    name,
    credentialProviderArn: providerArn(scope, apiKeyProviders, name),
    apiKeySecretArn: { secretArn: secret.secretArn },
    apiKeySecretJsonKey: secret.jsonKey,
    apiKeySecretSource: secret.source,
    createdTime: createdAt,
    lastUpdatedTime: lastUpdatedAt,
  }
}
