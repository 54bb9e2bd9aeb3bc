// What opens an agent's WebSocket: its address, and the signature or token that goes with it. The host is signed with its port, as it
// is sent: a platform need not be on 443 (the official client signs it without, and leaves it out of the presigned address).
import { HttpRequest } from '@smithy/core/protocols'
import { type Connection, checkToken } from './connection.js'
import { InvalidCall } from './invalid-call.js'
import { checkTarget, customHeaderPrefix, sessionIdHeader, type Target, userIdHeader } from './target.js'

export interface WebSocketAddress {
  url: string
  headers: Record<string, string>
}

export interface OAuthWebSocketAddress extends WebSocketAddress {
  /** For a page in a browser, which can set no header: `new WebSocket(url, subprotocols)`. */
  browser: { url: string; subprotocols: string[] }
}

/** `/ws`, or `/ws/shells` with the shell's own parameters. */
export interface Route {
  path: '/ws' | '/ws/shells'
  query?: Readonly<Record<string, string>>
}

const agentRoute: Route = { path: '/ws' }

/** The signature is in the headers; good for five minutes, as every signature. */
export async function signedAddress({ endpoint, signer }: Connection, target: Target, route = agentRoute): Promise<WebSocketAddress> {
  const request = requestOf(await endpoint(), target, route)
  Object.assign(request.headers, headersOf(target))
  const { headers } = await signer.sign(request)
  return { url: addressOf(request), headers: withoutHost(headers) }
}

/** The signature, the session, the user and the custom headers are in the query. */
export async function presignedAddress({ endpoint, signer, bearerToken }: Connection, target: Target, expires: number): Promise<string> {
  if (!Number.isInteger(expires) || expires < 1 || expires > 300)
    throw new InvalidCall('expires', `${expires} is no time that an address may live`, 'It is a whole number of seconds from 1 to 300')
  if (bearerToken)
    throw new InvalidCall('bearerToken', 'signs no address', 'Use oauthWebSocket(), whose subprotocols a browser sends, or a client with credentials')
  const request = requestOf(await endpoint(), target, agentRoute)
  for (const [name, value] of Object.entries(headersOf(target))) {
    const known = [sessionIdHeader, userIdHeader].includes(name) || name.toLowerCase().startsWith(customHeaderPrefix)
    if (!known)
      throw new InvalidCall(
        `headers.${name}`,
        'cannot be carried by an address, only a header named X-Amzn-Bedrock-AgentCore-Runtime-Custom-… can',
        'Rename it, or open the WebSocket with webSocket()',
      )
    request.query[name] = value
  }
  const signed = await signer.presign(request, { expiresIn: expires })
  return addressOf({ ...request, query: signed.query ?? {} })
}

export async function oauthAddress({ endpoint }: Connection, target: Target, token: string, route = agentRoute): Promise<OAuthWebSocketAddress> {
  const request = requestOf(await endpoint(), target, route)
  const encoded = Buffer.from(checkToken(token)).toString('base64url')
  const headers = { ...headersOf(target), Authorization: `Bearer ${token}` }
  return {
    url: addressOf(request),
    headers,
    get browser() {
      // AWS: runtime-get-started-websocket; a longer one is cut off by proxies.
      if (encoded.length > 4_096)
        throw new InvalidCall(
          'bearerToken',
          `has ${encoded.length} characters in a subprotocol, which takes 4096`,
          'Ask for a token with fewer claims',
        )
      return {
        url: addressOf({ ...request, query: { ...request.query, ...headersOf(target) } }),
        subprotocols: [`base64UrlBearerAuthorization.${encoded}`, 'base64UrlBearerAuthorization'],
      }
    },
  }
}

function requestOf(endpoint: URL, target: Target, { path, query = {} }: Route): HttpRequest & { query: Record<string, string> } {
  checkTarget(target)
  const { protocol, host, hostname, port, pathname } = endpoint
  const request = new HttpRequest({
    method: 'GET',
    protocol,
    hostname,
    ...(port !== '' && { port: Number(port) }),
    path: `${pathname.replace(/\/$/, '')}/runtimes/${encodeURIComponent(target.agentRuntimeArn)}${path}`,
    query: { ...query, ...(target.qualifier !== undefined && { qualifier: target.qualifier }) },
    headers: { host },
  })
  return request as HttpRequest & { query: Record<string, string> }
}

function headersOf({ runtimeSessionId, runtimeUserId, headers }: Target): Record<string, string> {
  return {
    ...headers,
    ...(runtimeSessionId !== undefined && { [sessionIdHeader]: runtimeSessionId }),
    ...(runtimeUserId !== undefined && { [userIdHeader]: runtimeUserId }),
  }
}

function addressOf({ protocol, headers, path, query }: Pick<HttpRequest, 'protocol' | 'headers' | 'path' | 'query'>): string {
  const search = Object.entries(query ?? {}).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`)
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${headers.host}${path}${search.length > 0 ? `?${search.join('&')}` : ''}`
}

/** Whoever opens the address sets it, to the same. */
function withoutHost(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'host'))
}
