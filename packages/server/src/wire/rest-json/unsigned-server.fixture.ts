// A real node:http server that drives one Protocol without signatures: what is tested here stands after them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttp2Server, type Http2ServerRequest, type Http2ServerResponse, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import type { Caller } from '#kernel/context.js'
import { ServiceError } from '#kernel/errors.js'
import type { Exchange, WireResponse } from '#wire/exchange.js'
import type { Protocol } from '#wire/protocol.js'

export interface UnsignedServer extends AsyncDisposable {
  url: string
  /** Raw paths as they came. */
  paths: string[]
}

const caller: Caller = {
  kind: 'root',
  accessKeyId: 'AKIATEST',
  principalArn: 'arn:aws:iam::000000000000:root',
  account: '000000000000',
  region: 'us-east-1',
}

export async function unsignedServer(protocol: Protocol): Promise<UnsignedServer> {
  const paths: string[] = []
  const server = createServer((request, response) => {
    paths.push(`${request.method} ${request.url}`)
    void answer(protocol, request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The same over HTTP/2 in clear text, as the stock JavaScript client for models speaks it. */
export async function unsignedHttp2Server(protocol: Protocol): Promise<UnsignedServer> {
  const paths: string[] = []
  const sessions = new Set<ServerHttp2Session>()
  const server = createHttp2Server((request, response) => {
    paths.push(`${request.method} ${request.url}`)
    void answer(protocol, request, response)
  })
  server.on('session', (session) => sessions.add(session))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    async [Symbol.asyncDispose]() {
      for (const session of sessions) session.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

async function answer(
  protocol: Protocol,
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
): Promise<void> {
  const exchange = openExchange(request, response as unknown as WireResponse)
  try {
    const operation = protocol.match(exchange.request)
    exchange.operation = operation
    const length = request.headers['content-length']
    const body = { stream: request, length: length === undefined ? undefined : Number(length), release: async () => {} }
    const input = await protocol.read(operation, exchange.request, body)
    const context = { ...caller, requestId: exchange.requestId, caller, headers: {}, signal: exchange.signal }
    await protocol.write(operation, await protocol.dispatch(operation, context, input), exchange)
  } catch (thrown) {
    if (response.headersSent) return void response.destroy()
    const error = thrown instanceof ServiceError ? thrown : new ServiceError('InternalServerException', `defect: ${thrown}`)
    protocol.writeError(error, exchange.response, exchange.requestId, exchange.operation)
  }
}

function openExchange(request: IncomingMessage | Http2ServerRequest, response: WireResponse): Exchange {
  const [rawPath = '/', rawQuery = ''] = (request.url ?? '/').split('?')
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  const { headers, rawHeaders, method = 'GET', httpVersionMajor } = request
  return {
    request: { method, rawPath, rawQuery, headers, rawHeaders, body: request, entrance: { kind: 'port' }, httpVersionMajor, scheme: 'http' },
    response,
    requestId: 'request-1',
    receivedAt: 0,
    signal: gone.signal,
  }
}
