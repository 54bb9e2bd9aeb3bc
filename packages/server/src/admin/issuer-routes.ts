// The platform as an OIDC issuer: what services outside need to check its JWTs. Public, as it is with AWS; nothing secret is in it.
import { type IssuerKeys, issuerDocument, keySetPath, webIdentityLimits } from '#services/identity/index.js'
import type { UnsignedRoute } from '#wire/front.js'
import type { AnyRequest, AnyResponse } from '#wire/server.js'

export interface IssuerRoutePorts {
  keys: Pick<IssuerKeys, 'published'>
  issuer: () => string
  allowedHosts: (host: string) => boolean
}

export function issuerRoutes({ keys, issuer, allowedHosts }: IssuerRoutePorts): UnsignedRoute[] {
  const route = (path: string, document: () => object | Promise<object>): UnsignedRoute => ({
    matches: (asked) => asked === path,
    async answer(request, response, entrance) {
      if (entrance.kind === 'port' && !allowedHosts(hostOf(request)))
        return answerJson(response, 421, { message: 'not a host name of this platform' })
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('allow', 'GET, HEAD')
        return answerJson(response, 405, { message: `${path} is read by GET` })
      }
      response.setHeader('cache-control', `public, max-age=${webIdentityLimits.keySetCacheSeconds}`)
      answerJson(response, 200, await document(), request.method === 'HEAD')
    },
  })
  return [
    route('/.well-known/openid-configuration', () => issuerDocument(issuer())),
    route(keySetPath, async () => ({ keys: await keys.published() })),
  ]
}

/** HTTP/2 has :authority where HTTP/1.1 has Host. */
function hostOf({ headers }: AnyRequest): string {
  return headers.host ?? (headers[':authority'] as string | undefined) ?? ''
}

function answerJson(response: AnyResponse, status: number, body: object, isHead = false): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) })
  response.end(isHead ? undefined : text)
}
