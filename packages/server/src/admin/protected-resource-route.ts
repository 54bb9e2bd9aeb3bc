// GetRuntimeProtectedResourceMetadata, unsigned: whoever has no token yet reads here who gives one (RFC 9728).
import type { MetadataCall, ProtectedResourceMetadata } from '#services/runtime/index.js'
import type { UnsignedRoute } from '#wire/front.js'
import type { AnyRequest, AnyResponse } from '#wire/server.js'

export interface ProtectedResourcePorts {
  protectedResource(call: MetadataCall): Promise<ProtectedResourceMetadata | undefined>
  allowedHosts: (host: string) => boolean
}

const path = /^\/runtimes\/([^/]+)\/invocations\/\.well-known\/oauth-protected-resource$/

export function protectedResourceRoute({ protectedResource, allowedHosts }: ProtectedResourcePorts): UnsignedRoute {
  return {
    matches: (rawPath) => path.test(rawPath),
    async answer(request, response, entrance) {
      const { method, headers } = request
      const host = headers.host ?? (headers[':authority'] as string | undefined) ?? ''
      if (entrance.kind === 'port' && !allowedHosts(host)) return answer(response, 421, { message: 'not a host name of this platform' })
      if (method !== 'GET' && method !== 'HEAD') return answer(response, 405, { message: `${method} is not for this document; GET it` })
      const [rawPath = '', rawQuery = ''] = (request.url ?? '').split('?', 2)
      const label = decoded(path.exec(rawPath)?.[1] ?? '')
      const qualifier = new URLSearchParams(rawQuery).get('qualifier') ?? undefined
      const found = label === undefined ? undefined : await protectedResource({ label, qualifier, origin: `${schemeOf(request)}://${host}` })
      if (found) return answer(response, 200, found)
      answer(response, 404, { message: 'No runtime of that name takes bearer tokens.' }, 'ResourceNotFoundException')
    },
  }
}

const schemeOf = ({ socket }: AnyRequest) => ('encrypted' in socket ? 'https' : 'http')

function decoded(label: string): string | undefined {
  try {
    return decodeURIComponent(label)
  } catch {
    return undefined
  }
}

function answer(response: AnyResponse, status: number, body: object, errorType?: string): void {
  const text = JSON.stringify(body)
  if (errorType !== undefined) response.setHeader('x-amzn-errortype', errorType)
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'cache-control': 'no-store' })
  response.end(text)
}
