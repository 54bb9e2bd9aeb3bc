// identity token PROVIDER: a token from the vault as an agent gets it, with the user's consent where that is needed.
import type { PlatformClients } from '@agentworks/factory'
import {
  CompleteResourceTokenAuthCommand,
  GetResourceOauth2TokenCommand,
  type GetResourceOauth2TokenCommandInput,
  GetWorkloadAccessTokenCommand,
  GetWorkloadAccessTokenForUserIdCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import { GetWorkloadIdentityCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { Failure, wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { openInBrowser } from '#core/open-in-browser.js'
import { withProgress } from '#core/progress.js'
import { returnListener } from '#core/return-listener.js'
import { withPlatform } from '#core/with-platform.js'

export interface TokenOptions {
  workload?: string
  user: string
  scope: string[]
  m2m?: boolean
  force?: boolean
  signIn?: string
  /** commander's --no-browser. */
  browser: boolean
  audience?: string
}

/** As long as the platform keeps a started flow. */
const consentMs = 10 * 60_000

export async function identityToken(invoked: Invoked, provider: string, options: TokenOptions): Promise<void> {
  const { out } = invoked
  const { workload: workloadName = provider, m2m = false, scope, audience, force, user } = options
  if (m2m && options.signIn !== undefined) throw wrongUsage('--m2m has no user who could sign in', 'leave one of them out')
  const accessToken = await withPlatform(invoked, (clients) =>
    orMissing(provider, workloadName, async () => {
      const { workloadAccessToken: workloadIdentityToken } = m2m
        ? await clients.data.send(new GetWorkloadAccessTokenCommand({ workloadName }))
        : await clients.data.send(new GetWorkloadAccessTokenForUserIdCommand({ workloadName, userId: user }))
      const ask: GetResourceOauth2TokenCommandInput = {
        workloadIdentityToken,
        resourceCredentialProviderName: provider,
        scopes: scope,
        oauth2Flow: m2m ? 'M2M' : 'USER_FEDERATION',
        ...(force ? { forceAuthentication: true } : {}),
        ...(audience === undefined ? {} : { audiences: [audience] }),
      }
      if (!m2m) return federated(invoked, clients, ask, { ...options, workload: workloadName })
      return (await clients.data.send(new GetResourceOauth2TokenCommand(ask))).accessToken
    }),
  )
  if (!accessToken) throw new Failure('the platform gave no token', { why: 'the flow is not finished', fix: 'try again' })
  out.document({ accessToken })
  out.line(accessToken)
}

/** Of the two names one belongs to nothing; or the provider's server is not there. */
async function orMissing<Result>(provider: string, workload: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error.message.includes('could not be reached'))
      throw new Failure(`the provider ${provider} does not answer`, {
        why: error.message,
        fix: 'start it; the built-in one: agentworks identity provider start   (in another terminal)',
        cause: error,
      })
    if (error.name !== 'ResourceNotFoundException') throw error
    const missing = error.message.startsWith('Workload identity') ? 'workloads' : 'providers'
    throw new Failure(error.message, {
      why: `it takes the credential provider ${provider} and the workload identity ${workload}`,
      fix: `see what there is: agentworks identity ${missing} list; or make both for trying: agentworks identity provider setup`,
      cause: error,
    })
  }
}

async function federated(
  invoked: Invoked,
  { control, data }: PlatformClients,
  ask: GetResourceOauth2TokenCommandInput,
  options: TokenOptions,
): Promise<string | undefined> {
  const { out, world } = invoked
  const identity = await control.send(new GetWorkloadIdentityCommand({ name: options.workload }))
  const listener = await returnListener(identity.allowedResourceOauth2ReturnUrls ?? [])
  try {
    const asked = { ...ask, resourceOauth2ReturnUrl: listener.url }
    const { accessToken, authorizationUrl = '', sessionUri } = await data.send(new GetResourceOauth2TokenCommand(asked))
    if (accessToken) {
      out.note('from the vault: this user has said yes before (--force asks again)')
      return accessToken
    }
    if (!sessionUri) throw new Failure('the platform began no session for this sign-in')
    const ended = AbortSignal.any([world.stopped, AbortSignal.timeout(consentMs)])
    const visited = listener.visited(sessionUri, ended)
    const shown = visit(invoked, authorizationUrl, options)
    const { searchParams: back } = await withProgress(world.stderr, `waiting for ${options.user} to say yes`, async () => {
      await Promise.race([shown, visited])
      return visited
    })
    const problem = back.get('error')
    if (problem) throw new Failure(`no token: ${problem}`, { why: back.get('error_description') ?? undefined })
    // Who finishes must be who began. An application looks at its own session here; this is the user's own shell.
    const userIdentifier = { userId: options.user }
    await data.send(new CompleteResourceTokenAuthCommand({ sessionUri, userIdentifier }))
    return (await data.send(new GetResourceOauth2TokenCommand({ ...asked, forceAuthentication: undefined, sessionUri }))).accessToken
  } finally {
    await listener.close()
  }
}

/** In the user's browser, or page by page without one. */
async function visit(invoked: Invoked, authorizationUrl: string, { signIn, browser }: TokenOptions): Promise<void> {
  const { out, world } = invoked
  if (signIn !== undefined) return signInWithout(invoked, authorizationUrl, signIn)
  out.note(`open this page and say yes:\n  ${authorizationUrl}`)
  if (browser && world.stderr.isTTY) openInBrowser(authorizationUrl)
}

async function signInWithout(invoked: Invoked, authorizationUrl: string, username: string): Promise<void> {
  const { out, world } = invoked
  const { runningProvider } = await import('#core/identity-provider.js')
  const { signInByPages } = await import('@agentworks/identity-provider')
  const { url: provider } = await runningProvider(invoked)
  if (world.stdin.isTTY) out.note(`password of ${username}, shown as you type:`)
  const password = await firstLine(world.stdin)
  await finish(await signInByPages(authorizationUrl, { provider, username, password }))
}

async function firstLine(input: AsyncIterable<unknown>): Promise<string> {
  let text = ''
  for await (const piece of input) {
    text += String(piece)
    if (text.includes('\n')) break
  }
  return text.split('\n')[0]?.trim() ?? ''
}

/** The rest of the way back: the platform's callback, then our own listener. */
async function finish(address: string): Promise<void> {
  const response = await fetch(address, { signal: AbortSignal.timeout(30_000) })
  const text = (await response.text()).replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ')
  if (!response.ok) throw new Failure(`the platform's callback answered ${response.status}`, { why: text.trim().slice(0, 300) })
}
