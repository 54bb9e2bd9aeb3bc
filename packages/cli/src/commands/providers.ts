// identity providers list | get | delete | add-api-key | add-oauth2. Secrets come by stdin: an argument is seen by everybody on the machine.
import { text } from 'node:stream/consumers'
import {
  type BedrockAgentCoreControlClient,
  CreateApiKeyCredentialProviderCommand,
  CreateOauth2CredentialProviderCommand,
  type CredentialProviderVendorType,
  DeleteApiKeyCredentialProviderCommand,
  DeleteOauth2CredentialProviderCommand,
  GetApiKeyCredentialProviderCommand,
  GetOauth2CredentialProviderCommand,
  type Oauth2ProviderConfigInput,
  ResourceNotFoundException,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { Failure, wrongUsage } from '#core/failure.js'
import { listCredentialProviders } from '#core/identities.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { withPlatform } from '#core/with-platform.js'

export async function listProviders(invoked: Invoked): Promise<void> {
  const { out } = invoked
  const providers = await withPlatform(invoked, ({ control }) => listCredentialProviders(control))
  out.document(providers)
  if (providers.length === 0) return out.line(out.spell('no credential provider yet; agentworks identity providers add-api-key NAME makes one'))
  const rows = providers.map(({ name, vendor, lastUpdatedTime, credentialProviderArn }) => [
    name,
    vendor,
    lastUpdatedTime?.toISOString() ?? '-',
    credentialProviderArn,
  ])
  for (const line of table(['NAME', 'VENDOR', 'UPDATED', 'ARN'], rows)) out.line(line)
}

export async function addApiKey(invoked: Invoked, name: string): Promise<void> {
  const apiKey = await secretFromStdin(invoked, 'the API key')
  const { $metadata: _, ...made } = await withPlatform(invoked, ({ control }) =>
    control.send(new CreateApiKeyCredentialProviderCommand({ name, apiKey })),
  )
  invoked.out.document(made)
  invoked.out.line(`created ${made.credentialProviderArn}; agents get the key by GetResourceApiKey`)
}

export interface Oauth2Options {
  vendor: string
  clientId: string
  discoveryUrl?: string
  issuer?: string
  authorizationEndpoint?: string
  tokenEndpoint?: string
  tenantId?: string
}

export async function addOauth2(invoked: Invoked, name: string, options: Oauth2Options): Promise<void> {
  const clientSecret = await secretFromStdin(invoked, 'the client secret')
  const input = {
    name,
    credentialProviderVendor: options.vendor as CredentialProviderVendorType,
    oauth2ProviderConfigInput: configOf(options, { clientId: options.clientId, clientSecret }),
  }
  const { $metadata: _, ...made } = await withPlatform(invoked, ({ control }) => control.send(new CreateOauth2CredentialProviderCommand(input)))
  invoked.out.document(made)
  invoked.out.line(`created ${made.credentialProviderArn}`)
  invoked.out.line(`callback URL, to be registered at the vendor: ${made.callbackUrl}`)
}

const ownMembers = ['Google', 'Github', 'Slack', 'Salesforce', 'Microsoft', 'Atlassian', 'Linkedin']

/** What of it the vendor takes, the platform says. */
function configOf(
  { vendor, discoveryUrl, issuer, authorizationEndpoint, tokenEndpoint, tenantId }: Oauth2Options,
  client: { clientId: string; clientSecret: string },
): Oauth2ProviderConfigInput {
  const endpoints = { issuer, authorizationEndpoint, tokenEndpoint }
  if (vendor === 'CustomOauth2') {
    if (!discoveryUrl && !(issuer && authorizationEndpoint && tokenEndpoint))
      throw wrongUsage('CustomOauth2 needs to be told where it is', '--discovery-url, or --issuer with --authorization-endpoint and --token-endpoint')
    const oauthDiscovery = discoveryUrl ? { discoveryUrl } : { authorizationServerMetadata: endpoints }
    return { customOauth2ProviderConfig: { ...client, oauthDiscovery } } as Oauth2ProviderConfigInput
  }
  const [own] = ownMembers.filter((name) => vendor === `${name}Oauth2`)
  const config = own ? { ...client, ...(tenantId && { tenantId }) } : { ...client, ...endpoints }
  return { [`${own?.toLowerCase() ?? 'included'}Oauth2ProviderConfig`]: config } as unknown as Oauth2ProviderConfigInput
}

export async function getProvider(invoked: Invoked, name: string): Promise<void> {
  const { out } = invoked
  const found = await withPlatform(invoked, async ({ control }) => (await ofEachKind(control, name)).find((one) => one !== undefined))
  if (!found) throw noSuchProvider(name)
  const { $metadata: _, ...provider } = found
  out.document(provider)
  for (const [key, value] of Object.entries(provider)) {
    if (value !== undefined)
      out.line(`${key}: ${value instanceof Date ? value.toISOString() : typeof value === 'object' ? JSON.stringify(value) : value}`)
  }
}

export async function deleteProvider(invoked: Invoked, name: string): Promise<void> {
  const { out } = invoked
  await withPlatform(invoked, async ({ control }) => {
    const [apiKey, oauth2] = await ofEachKind(control, name)
    if (!apiKey && !oauth2) throw noSuchProvider(name)
    if (apiKey && oauth2)
      throw new Failure(`there are two credential providers named ${name}`, {
        why: 'one of API keys, one of OAuth2',
        fix: 'delete the one you mean with an AWS client',
      })
    await control.send(apiKey ? new DeleteApiKeyCredentialProviderCommand({ name }) : new DeleteOauth2CredentialProviderCommand({ name }))
  })
  out.document({ name, deleted: true })
  out.line(`deleted ${name} with its secret; tokens that were got through it are worth nothing now`)
}

/** The two kinds have names of their own. */
async function ofEachKind(control: BedrockAgentCoreControlClient, name: string) {
  const orNone = (fault: unknown) => {
    if (fault instanceof ResourceNotFoundException) return undefined
    throw fault
  }
  return [
    await control.send(new GetApiKeyCredentialProviderCommand({ name })).catch(orNone),
    await control.send(new GetOauth2CredentialProviderCommand({ name })).catch(orNone),
  ] as const
}

const noSuchProvider = (name: string) => new Failure(`no credential provider is named ${name}`, { fix: 'agentworks identity providers list' })

async function secretFromStdin({ world: { stdin }, out }: Invoked, what: string): Promise<string> {
  if (stdin.isTTY) out.note(`type ${what}, then a new line and Ctrl-D`)
  const secret = (await text(stdin)).replace(/\r?\n$/, '')
  if (!secret) throw wrongUsage(`${what} is missing`, `give it by stdin, as in: printf %s "$SECRET" | agentworks …`)
  return secret
}
