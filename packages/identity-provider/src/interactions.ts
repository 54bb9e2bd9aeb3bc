// What a person is asked on the way to a token: who they are, and whether the client may.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type Provider from 'oidc-provider'
import { errors } from 'oidc-provider'
import { wordOf } from './audiences.js'
import { consentPage, errorPage, loginPage } from './pages.js'
import type { State } from './state.js'
import { listUsers, passwordMatches } from './users.js'

const formBytes = 16 * 1024

type Details = Awaited<ReturnType<Provider['interactionDetails']>>

export const isInteraction = (path: string) => path.startsWith('/interaction/')

export async function interact(provider: Provider, state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const details = await provider.interactionDetails(request, response)
    if (request.method === 'GET') return show(response, 200, pageFor(state, details))
    if (request.method !== 'POST') return show(response, 405, errorPage('invalid_request', 'this page is read by GET and answered by POST'))
    await answer(provider, state, details, request, response)
  } catch (error) {
    if (!(error instanceof errors.OIDCProviderError)) throw error
    // A page from yesterday, or one that was answered already.
    show(response, error.statusCode, errorPage(error.error, error.error_description ?? error.message))
  }
}

function pageFor(state: State, { uid, prompt, params, session }: Details, problem?: string): string {
  const [action, client] = [`/interaction/${uid}`, String(params.client_id)]
  if (prompt.name === 'login') {
    const users = listUsers(state).map(({ name }) => name)
    return loginPage({ action, client, users, hint: typeof params.login_hint === 'string' ? params.login_hint : undefined, problem })
  }
  const { scopes, resources } = missing(prompt.details)
  return consentPage({
    action,
    client,
    user: session?.accountId ?? '',
    scopes: [...new Set([...scopes, ...resources.flatMap(([, names]) => names)])],
    audience: resources.map(([resource]) => wordOf(resource)),
  })
}

async function answer(provider: Provider, state: State, details: Details, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = await formOf(request)
  if (!form) return show(response, 413, errorPage('invalid_request', 'the form is too large'))
  if (details.prompt.name === 'login') {
    const name = form.get('username') ?? ''
    if (!passwordMatches(state, name, form.get('password') ?? '')) {
      return show(response, 200, pageFor(state, details, 'User and password do not belong together.'))
    }
    return provider.interactionFinished(request, response, { login: { accountId: name } }, { mergeWithLastSubmission: false })
  }
  if (form.get('answer') !== 'allow') {
    const refusal = { error: 'access_denied', error_description: 'the user said no' }
    return provider.interactionFinished(request, response, refusal, { mergeWithLastSubmission: false })
  }
  const grantId = await grant(provider, details)
  return provider.interactionFinished(request, response, { consent: { grantId } }, { mergeWithLastSubmission: true })
}

async function grant(provider: Provider, { grantId, session, params, prompt }: Details): Promise<string> {
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId)
  const given = known ?? new provider.Grant({ accountId: session?.accountId, clientId: String(params.client_id) })
  const { scopes, claims, resources } = missing(prompt.details)
  if (scopes.length > 0) given.addOIDCScope(scopes.join(' '))
  if (claims.length > 0) given.addOIDCClaims(claims)
  for (const [resource, names] of resources) given.addResourceScope(resource, names.join(' '))
  return given.save()
}

interface Missing {
  scopes: string[]
  claims: string[]
  resources: [resource: string, scopes: string[]][]
}

function missing(details: Details['prompt']['details']): Missing {
  const {
    missingOIDCScope = [],
    missingOIDCClaims = [],
    missingResourceScopes = {},
  } = details as {
    missingOIDCScope?: string[]
    missingOIDCClaims?: string[]
    missingResourceScopes?: Record<string, string[]>
  }
  return { scopes: missingOIDCScope, claims: missingOIDCClaims, resources: Object.entries(missingResourceScopes) }
}

async function formOf(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const pieces: Buffer[] = []
  let bytes = 0
  for await (const piece of request as AsyncIterable<Buffer>) {
    bytes += piece.length
    if (bytes > formBytes) return undefined
    pieces.push(piece)
  }
  return new URLSearchParams(Buffer.concat(pieces).toString('utf8'))
}

function show(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': Buffer.byteLength(html),
    'cache-control': 'no-store',
    // Nothing of this may be framed or load anything. form-action stays open: the answer leads to the client's own address.
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    'referrer-policy': 'no-referrer',
  })
  response.end(html)
}
