// An upgrade on its way through the pipeline: a protocol whose operations are routes, and whose answer is a connection.
import { formatArn } from '#kernel/arn.js'
import { cannotParse, invalid, ServiceError } from '#kernel/errors.js'
import type { WebSocketCall, WebSocketRoute } from '#ports/web-socket.js'
import type { WireRequest } from '#wire/exchange.js'
import type { MatchedOperation, Protocol } from '#wire/protocol.js'
import type { Offered } from './offered.js'

/** What belongs to one upgrade. */
export interface UpgradeParts {
  offered: Offered
  accept: WebSocketCall['accept']
  /** Runs the route's handler and sees to what it leaves behind when it fails. */
  handOver(open: () => Promise<void>): Promise<void>
}

interface Match {
  route: WebSocketRoute
  label: string
}

export function webSocketProtocol(json: Protocol, routes: readonly WebSocketRoute[], { offered, accept, handOver }: UpgradeParts): Protocol {
  return {
    service: json.service,

    match({ rawPath }) {
      const [, label = '', path] = /^\/runtimes\/([^/]+)(\/.*)$/.exec(rawPath) ?? []
      const route = routes.find((candidate) => candidate.path === path)
      if (!route) throw new ServiceError('UnknownOperationException', `There is no WebSocket at ${rawPath.slice(0, 500)}.`)
      return { name: route.name, action: `${json.service}:${route.name}`, bufferedBytes: 0, detail: { route, label: decoded(label) } satisfies Match }
    },

    async read(matched, request): Promise<WebSocketCall> {
      checkHandshake(request)
      if (offered.fault) throw offered.fault
      return { agentRuntimeArn: matchOf(matched).label, query: unsignedQuery(request.rawQuery), subprotocols: offered.subprotocols, accept }
    },

    resource(matched, _input, scope) {
      const { label } = matchOf(matched)
      return label.startsWith('arn:') ? label : formatArn(json.service, scope, `runtime/${label}`)
    },

    endpoint: (_matched, input, resourceArn) => `${resourceArn}/runtime-endpoint/${(input as WebSocketCall).query.get('qualifier') ?? 'DEFAULT'}`,

    dispatch: (matched, context, input) => handOver(() => matchOf(matched).route.open(context, input as WebSocketCall)),

    // The handler has answered; what follows are frames.
    write: async () => undefined,

    writeError: (error, response, requestId) => json.writeError(error, response, requestId, undefined),
  }
}

const matchOf = ({ detail }: MatchedOperation) => detail as Match

/** What the library would refuse in words of its own. RFC 6455, 4.2.1. */
function checkHandshake({ method, headers }: WireRequest): void {
  if (method !== 'GET') throw invalid('method', `a WebSocket is opened by GET, not by ${method}`)
  if (headers['sec-websocket-version'] !== '13') throw invalid('Sec-WebSocket-Version', 'must be 13')
  if (!/^[+/0-9A-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? '')) throw invalid('Sec-WebSocket-Key', 'must be 16 bytes as base64')
}

function unsignedQuery(rawQuery: string): URLSearchParams {
  const query = new URLSearchParams(rawQuery)
  for (const name of [...query.keys()]) if (/^x-amz-/i.test(name)) query.delete(name)
  return query
}

function decoded(label: string): string {
  try {
    return decodeURIComponent(label)
  } catch (cause) {
    throw cannotParse('The ARN in the path is not percent-encoded UTF-8.', cause)
  }
}
