// Where the authorization server sends the browser back to. Nobody has signed this request: all that is believed of it is a `state` that
// only the session's authorization URL carried, and that is good for one use.
import { ServiceError } from '#kernel/errors.js'
import { providerArn } from './credential-providers.js'
import { providerFault } from './oauth-faults.js'
import { oauthParty } from './oauth-party.js'
import { oauth2Providers } from './oauth2-credential-providers.js'
import { oauth2ProviderSettings } from './provider-settings.js'
import type { ResourceTokenPorts } from './resource-token-ports.js'
import {
  type FoundSession,
  keepTokens,
  moveSession,
  secretsLost,
  secretsOfSession,
  sessionByState,
  sessionUriOf,
  type TokenSessionSecrets,
} from './token-sessions.js'

/** Back to the application, or a page for who has none. Words are plain text. */
export type CallbackAnswer = { isDone: boolean; credentialProviderArn?: string } & ({ redirect: string } | { page: { title: string; text: string } })

export async function oauth2Callback(ports: ResourceTokenPorts, callbackId: string, query: URLSearchParams): Promise<CallbackAnswer> {
  const { store, vaultSealer, clock } = ports
  const found = await sessionByState(store, query.get('state') ?? '')
  // An answer of one provider at the callback of another is the mix-up attack (RFC 9700 4.4).
  if (found?.session.owner.callbackId !== callbackId) return refusal('This page belongs to no sign-in that was begun here.')
  if (found.session.state !== 'PENDING') return refusal('This sign-in was answered already. Each answer is good once.')
  if (found.session.expiresAt <= clock.now()) {
    await store.transaction((tx) => moveSession(tx, found, 'FAILED', 'expired'))
    return refusal('This sign-in has expired: it is good for ten minutes.')
  }
  // In one transaction: of two browsers with the same answer one goes on.
  const secrets = await store.transaction(async (tx) => {
    const before = await secretsOfSession(tx, vaultSealer, found)
    return (await moveSession(tx, found, before ? 'EXCHANGING' : 'FAILED', before ? undefined : secretsLost)) && before
  })
  if (!secrets) return refusal('This sign-in was answered already. Each answer is good once.')
  const failure = await exchange(ports, found, secrets, query)
  return answerOf(found, secrets, failure)
}

/** `undefined`: there are tokens. Else what failed, which may be told. */
async function exchange(
  ports: ResourceTokenPorts,
  found: FoundSession,
  secrets: TokenSessionSecrets,
  query: URLSearchParams,
): Promise<Failure | undefined> {
  const { oauth, store, vaultSealer } = ports
  const { owner, principal, redirectUri } = found.session
  try {
    const provider = await oauth2ProviderSettings(ports, found.scope, owner.providerName)
    if (provider.callbackId !== owner.callbackId || provider.lastUpdatedAt !== owner.providerUpdatedAt)
      return await failed(ports, found, {
        error: 'server_error',
        text: 'The provider was changed meanwhile.',
        cause: 'the credential provider was changed meanwhile',
      })
    const asked = { redirectUri, state: secrets.state, codeVerifier: secrets.codeVerifier, nonce: secrets.nonce }
    const tokens = await oauth.byCode(await oauthParty(ports, provider, { principal }), asked, query, secrets.parameters)
    const isKept = await store.transaction(async (tx) => {
      if (!(await moveSession(tx, found, 'CONSENTED'))) return false
      await keepTokens(tx, vaultSealer, found, secrets, tokens)
      return true
    })
    return isKept ? undefined : { error: 'server_error', text: 'The sign-in was ended meanwhile.', cause: '' }
  } catch (fault) {
    const told = providerFault(owner.providerName, fault)
    // A fault of ours: the session ends all the same, and the fault goes on to the log.
    if (!(told instanceof ServiceError)) {
      await failed(ports, found, { error: 'server_error', text: '', cause: 'an internal fault' })
      throw fault
    }
    const isDenied = query.get('error') === 'access_denied'
    // What the server said is for whoever may sign a request, not for a page.
    const text = isDenied ? 'Access was not granted.' : `The provider ${owner.providerName} gave no token.`
    return failed(ports, found, { error: isDenied ? 'access_denied' : 'server_error', text, cause: told.message })
  }
}

interface Failure {
  /** RFC 6749 4.1.2.1. */
  error: 'access_denied' | 'server_error'
  text: string
  /** For the application, which reads it from CompleteResourceTokenAuth. */
  cause: string
}

async function failed({ store }: ResourceTokenPorts, found: FoundSession, failure: Failure): Promise<Failure> {
  await store.transaction((tx) => moveSession(tx, found, 'FAILED', failure.cause))
  return failure
}

function answerOf({ id, scope, session }: FoundSession, { customState }: TokenSessionSecrets, failure: Failure | undefined): CallbackAnswer {
  const { returnUrl, owner } = session
  const credentialProviderArn = providerArn(scope, oauth2Providers, owner.providerName)
  if (returnUrl === undefined) {
    if (failure) return { ...refusal(failure.text), credentialProviderArn }
    const text = 'Access was granted. You can close this window and go back to the application.'
    return { isDone: true, credentialProviderArn, page: { title: 'You are signed in', text } }
  }
  const url = new URL(returnUrl)
  url.searchParams.append('session_id', sessionUriOf(id))
  if (customState !== undefined) url.searchParams.append('state', customState)
  if (failure) url.searchParams.append('error', failure.error)
  return { isDone: !failure, credentialProviderArn, redirect: url.href }
}

function refusal(text: string): CallbackAnswer {
  return { isDone: false, page: { title: 'Sign-in did not succeed', text: `${text} Go back to the application and begin again.` } }
}
