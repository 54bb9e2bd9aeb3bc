// The provider as applications meet it: by a stock OAuth client, and by its pages.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import * as oauth from 'openid-client'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { putClient } from './clients.js'
import { signInByPages } from './sign-in.js'
import { type IdentityProvider, startIdentityProvider } from './start.js'
import { openState, type State } from './state.js'
import { putUser, removeUser } from './users.js'

const dir = mkdtempSync(join(tmpdir(), 'aw-idp-'))
const redirect_uri = 'http://127.0.0.1:9/callback'
const faults: string[] = []
const insecure = { execute: [oauth.allowInsecureRequests] }
let provider: IdentityProvider
let state: State
let app: oauth.Configuration
let secrets: string[]
let alice: { name: string; password: string }

beforeAll(async () => {
  provider = await startIdentityProvider({ dir, port: 0, onFault: (message) => faults.push(message) })
  state = openState(dir)
  alice = putUser(state, 'alice')
  const { client_secret = '' } = putClient(state, { id: 'app', redirectUris: [redirect_uri] })
  secrets = [client_secret, alice.password]
  app = await oauth.discovery(new URL(provider.url), 'app', undefined, oauth.ClientSecretBasic(client_secret), insecure)
})
afterAll(async () => {
  state.close()
  await provider.stop()
  rmSync(dir, { recursive: true, force: true })
  expect(faults).toEqual([])
})

async function verified(token: string, audience: string) {
  return (await jwtVerify(token, createRemoteJWKSet(new URL(`${provider.url}/jwks`)), { issuer: provider.url, audience })).payload
}

async function signedIn(scope: string, more: Record<string, string> = {}, answer: 'allow' | 'deny' = 'allow') {
  const verifier = oauth.randomPKCECodeVerifier()
  const code_challenge = await oauth.calculatePKCECodeChallenge(verifier)
  const url = oauth.buildAuthorizationUrl(app, { redirect_uri, scope, state: 's1', code_challenge, code_challenge_method: 'S256', ...more })
  const back = await signInByPages(url.href, { provider: provider.url, username: alice.name, password: alice.password, answer })
  return { back: new URL(back), checks: { pkceCodeVerifier: verifier, expectedState: 's1' } }
}

describe('a user', () => {
  it('signs in, allows, and the client gets tokens that it can renew', async () => {
    const { back, checks } = await signedIn('openid email read:mail', { audience: 'https://mail.example.com' })
    const tokens = await oauth.authorizationCodeGrant(app, back, checks)
    expect(tokens.claims()).toMatchObject({ sub: 'alice', email: 'alice@example.com', iss: provider.url })
    expect(await verified(tokens.access_token, 'https://mail.example.com')).toMatchObject({ sub: 'alice', username: 'alice', client_id: 'app' })
    const renewed = await oauth.refreshTokenGrant(app, tokens.refresh_token ?? '')
    expect(await verified(renewed.access_token, 'https://mail.example.com')).toMatchObject({
      sub: 'alice',
      scope: expect.stringContaining('read:mail'),
    })
    // A refresh token that comes twice was stolen from somebody.
    await expect(oauth.refreshTokenGrant(app, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
  })

  it('says no, and the client hears it', async () => {
    const { back } = await signedIn('read:other', {}, 'deny')
    expect(back.searchParams.get('error')).toBe('access_denied')
    expect(back.searchParams.get('state')).toBe('s1')
  })

  it('does not get in with a wrong password', async () => {
    const url = oauth.buildAuthorizationUrl(app, { redirect_uri, scope: 'openid', state: 's' })
    const attempt = signInByPages(url.href, { provider: provider.url, username: 'alice', password: 'wrong' })
    await expect(attempt).rejects.toThrow('does not take this password of alice')
  })

  it('who was removed has no token any more', async () => {
    const { back, checks } = await signedIn('read:mail')
    const tokens = await oauth.authorizationCodeGrant(app, back, checks)
    removeUser(state, 'alice')
    await expect(oauth.refreshTokenGrant(app, tokens.refresh_token ?? '')).rejects.toMatchObject({ error: 'invalid_grant' })
    putUser(state, 'alice', alice.password)
  })
})

describe('a client', () => {
  it('gets a machine token for its audience and scopes', async () => {
    const tokens = await oauth.clientCredentialsGrant(app, { scope: 'tools/read', audience: 'my-agent' })
    expect(await verified(tokens.access_token, 'my-agent')).toMatchObject({ sub: 'app', client_id: 'app', scope: 'tools/read' })
    const usual = await oauth.clientCredentialsGrant(app)
    await verified(usual.access_token, 'agentworks')
    const named = await oauth.clientCredentialsGrant(app, { resource: 'https://api.example.com/v1' })
    await verified(named.access_token, 'https://api.example.com/v1')
  })

  it('exchanges a token of its user for one for another audience, by both grants', async () => {
    const { back, checks } = await signedIn('read:mail', { audience: 'agent' })
    const { access_token } = await oauth.authorizationCodeGrant(app, back, checks)
    const exchanged = await oauth.genericGrantRequest(app, 'urn:ietf:params:oauth:grant-type:token-exchange', {
      subject_token: access_token,
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      audience: 'https://calendar.example.com',
      scope: 'read:calendar',
    })
    const wanted = { sub: 'alice', act: { sub: 'app' }, scope: 'read:calendar' }
    expect(await verified(exchanged.access_token, 'https://calendar.example.com')).toMatchObject(wanted)
    const granted = await oauth.genericGrantRequest(app, 'urn:ietf:params:oauth:grant-type:jwt-bearer', { assertion: access_token, scope: 'a b' })
    expect(await verified(granted.access_token, 'app')).toMatchObject({ ...wanted, scope: 'a b' })
    const forged = { subject_token: `${access_token.slice(0, -4)}AAAA`, subject_token_type: 'urn:ietf:params:oauth:token-type:access_token' }
    await expect(oauth.genericGrantRequest(app, 'urn:ietf:params:oauth:grant-type:token-exchange', forged)).rejects.toMatchObject({
      error: 'invalid_grant',
      error_description: expect.stringContaining('subject_token is no token of this provider that is valid now'),
    })
    const odd = oauth.clientCredentialsGrant(app, { resource: 'urn:agentworks:audience:%' })
    await verified((await odd).access_token, 'urn:agentworks:audience:%')
  })

  it('that is public must use PKCE', async () => {
    putClient(state, { id: 'phone', redirectUris: [redirect_uri], authMethod: 'none' })
    const phone = await oauth.discovery(new URL(provider.url), 'phone', undefined, oauth.None(), insecure)
    const url = oauth.buildAuthorizationUrl(phone, { redirect_uri, scope: 'openid', state: 's' })
    const back = await fetch(url, { redirect: 'manual' })
    expect(new URL(back.headers.get('location') ?? '').searchParams.get('error')).toBe('invalid_request')
  })

  it('is refused with another secret, and sends nobody to an address that is not its own', async () => {
    const wrong = await oauth.discovery(new URL(provider.url), 'app', undefined, oauth.ClientSecretPost('x'), insecure)
    await expect(oauth.clientCredentialsGrant(wrong)).rejects.toMatchObject({ status: 401 })
    const url = oauth.buildAuthorizationUrl(app, { redirect_uri: 'http://evil.example/', scope: 'openid' })
    const answer = await fetch(url, { redirect: 'manual' })
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('redirect_uri')])
  })
})

describe('the provider', () => {
  it('answers for its own name alone, and for nothing but its pages', async () => {
    expect((await fetch(`${provider.url.replace('127.0.0.1', 'localhost')}/jwks`)).status).toBe(421)
    const stale = await fetch(`${provider.url}/interaction/none`)
    expect([stale.status, await stale.text()]).toEqual([400, expect.stringContaining('Start again')])
    const deleted = await fetch(`${provider.url}/interaction/none`, { method: 'DELETE' })
    expect(deleted.status).toBe(400)
  })

  it('keeps its keys and its clients over a restart, in files of its owner alone that hold no secret in the clear', async () => {
    const before = await oauth.clientCredentialsGrant(app)
    const port = Number(new URL(provider.url).port)
    await provider.stop()
    provider = await startIdentityProvider({ dir, port, onFault: (message) => faults.push(message) })
    // The first call may still meet a connection of before.
    await vi.waitFor(() => fetch(`${provider.url}/jwks`), 10_000)
    await verified(before.access_token, 'agentworks')
    await oauth.clientCredentialsGrant(app)
    for (const name of readdirSync(dir)) {
      const path = join(dir, name)
      if (name === 'key' || name === 'state.db') expect(statSync(path).mode & 0o777).toBe(0o600)
      const bytes = readFileSync(path, 'latin1')
      for (const secret of [...secrets, before.access_token]) expect(bytes.includes(secret), name).toBe(false)
    }
  })

  it('says so when its file came without its key', () => {
    const moved = mkdtempSync(join(tmpdir(), 'aw-idp-moved-'))
    copyFileSync(join(dir, 'state.db'), join(moved, 'state.db'))
    expect(() => openState(moved)).toThrow(/key is gone, and nothing else opens .*state\.db/)
    rmSync(moved, { recursive: true })
  })
})
