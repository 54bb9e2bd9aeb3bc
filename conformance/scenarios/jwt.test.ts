// Runtimes with a JWT authorizer, called as bearer callers call them: by plain HTTPS clients, with tokens of a stock provider.
import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { GetAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { CompactSign, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect } from 'vitest'
import { WebSocket } from 'ws'
import { createAgent } from '../agents.fixture.ts'
import { type Guarded, openGuarded } from '../bearer.fixture.ts'
import { errorOf, invoke } from '../invoke.fixture.ts'
import { audience, clientId, newKey } from '../oidc-issuer.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const mismatch = (claim: string) => `Claim '${claim}' value mismatch with configuration.`
let world: Guarded
let issuer: Guarded['issuer']
let platform: Guarded['platform']
let clients: Guarded['clients']
let agentRuntimeArn: Guarded['agentRuntimeArn']
let authorizer: Guarded['authorizer']
let pathOf: Guarded['pathOf']
let call: Guarded['call']
let challenge: Guarded['challenge']
let refused: Guarded['refused']
beforeAll(async () => {
  world = await openGuarded()
  ;({ issuer, platform, clients, agentRuntimeArn, authorizer, pathOf, call, challenge, refused } = world)
}, 60_000)
afterAll(() => world.close())

scenario('jwt.accepted', 'raw', async () => {
  const token = await issuer.token()
  const answer = await call(token)
  expect(answer).toMatchObject({ status: 200, body: { headers: { authorization: `Bearer ${token}` } } })
  expect((await call(token, { rest: 'invocations?qualifier=DEFAULT' })).status).toBe(200)

  const command = await call(token, { rest: 'commands', body: JSON.stringify({ command: 'echo hello' }) })
  expect(command.status).toBe(200)
  expect(command.body).toContain('hello')
  expect(await call(token, { rest: 'stopruntimesession', body: '{}' })).toMatchObject({ status: 200 })

  const { authorizerConfiguration } = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId: agentRuntimeArn.split('/').at(-1) }))
  expect(authorizerConfiguration).toEqual(world.configured)
  const silent = await createAgent(clients, { name: 'silent', authorizerConfiguration: authorizer() })
  expect((await call(token, { arn: silent.agentRuntimeArn })).body.headers).not.toHaveProperty('authorization')
  // Of a user with many groups: as long as a token may be.
  const long = await issuer.signed({ groups: 'g'.repeat(11_000) })
  expect(long.length).toBeGreaterThan(15_000)
  expect((await call(long, { arn: silent.agentRuntimeArn })).status).toBe(200)
  expect(await call(token, { headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-User-Id': 'somebody' } })).toMatchObject({
    status: 400,
    body: { message: expect.stringContaining('User-Id') },
  })
})

scenario('jwt.refused', 'raw', async () => {
  const now = Math.floor(Date.now() / 1000)
  const rows: readonly [why: string, claims: JWTPayload, expected: number | string][] = [
    ['good', {}, 200],
    ['one of several audiences', { aud: ['https://other.example.com', audience] }, 200],
    ['one of several scopes', { scope: 'other admin' }, 200],
    ['scopes as the list scp', { scope: undefined, scp: ['read'] }, 200],
    ['expired within the clock difference', { exp: now - 20 }, 200],
    ['expired', { exp: now - 120 }, 'Token has expired'],
    ['without an end', { exp: undefined }, "Claim 'exp' is missing or is not a number"],
    ['not yet valid', { nbf: now + 600 }, 'Token is not yet valid'],
    ['of another issuer', { iss: 'https://other.example.com' }, mismatch('iss')],
    ['of the issuer with a slash more', { iss: `${issuer.issuer}/` }, mismatch('iss')],
    ['without an issuer', { iss: undefined }, mismatch('iss')],
    ['for nobody', { sub: undefined }, "Claim 'sub' is missing or is not a text"],
    ['for another audience', { aud: 'https://other.example.com' }, mismatch('aud')],
    ['without an audience', { aud: undefined }, mismatch('aud')],
    ['for another client', { client_id: 'other' }, mismatch('client_id')],
    ['without a client', { client_id: undefined }, mismatch('client_id')],
    ['with another scope', { scope: 'write reader' }, mismatch('scope')],
    ['without scopes', { scope: undefined }, mismatch('scope')],
    ['with a list where a text is asked for', { client_id: [clientId] as never }, mismatch('client_id')],
  ]
  for (const [why, claims, expected] of rows) {
    const answer = await call(await issuer.signed(claims))
    if (typeof expected === 'number') expect(answer, why).toMatchObject({ status: expected })
    else expect(answer, why).toEqual(refused(expected))
  }
})

scenario('jwt.forged', 'raw', async () => {
  const good = { iss: issuer.issuer, sub: 'user-1', aud: audience, client_id: clientId, scope: 'read' }
  const none = new UnsecuredJWT(good).setExpirationTime('10m').encode()
  const algorithm = 'Token is signed by an algorithm that is not accepted; use RS256, ES256 or another one with a public key'
  expect(await call(none)).toEqual(refused(algorithm))
  const published = Buffer.from(JSON.stringify(issuer.key.jwk))
  const symmetric = await new SignJWT(good).setProtectedHeader({ alg: 'HS256', kid: 'first' }).setExpirationTime('10m').sign(published)
  expect(await call(symmetric)).toEqual(refused(algorithm))

  const stranger = await newKey('stranger')
  expect(await call(await issuer.signed({}, { kid: 'stranger' }, stranger))).toEqual(
    refused('Token is signed by a key that its issuer does not publish'),
  )
  const impostor = await issuer.signed({}, {}, stranger)
  expect(await call(impostor)).toEqual(refused('Token signature is not valid'))
  const [head, , signature] = (await issuer.signed()).split('.')
  const changed = Buffer.from(JSON.stringify({ ...good, sub: 'admin', exp: 9e9 })).toString('base64url')
  expect(await call(`${head}.${changed}.${signature}`)).toEqual(refused('Token signature is not valid'))
  const embedded = await new SignJWT(good)
    .setProtectedHeader({ alg: 'RS256', kid: 'first', jwk: stranger.jwk, jku: 'https://attacker.example.com/jwks' })
    .setExpirationTime('10m')
    .sign(stranger.privateKey)
  expect(await call(embedded)).toEqual(refused('Token signature is not valid'))

  for (const text of ['not.a.token', 'x', 'a.b.c.d.e', `${'a'.repeat(20_000)}.b.c`])
    expect(await call(text)).toMatchObject({
      status: 403,
      type: 'AccessDeniedException',
      body: { message: expect.stringMatching(/^OAuth authorization failed: /) },
    })
  for (const authorization of ['Bearer', 'Bearer ', 'bearer  '])
    expect(await call(undefined, { headers: { authorization } })).toEqual(refused('Missing Authentication Token'))
  expect(platform.log()).not.toContain(impostor)
})

scenario('jwt.malformed', 'raw', async () => {
  const part = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
  const header = { alg: 'RS256', kid: 'first' }
  const signedText = (text: string | Uint8Array) => new CompactSign(Buffer.from(text)).setProtectedHeader(header).sign(issuer.key.privateKey)
  const heads = [
    null,
    [],
    1,
    { alg: 1 },
    { alg: 'RS256', kid: {} },
    { ...header, crit: ['x'] },
    { ...header, b64: false, crit: ['b64'] },
    { alg: 'dir' },
  ]
  const good = { iss: issuer.issuer, sub: 'user-1', aud: audience, client_id: clientId, scope: 'read', exp: 9e9 }
  const wrong = [
    { exp: 'x' },
    { exp: 1e300 },
    { exp: null },
    { nbf: {} },
    { aud: {} },
    { aud: [{}] },
    { scope: {} },
    { sub: {} },
    { sub: '' },
    { iss: {} },
    { client_id: 1 },
  ]
  const tokens = [
    ...['.', '..', 'a.b', 'a.b.c.d', 'é', 'a'.repeat(60_000)],
    ...heads.map((head) => `${part(head)}.${part(good)}.AA`),
    ...(await Promise.all(['null', '[]', '"text"', '{', Buffer.from([0xff])].map(signedText))),
    ...(await Promise.all(wrong.map((claims) => signedText(JSON.stringify({ ...good, ...claims }))))),
  ]
  for (const token of tokens) expect([401, 403], token.slice(0, 100)).toContain((await call(token)).status)
  expect((await call(await signedText(JSON.stringify({ ...good, sub: 'a\n\u001b[31m' })))).status).toBe(200)

  const token = await issuer.signed()
  for (const name of [
    '%',
    '%E0%A4%A',
    '%00',
    '__proto__',
    '..%2f',
    'a'.repeat(5_000),
    'arn%3Aaws%3As3%3A%3A%3Ab',
    'arn%3Aaws%3Abedrock-agentcore%3A%3A%3Aruntime%2Fx',
  ])
    for (const headers of [{}, { authorization: `Bearer ${token}` }])
      expect([400, 403], name).toContain(
        (await fetch(`${platform.url}/runtimes/${name}/invocations`, { method: 'POST', body: '{}', headers })).status,
      )
  for (const query of ['qualifier=', 'qualifier=%00', 'qualifier=%E0%A4%A', 'qualifier=a&qualifier=b', 'accountId=111111111111'])
    expect([400, 404], query).toContain((await call(token, { rest: `invocations?${query}` })).status)
})

const json = (value: unknown) => (_: unknown, response: ServerResponse) => response.end(JSON.stringify(value))

/** A runtime of its own issuer address, which nothing is remembered of. */
async function guardedBy(path: string, name: string): Promise<string> {
  const discoveryUrl = `${issuer.issuer}${path}/.well-known/openid-configuration`
  return (await createAgent(clients, { name, authorizerConfiguration: authorizer({ discoveryUrl }) })).agentRuntimeArn
}

scenario('jwt.keys', 'raw', async () => {
  const path = (name: string) => `/${name}/.well-known/openid-configuration`
  const document = (name: string, jwks_uri = `${issuer.issuer}/${name}/jwks`) => json({ issuer: issuer.issuer, jwks_uri })
  issuer.takeOver(path('rotating'), document('rotating'))
  issuer.takeOver('/rotating/jwks', json({ keys: [issuer.key.jwk] }))
  const rotating = { arn: await guardedBy('/rotating', 'rotating') }
  const next = await newKey('next', 'ES256')
  const rotated = await issuer.signed({}, { alg: 'ES256', kid: 'next' }, next)
  const before = await issuer.signed()
  expect((await call(before, rotating)).status).toBe(200)
  expect((await call(rotated, rotating)).status).toBe(401)
  issuer.takeOver('/rotating/jwks', json({ keys: [next.jwk] }))
  expect((await call(rotated, rotating)).status).toBe(200)
  // The first key is published no more: what it signed, accepted before, is so no more.
  expect((await call(before, rotating)).body).toEqual({ message: 'Token is signed by a key that its issuer does not publish' })

  // Whoever sends unknown keys makes the platform ask a few times, and no more.
  for (let count = 0; count < 20; count += 1) await call(await issuer.signed({}, { kid: `unknown-${count}` }), rotating)
  expect(issuer.asked('/rotating/jwks')).toBeLessThan(15)

  const faults: Record<string, () => void> = {
    down: () => issuer.takeOver('/down/jwks', (request) => request.socket.destroy()),
    failing: () => issuer.takeOver('/failing/jwks', (_, response) => response.writeHead(500).end('<html>')),
    html: () => issuer.takeOver('/html/jwks', (_, response) => response.end('<html>')),
    huge: () => issuer.takeOver('/huge/jwks', json({ keys: Array.from({ length: 20_000 }, () => issuer.key.jwk) })),
    keyless: () => issuer.takeOver('/keyless/jwks', json({ keys: 'none' })),
    slow: () => issuer.takeOver('/slow/jwks', () => undefined),
    private: () => issuer.takeOver(path('private'), (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()),
    elsewhere: () => issuer.takeOver(path('elsewhere'), document('elsewhere', 'http://10.0.0.1/jwks')),
    nameless: () => issuer.takeOver(path('nameless'), json({ jwks_uri: `${issuer.issuer}/jwks` })),
  }
  const token = await issuer.signed()
  await Promise.all(
    Object.entries(faults).map(async ([name, begin]) => {
      issuer.takeOver(path(name), document(name))
      begin()
      expect(await call(token, { arn: await guardedBy(`/${name}`, name) }), name).toMatchObject({ status: 503, type: 'ServiceUnavailableException' })
    }),
  )
  issuer.takeOver('/failing/jwks', json({ keys: [issuer.key.jwk] }))
  const arn = await guardedBy('/failing', 'mended')
  expect((await call(token, { arn })).status).toBe(200)
  expect((await call(await issuer.signed())).status).toBe(200)
})

scenario('jwt.method', 'js', async () => {
  expect(await errorOf(invoke(clients, agentRuntimeArn, {}))).toMatchObject({
    name: 'AccessDeniedException',
    status: 403,
    message: expect.stringMatching(/^Authorization method mismatch\./),
  })
  const signed = await createAgent(clients, { name: 'signed' })
  const bearer = await call(await issuer.signed(), { arn: signed.agentRuntimeArn })
  expect(bearer).toMatchObject({ status: 403, challenge: null, body: { message: expect.stringMatching(/^Authorization method mismatch\./) } })
  expect(await call(undefined, { arn: signed.agentRuntimeArn })).toMatchObject({
    status: 403,
    type: 'MissingAuthenticationTokenException',
    challenge: null,
  })
  // Strangers do not learn which runtimes there are.
  const none = await call(await issuer.signed(), { arn: `${signed.agentRuntimeArn.slice(0, -10)}0123456789` })
  expect(none).toEqual(bearer)
  // A token opens what it is invoked by, and nothing else.
  expect(await call(await issuer.signed(), { rest: '', method: 'GET' })).toMatchObject({ status: 403, type: 'AccessDeniedException' })
})

scenario('jwt.websocket', 'raw', async () => {
  const token = await issuer.signed()
  const address = pathOf(agentRuntimeArn, 'ws').replace('http', 'ws')
  const browsers = (bearer: string) => [`base64UrlBearerAuthorization.${Buffer.from(bearer).toString('base64url')}`, 'base64UrlBearerAuthorization']
  const byHeader = new WebSocket(address, { headers: { authorization: `Bearer ${token}` } })
  const bySubprotocol = new WebSocket(address, browsers(token))
  const messages = await Promise.all([once(byHeader, 'message'), once(bySubprotocol, 'message')])
  for (const [message] of messages) {
    expect(JSON.parse(String(message))).toMatchObject({ authorization: `Bearer ${token}` })
    expect(String(message)).not.toContain('base64UrlBearerAuthorization')
  }
  byHeader.close()
  bySubprotocol.close()
  expect(bySubprotocol.protocol).toBe('base64UrlBearerAuthorization')
  const shell = new WebSocket(`${address}/shells`, browsers(token))
  const [status] = await once(shell, 'message')
  expect(String(status)).toContain('shellId')
  shell.close()
  const expired = new WebSocket(address, browsers(await issuer.signed({ exp: 1 })))
  const [, response] = await once(expired, 'unexpected-response')
  expect(response).toMatchObject({ statusCode: 401, headers: { 'www-authenticate': challenge() } })
  response.destroy()
})
