// A platform with one runtime that takes the tokens of a stock provider, and callers that know plain HTTP alone.
import { createAgent } from './agents.fixture.ts'
import { session } from './invoke.fixture.ts'
import { audience, clientId, openOidcIssuer } from './oidc-issuer.fixture.ts'
import { clientsOf, newDataDir, removeDataDir, startPlatform } from './platform.fixture.ts'

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

export interface Call {
  arn?: string
  rest?: string
  method?: string
  headers?: Record<string, string>
  body?: string
}

export type Guarded = Awaited<ReturnType<typeof openGuarded>>

export async function openGuarded(args: readonly string[] = []) {
  const issuer = await openOidcIssuer()
  const platform = await startPlatform(newDataDir(), { AGENTWORKS_ALLOW_EGRESS: issuer.host, AGENTWORKS_ISOLATION: 'process' }, args)
  const clients = clientsOf(platform)

  const authorizer = (more: object = {}) => ({
    customJWTAuthorizer: {
      discoveryUrl: issuer.discoveryUrl,
      allowedAudience: [audience],
      allowedClients: [clientId],
      allowedScopes: ['read', 'admin'],
      ...more,
    },
  })
  const configured = authorizer({
    customClaims: [
      {
        inboundTokenClaimName: 'client_id',
        inboundTokenClaimValueType: 'STRING',
        authorizingClaimMatchValue: { claimMatchOperator: 'EQUALS', claimMatchValue: { matchValueString: clientId } },
      },
    ],
  })
  const { agentRuntimeArn } = await createAgent(clients, {
    name: 'guarded',
    files: { 'main.js': agent },
    requestHeaderAllowlist: ['Authorization'],
    authorizerConfiguration: configured,
  })

  const pathOf = (arn: string, rest = 'invocations') => `${platform.url}/runtimes/${encodeURIComponent(arn)}/${rest}`
  const challenge = (arn = agentRuntimeArn) => `Bearer resource_metadata="${pathOf(arn)}/.well-known/oauth-protected-resource?qualifier=DEFAULT"`

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

  return {
    issuer,
    platform,
    clients,
    authorizer,
    configured,
    agentRuntimeArn,
    pathOf,
    call,
    challenge,
    refused: (message: string) => ({ status: 401, type: 'UnauthorizedException', challenge: challenge(), body: { message } }),
    async close() {
      await removeDataDir(platform)
      await issuer.close()
    },
  }
}
