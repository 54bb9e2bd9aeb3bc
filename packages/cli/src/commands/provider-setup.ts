// identity provider setup: everything that a three-legged flow needs, on this machine: a user and a client at the identity provider, a
// credential provider and a workload identity at the platform.
import { newSecret, putClient, putUser } from '@agentworks/identity-provider'
import { GetResourceOauth2TokenCommand, GetWorkloadAccessTokenCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  type BedrockAgentCoreControlClient,
  CreateOauth2CredentialProviderCommand,
  CreateWorkloadIdentityCommand,
  GetOauth2CredentialProviderCommand,
  GetWorkloadIdentityCommand,
  UpdateOauth2CredentialProviderCommand,
  UpdateWorkloadIdentityCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { Failure, wrongUsage } from '#core/failure.js'
import { runningProvider, withProviderState } from '#core/identity-provider.js'
import type { Invoked } from '#core/invoked.js'
import { withPlatform } from '#core/with-platform.js'

export interface SetupOptions {
  name: string
  user: string
  returnUrl: string
}

export async function setupProvider(invoked: Invoked, { name, user, returnUrl }: SetupOptions): Promise<void> {
  const { out } = invoked
  if (!URL.canParse(returnUrl)) throw wrongUsage(`--return-url "${returnUrl}" is no URL`, 'such as http://127.0.0.1:4691/return')
  const { url } = await runningProvider(invoked)
  const secret = newSecret()
  const callbackUrl = await withPlatform(invoked, async ({ control }) => {
    const callback = await orClosed(url, () => credentialProvider(control, { name, discoveryUrl: `${url}/.well-known/openid-configuration`, secret }))
    await workloadIdentity(control, name, returnUrl)
    return callback
  })
  const { password } = await withProviderState(invoked, (state) => {
    putClient(state, { id: name, redirectUris: [callbackUrl], secret })
    return putUser(state, user)
  })
  await tryOut(invoked, name, url)
  const result = { credentialProvider: name, workload: name, clientId: name, callbackUrl, returnUrl, issuer: url, user, password }
  out.document(result)
  out.line(`credential provider ${name}   agents name it in GetResourceOauth2Token; its callback is ${callbackUrl}`)
  out.line(`workload identity   ${name}   may send users back to ${returnUrl}`)
  out.line(`user                ${user}, password ${password}   (new at each setup)`)
  out.line('')
  out.line('try it:')
  const ask = `agentworks identity token ${name} --scope read:mail`
  const ways = [
    [ask, `opens the page where ${user} signs in`],
    [`echo '${password}' | ${ask} --sign-in ${user}`, 'the same without a browser'],
    [`${ask} --m2m`, 'for the machine itself, no user'],
  ].map(([command = '', what = '']) => [out.spell(command), what] as const)
  const width = Math.max(...ways.map(([command]) => command.length))
  for (const [command, what] of ways) out.line(`  ${command.padEnd(width)}   ${what}`)
}

async function credentialProvider(
  control: BedrockAgentCoreControlClient,
  { name, discoveryUrl, secret }: { name: string; discoveryUrl: string; secret: string },
): Promise<string> {
  const wanted = {
    name,
    credentialProviderVendor: 'CustomOauth2' as const,
    oauth2ProviderConfigInput: { customOauth2ProviderConfig: { oauthDiscovery: { discoveryUrl }, clientId: name, clientSecret: secret } },
  }
  const exists = await found(control.send(new GetOauth2CredentialProviderCommand({ name })))
  const { callbackUrl = '' } = exists
    ? await control.send(new UpdateOauth2CredentialProviderCommand(wanted))
    : await control.send(new CreateOauth2CredentialProviderCommand(wanted))
  return callbackUrl
}

async function workloadIdentity(control: BedrockAgentCoreControlClient, name: string, returnUrl: string): Promise<void> {
  const known = await found(control.send(new GetWorkloadIdentityCommand({ name })))
  const allowedResourceOauth2ReturnUrls = [...new Set([...(known?.allowedResourceOauth2ReturnUrls ?? []), returnUrl])]
  if (known) await control.send(new UpdateWorkloadIdentityCommand({ name, allowedResourceOauth2ReturnUrls }))
  else await control.send(new CreateWorkloadIdentityCommand({ name, allowedResourceOauth2ReturnUrls }))
}

async function found<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined
    throw error
  }
}

/** A machine token by the whole way: platform, vault, identity provider. */
async function tryOut(invoked: Invoked, workloadName: string, url: string): Promise<void> {
  await withPlatform(invoked, async ({ data }) => {
    const { workloadAccessToken: workloadIdentityToken } = await data.send(new GetWorkloadAccessTokenCommand({ workloadName }))
    const ask = { workloadIdentityToken, resourceCredentialProviderName: workloadName, scopes: ['try'], oauth2Flow: 'M2M' as const }
    await orClosed(url, () => data.send(new GetResourceOauth2TokenCommand({ ...ask, forceAuthentication: true })))
  })
}

/** The platform's own calls do not go to loopback unless somebody says so. */
async function orClosed<Answer>(url: string, work: () => Promise<Answer>): Promise<Answer> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error && error.message.includes('--allow-egress'))) throw error
    throw new Failure('the platform may not call the identity provider', {
      why: error.message,
      fix: `start it with agentworks start --allow-egress ${new URL(url).host}`,
      cause: error,
    })
  }
}
