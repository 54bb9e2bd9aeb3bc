// Sign-ins that go wrong, by accident or on purpose, and authorization servers that answer with anything but tokens.
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { browse } from './authorization-server.fixture.js'
import { federated, resourceTokens, returnUrl } from './resource-tokens.fixture.js'

let world: Awaited<ReturnType<typeof resourceTokens>>
let answer: RequestListener = () => {}
const broken = createServer((request, response) => answer(request, response))
let brokenPlace = ''

beforeAll(async () => {
  await new Promise<void>((resolve) => broken.listen(0, '127.0.0.1', resolve))
  brokenPlace = `127.0.0.1:${(broken.address() as AddressInfo).port}`
  world = await resourceTokens([brokenPlace], 2_000)
})
afterAll(async () => {
  expect(world.opened.defects).toEqual([])
  await world.close()
  broken.closeAllConnections()
  broken.close()
})

async function begin(userId: string, asked = {}) {
  const workload = await world.workloadToken('shop', { userId })
  const begun = await world.token(workload, { ...federated, ...asked })
  const ask = () => world.token(workload, { ...federated, ...asked, sessionUri: begun.sessionUri })
  return { workload, ...begun, ask }
}

/** The address that the authorization server would send the browser to. */
async function callbackOf(authorizationUrl = '', query: Record<string, string> = {}) {
  const asked = new URL(authorizationUrl).searchParams
  const url = new URL(asked.get('redirect_uri') ?? '')
  url.search = new URLSearchParams({ state: asked.get('state') ?? '', iss: world.server.issuer, ...query }).toString()
  return url
}

const open = (url: URL | string, method = 'GET') => fetch(url, { redirect: 'manual', method })

describe('a sign-in', () => {
  it('that another user finishes ends for both', async () => {
    const { sessionUri, authorizationUrl, ask } = await begin('attacker')
    await world.consent(authorizationUrl)
    await expect(world.complete(sessionUri, 'victim')).rejects.toMatchObject({ name: 'AccessDeniedException' })
    // Not even the one who asked gets what the other consented to.
    await expect(world.complete(sessionUri, 'attacker')).rejects.toThrow('another user came back')
    expect(await ask()).toMatchObject({ sessionStatus: 'FAILED' })
  })

  it('is answered once: a replayed answer leads nowhere', async () => {
    const { authorizationUrl, sessionUri, ask } = await begin('replay')
    const before = world.server.seen.grants.length
    const callback = await callbackOf(authorizationUrl, { code: 'made-up' })
    const first = await open(callback)
    expect(new URL(first.headers.get('location') ?? '').searchParams.get('error')).toBe('server_error')
    const second = await open(callback)
    expect([second.status, await second.text()]).toEqual([400, expect.stringContaining('answered already')])
    expect(world.server.seen.grants.slice(before)).toMatchObject([{ code: 'made-up', status: 400 }])
    expect(await ask()).toMatchObject({ sessionStatus: 'FAILED' })
    await expect(world.complete(sessionUri, 'replay')).rejects.toThrow('the token endpoint answered invalid_grant')
  })

  it('has no use for the code of another', async () => {
    const one = await begin('one')
    const other = await begin('other')
    const stolen = await stoppedBeforeCallback(one.authorizationUrl)
    await open(await callbackOf(other.authorizationUrl, { code: stolen.searchParams.get('code') ?? '' }))
    expect(await other.ask()).toMatchObject({ sessionStatus: 'FAILED' })
  })

  it('expires after ten minutes, before the browser came back and after', async () => {
    const late = await begin('late')
    const consentedLate = await begin('consented-late')
    await world.consent(consentedLate.authorizationUrl)
    world.pass(10 * 60_000)
    const page = await open(await callbackOf(late.authorizationUrl, { code: 'x' }))
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('has expired')])
    expect(await late.ask()).toMatchObject({ sessionStatus: 'FAILED' })
    await expect(world.complete(consentedLate.sessionUri, 'consented-late')).rejects.toThrow('has expired after ten minutes')
    expect(await consentedLate.ask()).toMatchObject({ sessionStatus: 'FAILED' })
  })

  it('that the user denies goes back to the application and says so', async () => {
    const { authorizationUrl, sessionUri, ask } = await begin('no', { customState: 'mine' })
    world.server.seen.userSays = 'no'
    const url = await world.consent(authorizationUrl).finally(() => {
      world.server.seen.userSays = 'yes'
    })
    expect(Object.fromEntries(url.searchParams)).toEqual({ tenant: 'a', session_id: sessionUri, state: 'mine', error: 'access_denied' })
    expect(await ask()).toMatchObject({ sessionStatus: 'FAILED' })
    expect(world.opened.audited.at(-1)).toMatchObject({
      action: 'agentworks:OAuth2Callback',
      resource: expect.stringMatching(/oauth2credentialprovider\/idp$/),
      outcome: 'AccessDeniedException',
    })
    expect(JSON.stringify(world.opened.audited)).not.toContain('code')
  })

  it('comes to a page where there is no return URL; pages repeat nothing that was sent to them', async () => {
    const { authorizationUrl } = await begin('page', { resourceOauth2ReturnUrl: undefined })
    const bad = '<script>alert(1)</script>'
    const page = await open(await callbackOf(authorizationUrl, { error: bad, error_description: bad }))
    const text = await page.text()
    expect([page.status, page.headers.get('referrer-policy'), page.headers.get('cache-control')]).toEqual([400, 'no-referrer', 'no-store'])
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(text).not.toContain('script')
    const again = await begin('page', { resourceOauth2ReturnUrl: undefined })
    const callback = await stoppedBeforeCallback(again.authorizationUrl)
    expect((await open(callback, 'HEAD')).status).toBe(405)
    const done = await open(callback)
    expect([done.status, await done.text()]).toEqual([200, expect.stringContaining('You are signed in')])
    await world.complete(again.sessionUri, 'page')
    expect((await again.ask()).accessToken).toBeDefined()
  })

  it('is answered and bound once, however many say so at a time', async () => {
    const { authorizationUrl, sessionUri, ask } = await begin('crowd')
    const callback = await stoppedBeforeCallback(authorizationUrl)
    const before = world.server.seen.grants.length
    const answers = await Promise.all(Array.from({ length: 5 }, () => open(callback)))
    expect(answers.map(({ status }) => status).sort()).toEqual([302, 400, 400, 400, 400])
    expect(world.server.seen.grants.length - before).toBe(1)
    await Promise.all(Array.from({ length: 5 }, () => world.complete(sessionUri, 'crowd')))
    expect((await ask()).accessToken).toBeDefined()
  })

  it('is not found by a made-up state, nor at the callback of another provider', async () => {
    await world.provider('second')
    const { authorizationUrl, ask } = await begin('mixed')
    const callback = await callbackOf(authorizationUrl, { code: 'x' })
    const { callbackUrl = '' } = await world.provider('third')
    for (const url of [
      `${callbackUrl}${callback.search}`,
      `${callback.origin}${callback.pathname}?state=x&code=y`,
      `${callback.origin}${callback.pathname}`,
    ]) {
      const page = await open(url)
      expect([page.status, await page.text()]).toEqual([400, expect.stringContaining('belongs to no sign-in')])
    }
    expect(await ask()).toMatchObject({ sessionStatus: 'IN_PROGRESS' })
  })

  it('ends where the vault lost what it was begun with, whoever asks next', async () => {
    const { store } = world.opened.world
    const scope = { account: '000000000000', region: 'us-east-1' }
    const lost = async (userId: string) => {
      const begun = await begin(userId)
      const id = begun.sessionUri?.split(':').at(-1) ?? ''
      return { ...begun, lose: () => store.transaction((tx) => tx.delete({ name: 'vault-entries' }, scope, `session/${id}`)) }
    }
    const [polled, back, consented] = [await lost('lost-1'), await lost('lost-2'), await lost('lost-3')]
    await polled.lose()
    expect(await polled.ask()).toMatchObject({ sessionStatus: 'FAILED' })
    await back.lose()
    expect((await open(await callbackOf(back.authorizationUrl, { code: 'x' }))).status).toBe(400)
    expect(await back.ask()).toMatchObject({ sessionStatus: 'FAILED' })
    await world.consent(consented.authorizationUrl)
    await consented.lose()
    await expect(world.complete(consented.sessionUri, 'lost-3')).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('the vault has lost'),
    })
  })

  it('that is asked for anew is not answered by a renewal of the old one that was on its way', async () => {
    const { issuer } = world.server
    const authorizationServerMetadata = { issuer, authorizationEndpoint: `${issuer}/auth`, tokenEndpoint: `http://${brokenPlace}/token` }
    await world.provider('renewing', { oauthDiscovery: { authorizationServerMetadata } })
    const asked = { resourceCredentialProviderName: 'renewing' }
    const tokens = (access_token: string) => JSON.stringify({ access_token, token_type: 'bearer', refresh_token: 'r', expires_in: 1 })
    const json = { 'content-type': 'application/json' }
    answer = (_request, response) => response.writeHead(200, json).end(tokens('the-old-one'))
    const { workload, authorizationUrl, sessionUri } = await begin('renewed', asked)
    await world.consent(authorizationUrl)
    await world.complete(sessionUri, 'renewed')
    world.pass(2_000)
    const renewal = new Promise<() => void>((came) => {
      answer = (_request, response) => came(() => response.writeHead(200, json).end(tokens('the-old-one-renewed')))
    })
    const before = world.token(workload, { ...federated, ...asked })
    const finish = await renewal
    expect((await world.token(workload, { ...federated, ...asked, forceAuthentication: true })).accessToken).toBeUndefined()
    finish()
    expect((await before).accessToken).toBeUndefined()
    expect((await world.token(workload, { ...federated, ...asked })).accessToken).toBeUndefined()
  })

  it('goes on after a restart, from wherever it was; on disk everything is sealed', async () => {
    const begun = await begin('restart', { scopes: ['openid', 'offline_access'], customParameters: { prompt: 'consent' } })
    const consented = await begin('restart-2')
    await world.consent(consented.authorizationUrl)
    await world.restart()
    // The platform listens on another port now; where the browser comes back to was said before.
    const callback = await stoppedBeforeCallback(begun.authorizationUrl)
    await open(`${world.opened.url}${callback.pathname}${callback.search}`)
    await world.complete(begun.sessionUri, 'restart')
    await world.complete(consented.sessionUri, 'restart-2')
    const { accessToken = '' } = await begun.ask()
    expect(accessToken).not.toBe('')
    expect((await consented.ask()).accessToken).toBeDefined()
    const state = new URL(begun.authorizationUrl ?? '').searchParams.get('state') ?? ''
    const files = ['database', 'database-wal'].map((name) => readFileSync(`${world.opened.dir}/${name}`, 'latin1')).join('')
    expect([accessToken, state].filter((secret) => files.includes(secret))).toEqual([])
  })
})

/** As far as the browser would be sent back to the platform. */
async function stoppedBeforeCallback(authorizationUrl = ''): Promise<URL> {
  return (await browse(authorizationUrl, new URL(authorizationUrl).searchParams.get('redirect_uri') ?? returnUrl)).url
}

describe('an authorization server', () => {
  const rows: [what: string, answer: RequestListener, says: string][] = [
    ['answers HTML', (_request, response) => response.setHeader('content-type', 'text/html').end('<h1>welcome</h1>'), 'gave no answer of OAuth 2.0'],
    ['answers 500', (_request, response) => response.writeHead(500).end('boom'), 'status 500'],
    [
      'answers JSON that is no token',
      (_request, response) => response.setHeader('content-type', 'application/json').end('{"hello":1}'),
      'gave no answer',
    ],
    ['answers more than it should', (_request, response) => response.end(Buffer.alloc(3 * 2 ** 20)), 'more than 1048576 bytes'],
    ['never answers', () => {}, 'did not answer within 2 s'],
    ['hangs up', (request) => request.socket.destroy(), 'could not be reached'],
    [
      'redirects elsewhere',
      (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
      'no token from the provider',
    ],
    [
      'says no with what it was sent',
      (request, response) => {
        const sent = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64').toString()
        response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error: 'invalid_scope', error_description: sent }))
      },
      'the token endpoint answered invalid_scope',
    ],
  ]
  it.each(rows)('that %s is told by name, and tells no secret', async (what, listener, says) => {
    answer = listener
    const name = `broken-${rows.findIndex((row) => row[0] === what)}`
    const base = `http://${brokenPlace}`
    const authorizationServerMetadata = { issuer: base, authorizationEndpoint: `${base}/auth`, tokenEndpoint: `${base}/token` }
    await world.provider(name, { oauthDiscovery: { authorizationServerMetadata } })
    const refused = await world.token(await world.workloadToken(), { resourceCredentialProviderName: name }).catch((fault: Error) => fault)
    expect(refused).toMatchObject({ name: 'ValidationException', message: expect.stringContaining(says) })
    expect((refused as Error).message).not.toContain('the-secret-of-the-agent')
  })

  it('is not called where the platform may not call', async () => {
    const discoveryUrl = 'https://127.0.0.1:1/.well-known/openid-configuration'
    await world.provider('inside', { oauthDiscovery: { discoveryUrl } })
    await expect(world.token(await world.workloadToken(), { resourceCredentialProviderName: 'inside' })).rejects.toThrow('--allow-egress 127.0.0.1:1')
  })
})
