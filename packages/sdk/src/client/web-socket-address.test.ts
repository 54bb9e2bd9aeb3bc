// Addresses and refusals, without a platform: conformance/scenarios/sdk-client.test.ts opens them on one.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { WebSocketServer } from 'ws'
import { InvalidCall, runtimeClient } from './index.js'

const agentRuntimeArn = 'arn:aws:bedrock-agentcore:eu-west-1:123456789012:runtime/my_agent-a1b2c3d4e5'
const runtimeSessionId = 'a-session-of-at-least-33-characters'
const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'wJalrXUtnFEMI', sessionToken: 'of/a/role' }
const client = (endpoint?: string) => runtimeClient({ region: 'eu-west-1', endpoint, credentials })

afterEach(() => vi.unstubAllEnvs())

describe('the address of a WebSocket', () => {
  it('is AWS’s own without an endpoint, and wss', async () => {
    const { url, headers } = await client().signedWebSocket({ agentRuntimeArn, runtimeSessionId, qualifier: 'prod' })
    expect(url).toBe(`wss://bedrock-agentcore.eu-west-1.amazonaws.com/runtimes/${encodeURIComponent(agentRuntimeArn)}/ws?qualifier=prod`)
    expect(headers.authorization).toMatch(
      /Credential=AKIDEXAMPLE\/\d{8}\/eu-west-1\/bedrock-agentcore\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token;x-amzn-bedrock-agentcore-runtime-session-id,/,
    )
  })

  it('keeps the port of an endpoint, from an argument or from the environment as the AWS SDK reads it', async () => {
    const path = `/runtimes/${encodeURIComponent(agentRuntimeArn)}/ws`
    expect((await client('http://127.0.0.1:4680').signedWebSocket({ agentRuntimeArn })).url).toBe(`ws://127.0.0.1:4680${path}`)
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:1')
    vi.stubEnv('AWS_ENDPOINT_URL_BEDROCK_AGENTCORE', 'https://agents.example:8443')
    expect((await client().signedWebSocket({ agentRuntimeArn })).url).toBe(`wss://agents.example:8443${path}`)
    expect(new URL(await client().presignedWebSocketUrl({ agentRuntimeArn })).host).toBe('agents.example:8443')
  })

  it('carries session, user and custom headers in its query when it is presigned, all of them signed, for the time asked', async () => {
    const headers = { 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Colour': 'dark green' }
    const url = new URL(await client().presignedWebSocketUrl({ agentRuntimeArn, runtimeSessionId, runtimeUserId: 'u', headers, expires: 7 }))
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': runtimeSessionId,
      'X-Amzn-Bedrock-AgentCore-Runtime-User-Id': 'u',
      'X-Amzn-Bedrock-AgentCore-Runtime-Custom-Colour': 'dark green',
      'X-Amz-Expires': '7',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Security-Token': 'of/a/role',
      'X-Amz-Signature': expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('with a bearer token has it as a header, and for browsers in a subprotocol', async () => {
    const { url, headers, browser } = await client().oauthWebSocket({ agentRuntimeArn, runtimeSessionId, bearerToken: 'aa.bb.c-_c' })
    expect(headers).toEqual({ Authorization: 'Bearer aa.bb.c-_c', 'X-Amzn-Bedrock-AgentCore-Runtime-Session-Id': runtimeSessionId })
    expect(browser.url).toBe(`${url}?X-Amzn-Bedrock-AgentCore-Runtime-Session-Id=${runtimeSessionId}`)
    expect(browser.subprotocols).toEqual([
      `base64UrlBearerAuthorization.${Buffer.from('aa.bb.c-_c').toString('base64url')}`,
      'base64UrlBearerAuthorization',
    ])
    const long = await client().oauthWebSocket({ agentRuntimeArn, bearerToken: 'a'.repeat(3_073) })
    expect(() => long.browser).toThrow(/bearerToken: has 4098 characters in a subprotocol, which takes 4096/)
  })
})

describe('a client with a bearer token', () => {
  it('sends it in place of a signature, asking for it each time, and opens WebSockets with it', async () => {
    const seen: (string | undefined)[] = []
    const server = createServer((request, response) => {
      seen.push(request.headers.authorization, String(request.headers['x-amz-date']))
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')
    }).listen(0, '127.0.0.1')
    const sockets = new WebSocketServer({ server })
    await once(server, 'listening')
    let count = 0
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    using bearing = runtimeClient({ region: 'eu-west-1', endpoint, bearerToken: async () => `token-${++count}` })
    try {
      expect(await (await bearing.invoke({ agentRuntimeArn, payload: {} })).value()).toEqual({ ok: true })
      await bearing.invoke({ agentRuntimeArn, payload: {} }).then((answer) => answer.cancel())
      expect(seen).toEqual(['Bearer token-1', 'undefined', 'Bearer token-2', 'undefined'])
      const connected = once(sockets, 'connection')
      const socket = await bearing.webSocket({ agentRuntimeArn })
      expect((await connected)[1].headers.authorization).toBe('Bearer token-3')
      socket.terminate()
      await expect(bearing.presignedWebSocketUrl({ agentRuntimeArn })).rejects.toThrow(/bearerToken: signs no address/)
    } finally {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    }
  })
})

describe('refused before anything is sent:', () => {
  // Nothing listens there: a call that is sent fails with another error.
  const nowhere = runtimeClient({ region: 'eu-west-1', endpoint: 'http://127.0.0.1:1', credentials })
  const target = { agentRuntimeArn }
  it.each<[string, () => Promise<unknown>]>([
    ['agentRuntimeArn', () => nowhere.invoke({ agentRuntimeArn: 'my_agent', payload: {} })],
    ['agentRuntimeArn', () => nowhere.webSocket({ agentRuntimeArn: `${agentRuntimeArn}x` })],
    ['agentRuntimeArn', () => nowhere.presignedWebSocketUrl({ agentRuntimeArn: agentRuntimeArn.replace('123', '1') })],
    ['runtimeSessionId', () => nowhere.signedWebSocket({ ...target, runtimeSessionId: 'short' })],
    ['runtimeSessionId', () => nowhere.stop({ ...target, runtimeSessionId: 'short' })],
    ['qualifier', () => nowhere.invoke({ ...target, qualifier: 'a-b', payload: {} })],
    ['expires', () => nowhere.presignedWebSocketUrl({ ...target, expires: 0 })],
    ['expires', () => nowhere.presignedWebSocketUrl({ ...target, expires: 301 })],
    ['expires', () => nowhere.presignedWebSocketUrl({ ...target, expires: 1.5 })],
    ['headers.Cookie', () => nowhere.presignedWebSocketUrl({ ...target, headers: { Cookie: 'a' } })],
    ['headers.Authorization', () => nowhere.invoke({ ...target, payload: {}, headers: { Authorization: 'a' } })],
    [
      'headers.X-Amzn-Bedrock-AgentCore-Runtime-Custom-A',
      () => nowhere.invoke({ ...target, payload: {}, headers: { 'X-Amzn-Bedrock-AgentCore-Runtime-Custom-A': 'a\r\nb' } }),
    ],
    ['payload', () => nowhere.invoke({ ...target, payload: undefined })],
    ['bearerToken', () => nowhere.oauthWebSocket({ ...target, bearerToken: 'Bearer x' })],
    ['bearerToken', () => nowhere.oauthWebSocket(target)],
    ['command', () => nowhere.command({ ...target, command: '' })],
    ['timeout', () => nowhere.command({ ...target, command: 'ls', timeout: 3_601 })],
    ['shellId', () => nowhere.shell({ ...target, runtimeSessionId, shellId: '-a' })],
    ['memory', async () => nowhere.session({ ...target, userId: 'u', memory: 'mine' })],
    ['contextWindow', async () => nowhere.session({ ...target, userId: 'u', contextWindow: 5 })],
    ['runtimeUserId', async () => nowhere.session({ ...target, userId: '' })],
    ['endpoint', async () => runtimeClient({ endpoint: 'localhost:4680' })],
    ['bearerToken', async () => runtimeClient({ credentials, bearerToken: 'a' })],
  ])('%s', async (field, call) => {
    const error = await call().catch((refused: unknown) => refused)
    expect(error).toBeInstanceOf(InvalidCall)
    expect(error).toMatchObject({ field, message: expect.stringMatching(new RegExp(`^${field}: .+\\. .+\\.$`)) })
  })
})
