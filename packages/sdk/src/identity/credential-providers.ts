// Where an agent's credentials come from. Whoever made or changed a provider here may use it at once: the call waits until it is READY.
import { setTimeout as pause } from 'node:timers/promises'
import {
  type ApiKeyCredentialProviderItem,
  type BedrockAgentCoreControlClient,
  CreateApiKeyCredentialProviderCommand,
  type CreateApiKeyCredentialProviderRequest,
  type CreateApiKeyCredentialProviderResponse,
  CreateOauth2CredentialProviderCommand,
  type CreateOauth2CredentialProviderRequest,
  DeleteApiKeyCredentialProviderCommand,
  DeleteOauth2CredentialProviderCommand,
  GetApiKeyCredentialProviderCommand,
  type GetApiKeyCredentialProviderResponse,
  GetOauth2CredentialProviderCommand,
  type GetOauth2CredentialProviderResponse,
  type Oauth2CredentialProviderItem,
  paginateListApiKeyCredentialProviders,
  paginateListOauth2CredentialProviders,
  ResourceNotFoundException,
  UpdateApiKeyCredentialProviderCommand,
  type UpdateApiKeyCredentialProviderRequest,
  type UpdateApiKeyCredentialProviderResponse,
  UpdateOauth2CredentialProviderCommand,
  type UpdateOauth2CredentialProviderRequest,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { allOf } from '#client/all-pages.js'

export interface CredentialProviders {
  createApiKeyCredentialProvider(input: CreateApiKeyCredentialProviderRequest): Promise<CreateApiKeyCredentialProviderResponse>
  getApiKeyCredentialProvider(name: string): Promise<GetApiKeyCredentialProviderResponse>
  updateApiKeyCredentialProvider(input: UpdateApiKeyCredentialProviderRequest): Promise<UpdateApiKeyCredentialProviderResponse>
  /** All pages. */
  listApiKeyCredentialProviders(): Promise<ApiKeyCredentialProviderItem[]>
  deleteApiKeyCredentialProvider(name: string): Promise<void>
  /** Resolves once it is READY; rejects with ProviderNotReady. `callbackUrl` is what the provider itself must be told. */
  createOauth2CredentialProvider(input: CreateOauth2CredentialProviderRequest, wait?: WaitForProvider): Promise<GetOauth2CredentialProviderResponse>
  getOauth2CredentialProvider(name: string): Promise<GetOauth2CredentialProviderResponse>
  /** As create. */
  updateOauth2CredentialProvider(input: UpdateOauth2CredentialProviderRequest, wait?: WaitForProvider): Promise<GetOauth2CredentialProviderResponse>
  /** All pages. */
  listOauth2CredentialProviders(): Promise<Oauth2CredentialProviderItem[]>
  /** Resolves once it is gone. */
  deleteOauth2CredentialProvider(name: string, wait?: WaitForProvider): Promise<void>
}

export interface WaitForProvider {
  /** 60,000 when absent. */
  timeoutMs?: number
}

/** A provider that did not come to be as asked, with the reason that the service gives. */
export class ProviderNotReady extends Error {
  override readonly name = 'ProviderNotReady'
  readonly status: string

  constructor(providerName: string, status: string, reason: string) {
    super(`credential provider ${providerName} is ${status}: ${reason}`)
    this.status = status
  }
}

export function credentialProviders(control: BedrockAgentCoreControlClient): CredentialProviders {
  const oauth2 = (name: string) => control.send(new GetOauth2CredentialProviderCommand({ name }))
  return {
    createApiKeyCredentialProvider: (input) => control.send(new CreateApiKeyCredentialProviderCommand(input)),
    getApiKeyCredentialProvider: (name) => control.send(new GetApiKeyCredentialProviderCommand({ name })),
    updateApiKeyCredentialProvider: (input) => control.send(new UpdateApiKeyCredentialProviderCommand(input)),
    listApiKeyCredentialProviders: () =>
      allOf(paginateListApiKeyCredentialProviders({ client: control }, {}), ({ credentialProviders }) => credentialProviders),
    async deleteApiKeyCredentialProvider(name) {
      await control.send(new DeleteApiKeyCredentialProviderCommand({ name }))
    },
    async createOauth2CredentialProvider(input, wait) {
      const { name = '' } = await control.send(new CreateOauth2CredentialProviderCommand(input))
      return ready(await settled(name, () => oauth2(name), wait))
    },
    getOauth2CredentialProvider: oauth2,
    async updateOauth2CredentialProvider(input, wait) {
      const { name = '' } = await control.send(new UpdateOauth2CredentialProviderCommand(input))
      return ready(await settled(name, () => oauth2(name), wait))
    },
    listOauth2CredentialProviders: () =>
      allOf(paginateListOauth2CredentialProviders({ client: control }, {}), ({ credentialProviders }) => credentialProviders),
    async deleteOauth2CredentialProvider(name, wait) {
      await control.send(new DeleteOauth2CredentialProviderCommand({ name }))
      const left = await settled(name, () => oauth2(name), wait).catch((fault: unknown) => {
        if (fault instanceof ResourceNotFoundException) return undefined
        throw fault
      })
      if (left) ready(left)
    },
  }
}

const moving: ReadonlySet<string | undefined> = new Set(['CREATING', 'UPDATING', 'DELETING'])

async function settled(
  name: string,
  look: () => Promise<GetOauth2CredentialProviderResponse>,
  { timeoutMs = 60_000 }: WaitForProvider = {},
): Promise<GetOauth2CredentialProviderResponse> {
  const deadline = performance.now() + timeoutMs
  for (let waitMs = 20; ; waitMs = Math.min(waitMs * 2, 500)) {
    const provider = await look()
    if (!moving.has(provider.status)) return provider
    if (performance.now() > deadline) throw new ProviderNotReady(name, provider.status ?? 'unknown', `still so after ${timeoutMs} ms`)
    await pause(waitMs)
  }
}

/** A service that knows no states has none to wait for. */
function ready(provider: GetOauth2CredentialProviderResponse): GetOauth2CredentialProviderResponse {
  const { status = 'READY', name = '', failureReason = 'the service gives no reason' } = provider
  if (status !== 'READY') throw new ProviderNotReady(name, status, failureReason)
  return provider
}
