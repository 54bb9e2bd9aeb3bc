// What surrounds a JWT authorizer: its settings, the document that leads to a token, the owner's commands, clients that need no more than a token.
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:http2'
import { request as httpsRequest } from 'node:https'
import { join } from 'node:path'
import { runtimeClient } from '@agentworks/sdk/client'
import { GetWorkloadAccessTokenForJWTCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateWorkloadIdentityCommand, GetAgentRuntimeCommand, UpdateAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { discoverOAuthServerInfo, extractWWWAuthenticateParams } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect } from 'vitest'
import { WebSocket } from 'ws'
import { createAgent } from '../agents.fixture.ts'
import { tlsOf } from '../aws-hosts.fixture.ts'
import { type Guarded, openGuarded } from '../bearer.fixture.ts'
import { typed } from '../cli.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { newKey } from '../oidc-issuer.fixture.ts'
import { region } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

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
  world = await openGuarded(['--tls'])
  ;({ issuer, platform, clients, agentRuntimeArn, authorizer, pathOf, call, challenge, refused } = world)
}, 60_000)
afterAll(() => world.close())

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
  // As the stock MCP client goes: from the refusal to the document, and on to its issuer's endpoints.
  const unauthorized = await fetch(pathOf(agentRuntimeArn), { method: 'POST', body: '{}' })
  const { resourceMetadataUrl } = extractWWWAuthenticateParams(unauthorized)
  const { authorizationServerMetadata } = await discoverOAuthServerInfo(pathOf(agentRuntimeArn), { resourceMetadataUrl })
  expect(authorizationServerMetadata).toMatchObject({ issuer: issuer.issuer, token_endpoint: `${issuer.issuer}/token` })

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
  // A2A's contract has AWS's own form for it, AG-UI's an event.
  for (const [serverProtocol, body] of [
    ['A2A', '{"message":"Missing Authentication Token"}'],
    ['AGUI', expect.stringMatching(/"RUN_ERROR".*"UNAUTHORIZED"/)],
  ] as const) {
    const { agentRuntimeArn: arn } = await createAgent(clients, {
      name: `of_${serverProtocol}`,
      serverProtocol,
      authorizerConfiguration: authorizer(),
    })
    const { body: said, ...head } = await call(undefined, { arn })
    expect(head).toMatchObject({ status: 401, challenge: challenge(arn) })
    expect(typeof said === 'string' ? said : JSON.stringify(said)).toEqual(body)
  }
  expect(await (await fetch(`${pathOf(mcp.agentRuntimeArn)}/.well-known/oauth-protected-resource`)).json()).toMatchObject({
    scopes_supported: ['api:read', 'admin'],
  })
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

scenario('jwt.inside', 'raw', async () => {
  const caller = `
    require('node:http').createServer(async (request, response) => {
      if (request.url === '/ping') return response.end('{"status":"Healthy"}')
      const { authorization } = request.headers
      const address = process.env.AWS_ENDPOINT_URL + '/runtimes/' + encodeURIComponent(process.env.OTHER) + '/invocations'
      const answers = [{ authorization }, {}].map((headers) => fetch(address, { method: 'POST', body: '{}', headers }))
      response.end(JSON.stringify(await Promise.all(answers.map(async (answer) => [(await answer).status, await (await answer).json()]))))
    }).listen(8080)`
  const { agentRuntimeArn: arn } = await createAgent(clients, {
    name: 'caller',
    files: { 'main.js': caller },
    environmentVariables: { OTHER: agentRuntimeArn },
    requestHeaderAllowlist: ['Authorization'],
    authorizerConfiguration: authorizer(),
  })
  const token = await issuer.signed()
  const { body } = await call(token, { arn })
  expect(JSON.parse(body)).toMatchObject([
    [200, { headers: { authorization: `Bearer ${token}` } }],
    [401, { message: 'Missing Authentication Token' }],
  ])
})

scenario('jwt.updated', 'js', async () => {
  const { agentRuntimeArn: arn, agentRuntimeId } = await createAgent(clients, { name: 'changing' })
  const update = async (more: object) => {
    const { agentRuntimeArtifact, roleArn, networkConfiguration } = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
    await clients.control.send(new UpdateAgentRuntimeCommand({ agentRuntimeId, agentRuntimeArtifact, roleArn, networkConfiguration, ...more }))
    const status = async () => (await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))).status
    await expect.poll(status, { timeout: 20_000 }).toBe('READY')
  }
  const token = await issuer.signed()
  const signs = () => invoke(clients, arn, {})
  expect(await signs()).toMatchObject({ statusCode: 200 })
  await update({ authorizerConfiguration: authorizer() })
  expect((await call(token, { arn })).status).toBe(200)
  expect(await errorOf(signs())).toMatchObject({ status: 403 })
  await update({})
  expect(await signs()).toMatchObject({ statusCode: 200 })
  expect((await call(token, { arn })).status).toBe(403)
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
  const literal = await typed(platform, ['identity', 'explain', token, '--runtime', 'guarded'])
  expect(literal.stdout).toContain('guarded refuses this token')
  const misplaced = await typed(platform, ['invoke', 'guarded', 'hi', '--bearer-token-file', token])
  expect(misplaced.code).toBe(2)
  for (const { stdout, stderr } of [literal, misplaced]) expect(`${stdout}${stderr}`).not.toContain(token.split('.')[2])
  const file = join(platform.dataDir, 'token.txt')
  writeFileSync(file, `${await issuer.signed()}\n`)
  expect((await typed(platform, ['identity', 'explain', file, '--runtime', 'guarded'])).stdout).toContain('guarded accepts this token')
  const answered = await typed(platform, ['invoke', 'guarded', 'Hello!', '--bearer-token-file', file, '--json'])
  expect(answered.code).toBe(0)
  expect(JSON.parse(answered.stdout)).toMatchObject({ statusCode: 200 })
  const trail = () => readFileSync(join(platform.dataDir, 'logs/audit.jsonl'), 'utf8')
  await expect.poll(trail, { timeout: 20_000 }).toContain(`${issuer.issuer}#user-1`)
  expect(`${explained.stdout}${explained.stderr}${platform.log()}${trail()}`).not.toContain(token.split('.')[2])
})

scenario('jwt.schemes', 'raw', async () => {
  const { url = '', authority } = tlsOf(platform)
  const path = new URL(pathOf(agentRuntimeArn)).pathname
  const secure = httpsRequest(new URL(path, url), { method: 'POST', ca: readFileSync(authority?.path ?? '') })
  const [answer] = await once(secure.end(), 'response')
  answer.resume()
  expect(answer).toMatchObject({ statusCode: 401, headers: { 'www-authenticate': challenge().replace(platform.url, url) } })

  const session = connect(platform.url)
  const stream = session.request({ ':method': 'POST', ':path': path })
  const [headers] = await once(stream, 'response')
  stream.resume()
  expect(headers).toMatchObject({ ':status': 401, 'www-authenticate': challenge() })
  const accepted = session.request({ ':method': 'POST', ':path': path, authorization: `Bearer ${await issuer.token()}` })
  expect((await once(accepted.end('{}'), 'response'))[0]).toMatchObject({ ':status': 200 })
  accepted.resume()
  await once(accepted, 'end')
  session.close()
})

scenario('jwt.sdk', 'js', async () => {
  using client = runtimeClient({ region, endpoint: platform.url, bearerToken: () => issuer.token() })
  const answer = await client.invoke({ agentRuntimeArn, payload: { prompt: 'hi' }, runtimeSessionId: session('sdk') })
  expect(JSON.parse(await answer.text())).toMatchObject({ headers: { authorization: expect.stringMatching(/^Bearer ey/) } })
  const { url, browser } = await client.oauthWebSocket({ agentRuntimeArn })
  const socket = new WebSocket(url, browser.subprotocols)
  expect(JSON.parse(String((await once(socket, 'message'))[0]))).toMatchObject({ authorization: expect.stringMatching(/^Bearer ey/) })
  socket.close()

  const card = `require('node:http').createServer((_, response) => response.end('{"name":"card","status":"Healthy"}')).listen(9000)`
  const a2a = await createAgent(clients, { name: 'a2a', files: { 'main.js': card }, serverProtocol: 'A2A', authorizerConfiguration: authorizer() })
  const asked = { arn: a2a.agentRuntimeArn, rest: 'invocations/.well-known/agent-card.json', method: 'GET' }
  expect(await call(await issuer.token(), asked)).toMatchObject({ status: 200, body: { name: 'card' } })
  expect(await call(undefined, asked)).toMatchObject({ status: 401, challenge: challenge(a2a.agentRuntimeArn) })
})

scenario('jwt.oauth-metadata', 'js', async () => {
  const path = '/.well-known/oauth-authorization-server/tenant'
  issuer.takeOver(path, (_, response) => response.end(JSON.stringify({ issuer: `${issuer.issuer}/tenant`, jwks_uri: `${issuer.issuer}/jwks` })))
  const authorizerConfiguration = authorizer({ discoveryUrl: `${issuer.issuer}${path}` })
  const { agentRuntimeArn: arn } = await createAgent(clients, { name: 'tenant', authorizerConfiguration })
  expect((await call(await issuer.signed({ iss: `${issuer.issuer}/tenant` }), { arn })).status).toBe(200)
  expect((await call(await issuer.signed(), { arn })).status).toBe(401)
  const metadata = async () => (await fetch(`${pathOf(arn)}/.well-known/oauth-protected-resource`)).json()
  expect(await metadata()).toMatchObject({ authorization_servers: [`${issuer.issuer}/tenant`] })
})
