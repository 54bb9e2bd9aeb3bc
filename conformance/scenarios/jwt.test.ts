// Runtimes with a JWT authorizer, called as bearer callers call them: by plain HTTPS clients, with tokens of a stock provider.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import type { ServerResponse } from 'node:http'
import { join } from 'node:path'
import { GetWorkloadAccessTokenForJWTCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateWorkloadIdentityCommand, GetAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { type JWTPayload, SignJWT, UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, expect } from 'vitest'
import { WebSocket } from 'ws'
import { createAgent } from '../agents.fixture.ts'
import { typed } from '../cli.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { audience, clientId, newKey, type OidcIssuer, openOidcIssuer } from '../oidc-issuer.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const jwksPath = '/jwks'
let issuer: OidcIssuer
let platform: RunningPlatform
let clients: Clients
let agentRuntimeArn: string

const authorizer = (more: object = {}) => ({
  customJWTAuthorizer: {
    discoveryUrl: issuer.discoveryUrl,
    allowedAudience: [audience],
    allowedClients: [clientId],
    allowedScopes: ['read', 'admin'],
    ...more,
  },
})

/** Says by HTTP and, without being asked, by WebSocket what headers it got. RFC 6455 by hand, as far as one message needs it. */
const agent = `
const { createHash } = require('node:crypto')
const server = require('node:http').createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ status: 'Healthy', headers: request.headers }))
})
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64')
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: websocket\\r\\nConnection: Upgrade\\r\\nSec-WebSocket-Accept: ' + accept + '\\r\\n\\r\\n')
  const text = Buffer.from(JSON.stringify(request.headers))
  socket.write(Buffer.concat([Buffer.from([0x81, 126, text.length >> 8, text.length & 255]), text]))
  socket.on('error', () => undefined)
})
server.listen(8080)`

beforeAll(async () => {
  issuer = await openOidcIssuer()
  platform = await startPlatform(newDataDir(), { AGENTWORKS_ALLOW_EGRESS: issuer.host, AGENTWORKS_ISOLATION: 'process' })
  clients = clientsOf(platform)
  ;({ agentRuntimeArn } = await createAgent(clients, {
    name: 'guarded',
    files: { 'main.js': agent },
    requestHeaderAllowlist: ['Authorization'],
    authorizerConfiguration: authorizer({
      customClaims: [
        {
          inboundTokenClaimName: 'client_id',
          inboundTokenClaimValueType: 'STRING',
          authorizingClaimMatchValue: { claimMatchOperator: 'EQUALS', claimMatchValue: { matchValueString: clientId } },
        },
      ],
    }),
  }))
}, 60_000)
afterAll(async () => {
  await removeDataDir(platform)
  await issuer.close()
})

const pathOf = (arn: string, rest = 'invocations') => `${platform.url}/runtimes/${encodeURIComponent(arn)}/${rest}`

interface Call {
  arn?: string
  rest?: string
  method?: string
  headers?: Record<string, string>
  body?: string | undefined
}

async function call(token: string | undefined, { arn = agentRuntimeArn, rest, method = 'POST', headers = {}, body = '{}' }: Call = {}) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` }
  const response = await fetch(pathOf(arn, rest), {
    method,
    headers: { 'content-type': 'application/json', 'x-amzn-bedrock-agentcore-runtime-session-id': session('jwt'), ...authorization, ...headers },
    ...(method === 'POST' && { body }),
  })
  const text = await response.text()
  return {
    status: response.status,
    type: response.headers.get('x-amzn-errortype'),
    challenge: response.headers.get('www-authenticate'),
    body: text.startsWith('{') ? JSON.parse(text) : text,
  }
}

const challenge = (arn = agentRuntimeArn) => `Bearer resource_metadata="${pathOf(arn)}/.well-known/oauth-protected-resource?qualifier=DEFAULT"`
const refused = (message: string) => ({ status: 401, type: 'UnauthorizedException', challenge: challenge(), body: { message } })
const mismatch = (claim: string) => `Claim '${claim}' value mismatch with configuration.`

scenario('jwt.accepted', 'raw', async () => {
  const token = await issuer.token()
  const answer = await call(token)
  expect(answer).toMatchObject({ status: 200, body: { headers: { authorization: `Bearer ${token}` } } })
  expect((await call(token, { rest: 'invocations?qualifier=DEFAULT' })).status).toBe(200)

  const command = await call(token, { rest: 'commands', body: JSON.stringify({ command: 'echo hello' }) })
  expect(command.status).toBe(200)
  expect(command.body).toContain('hello')
  expect(await call(token, { rest: 'stopruntimesession', body: '{}' })).toMatchObject({ status: 200 })

  // A new version may pass nothing on, and the next may ask for something else.
  const { authorizerConfiguration } = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId: agentRuntimeArn.split('/').at(-1) }))
  expect(authorizerConfiguration).toEqual(authorizer(authorizerConfiguration?.customJWTAuthorizer))
  const silent = await createAgent(clients, { name: 'silent', authorizerConfiguration: authorizer() })
  expect((await call(token, { arn: silent.agentRuntimeArn })).body.headers).not.toHaveProperty('authorization')
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

const json = (value: unknown) => (_: unknown, response: ServerResponse) => response.end(JSON.stringify(value))

/** A runtime of its own issuer address, which nothing is remembered of. */
async function guardedBy(path: string, name: string): Promise<string> {
  const discoveryUrl = `${issuer.issuer}${path}/.well-known/openid-configuration`
  return (await createAgent(clients, { name, authorizerConfiguration: authorizer({ discoveryUrl }) })).agentRuntimeArn
}

scenario('jwt.keys', 'raw', async () => {
  const next = await newKey('next', 'ES256')
  const rotated = await issuer.signed({}, { alg: 'ES256', kid: 'next' }, next)
  const before = await issuer.signed()
  expect((await call(before)).status).toBe(200)
  expect((await call(rotated)).status).toBe(401)
  issuer.takeOver(jwksPath, json({ keys: [next.jwk] }))
  expect((await call(rotated)).status).toBe(200)
  // The first key is published no more: what it signed, accepted before, is so no more.
  expect(await call(before)).toEqual(refused('Token is signed by a key that its issuer does not publish'))
  issuer.takeOver(jwksPath)

  // Whoever sends unknown keys makes the platform ask a few times, and no more.
  const asked = issuer.asked(jwksPath)
  for (let count = 0; count < 20; count += 1) await call(await issuer.signed({}, { kid: `unknown-${count}` }))
  expect(issuer.asked(jwksPath) - asked).toBeLessThan(8)

  const path = (name: string) => `/${name}/.well-known/openid-configuration`
  const document = (name: string, jwks_uri = `${issuer.issuer}/${name}/jwks`) => json({ issuer: issuer.issuer, jwks_uri })
  const faults: Record<string, () => void> = {
    down: () => issuer.takeOver('/down/jwks', (request) => request.socket.destroy()),
    failing: () => issuer.takeOver('/failing/jwks', (_, response) => response.writeHead(500).end('<html>')),
    html: () => issuer.takeOver('/html/jwks', (_, response) => response.end('<html>')),
    huge: () => issuer.takeOver('/huge/jwks', json({ keys: Array.from({ length: 20_000 }, () => issuer.key.jwk) })),
    keyless: () => issuer.takeOver('/keyless/jwks', json({ keys: 'none' })),
    slow: () => issuer.takeOver('/slow/jwks', () => undefined),
    private: () => issuer.takeOver(path('private'), (_, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()),
    elsewhere: () => issuer.takeOver(path('elsewhere'), document('elsewhere', 'http://10.0.0.1/jwks')),
    nameless: () => issuer.takeOver(path('nameless'), json({ jwks_uri: `${issuer.issuer}${jwksPath}` })),
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

scenario('jwt.metadata', 'raw', async () => {
  const anonymous = await call(undefined)
  expect(anonymous).toEqual(refused('Missing Authentication Token'))
  const [, address = ''] = /resource_metadata="([^"]+)"/.exec(anonymous.challenge ?? '') ?? []
  const response = await fetch(address)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual({
    resource: `${pathOf(agentRuntimeArn)}?qualifier=DEFAULT`,
    authorization_servers: [issuer.issuer],
    bearer_methods_supported: ['header'],
    scopes_supported: ['read', 'admin'],
  })
  const nobody = address.replace('guarded', 'nobody')
  expect((await fetch(nobody)).status).toBe(404)
  expect((await fetch(address, { method: 'POST' })).status).toBe(405)

  const mcp = await createAgent(clients, {
    name: 'mcp',
    serverProtocol: 'MCP',
    authorizerConfiguration: authorizer({ advertisedScopeMapping: { read: 'api:read' } }),
  })
  expect(await call(undefined, { arn: mcp.agentRuntimeArn })).toMatchObject({
    status: 401,
    challenge: challenge(mcp.agentRuntimeArn),
    body: { jsonrpc: '2.0', error: { code: -32001, message: 'Missing Authentication Token' } },
  })
  expect(await (await fetch(`${pathOf(mcp.agentRuntimeArn)}/.well-known/oauth-protected-resource`)).json()).toMatchObject({
    scopes_supported: ['api:read', 'admin'],
  })
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
  const expired = new WebSocket(address, browsers(await issuer.signed({ exp: 1 })))
  const [, response] = await once(expired, 'unexpected-response')
  expect(response).toMatchObject({ statusCode: 401, headers: { 'www-authenticate': challenge() } })
  response.destroy()
})

scenario('jwt.settings', 'js', async () => {
  const field = 'authorizerConfiguration.customJWTAuthorizer'
  const privateEndpoint = { selfManagedLatticeResource: { resourceConfigurationIdentifier: 'rcfg-0123456789abcdef0' } }
  const { discoveryUrl } = issuer
  const rule = (inboundTokenClaimValueType: 'STRING' | 'STRING_ARRAY', claimMatchOperator: 'EQUALS' | 'CONTAINS_ANY') => ({
    inboundTokenClaimName: 'groups',
    inboundTokenClaimValueType,
    authorizingClaimMatchValue: { claimMatchOperator, claimMatchValue: { matchValueString: 'a' } },
  })
  const rows: [customJWTAuthorizer: object, message: string][] = [
    [{ discoveryUrl }, `${field}: must have one of`],
    [{ discoveryUrl: 'https://issuer.example.com', allowedClients: ['a'] }, `${field}.discoveryUrl`],
    [{ discoveryUrl: 'ftp://issuer/.well-known/openid-configuration', allowedClients: ['a'] }, `${field}.discoveryUrl`],
    [{ discoveryUrl, allowedClients: ['a'], privateEndpoint }, `${field}.privateEndpoint`],
    [
      { discoveryUrl, allowedClients: ['a'], privateEndpointOverrides: [{ domain: 'a.example', privateEndpoint }] },
      `${field}.privateEndpointOverrides`,
    ],
    [{ discoveryUrl, allowedClients: ['a'], allowedWorkloadConfiguration: { workloadIdentities: ['abc'] } }, `${field}.allowedWorkloadConfiguration`],
    [{ discoveryUrl, allowedScopes: ['a'], advertisedScopeMapping: { b: 'c' } }, `${field}.advertisedScopeMapping.b`],
    [{ discoveryUrl, customClaims: [rule('STRING_ARRAY', 'EQUALS')] }, `${field}.customClaims[0]`],
    [{ discoveryUrl, customClaims: [rule('STRING_ARRAY', 'CONTAINS_ANY')] }, `${field}.customClaims[0]`],
  ]
  for (const [customJWTAuthorizer, message] of rows) {
    const created = createAgent(clients, { name: 'wrong', authorizerConfiguration: { customJWTAuthorizer } as never })
    expect(await errorOf(created), message).toMatchObject({ name: 'ValidationException', message: expect.stringContaining(message) })
  }
  const allowed = createAgent(clients, { name: 'wrong', requestHeaderAllowlist: ['Authorization'] })
  expect(await errorOf(allowed)).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('requestHeaderAllowlist[0]') })
})

scenario('jwt.workload', 'js', async () => {
  await clients.control.send(new CreateWorkloadIdentityCommand({ name: 'acts-for-users' }))
  const send = (userToken: string) => clients.data.send(new GetWorkloadAccessTokenForJWTCommand({ workloadName: 'acts-for-users', userToken }))
  expect((await send(await issuer.signed())).workloadAccessToken).toMatch(/^v1\./)
  const impostor = await newKey('first')
  const bad = [issuer.signed({ exp: 1 }), issuer.signed({ nbf: 9e9, exp: 9.1e9 }), issuer.signed({}, {}, impostor)]
  for (const token of await Promise.all(bad)) expect(await errorOf(send(token))).toMatchObject({ name: 'UnauthorizedException', status: 401 })
  for (const iss of ['http://169.254.169.254/latest', 'nobody'])
    expect(await errorOf(send(await issuer.signed({ iss })))).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('userToken'),
    })
})

scenario('jwt.cli', 'raw', async () => {
  const checked = await typed(platform, ['identity', 'check', issuer.discoveryUrl])
  expect(checked).toMatchObject({ code: 0, stdout: expect.stringContaining(`issuer: ${issuer.issuer}`) })
  expect(checked.stdout).toMatch(/clock: -?\d s from ours/)
  expect(checked.stdout).toMatch(/first\s+RS256\s+RSA/)
  const closed = await typed(platform, ['identity', 'check', 'http://127.0.0.1:9/.well-known/openid-configuration'])
  expect(closed).toMatchObject({ code: 1, stderr: expect.stringContaining('--allow-egress') })

  const token = await issuer.signed({ aud: 'other', exp: 1 })
  const explained = await typed(platform, ['identity', 'explain', '-', '--runtime', 'guarded'], token)
  expect(explained.code).toBe(0)
  for (const line of [
    /holds\s+signature/,
    /FAILS\s+exp/,
    /FAILS\s+aud .*must hold one of allowedAudience/,
    /holds\s+scope/,
    /guarded refuses this token/,
  ])
    expect(explained.stdout).toMatch(line)
  const file = join(platform.dataDir, 'token.txt')
  writeFileSync(file, `${await issuer.signed()}\n`)
  expect((await typed(platform, ['identity', 'explain', file, '--runtime', 'guarded'])).stdout).toContain('guarded accepts this token')
  const answered = await typed(platform, ['invoke', 'guarded', 'Hello!', '--bearer-token-file', file, '--json'])
  expect(answered.code).toBe(0)
  expect(JSON.parse(answered.stdout)).toMatchObject({ statusCode: 200 })
  expect(`${explained.stdout}${explained.stderr}${platform.log()}`).not.toContain(token.split('.')[2])
})
