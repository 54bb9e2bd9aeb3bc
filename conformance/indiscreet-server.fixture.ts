// An authorization server that gives out tokens which a test knows, and whose refusals repeat all that was sent to it.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface IndiscreetServer {
  issuer: string
  discoveryUrl: string
  close(): Promise<void>
}

/** What clients prove themselves by, and which is nobody else's to see. */
const proofs = ['code_verifier', 'subject_token', 'actor_token', 'client_assertion']

/** The scope `refuse` has it refuse. `token` makes what it gives out; `sent` hears of each secret that the platform made and sent. */
export async function openIndiscreetServer(token: (name: string) => string, sent: (name: string, secret: string) => void): Promise<IndiscreetServer> {
  const server = createServer((request, response) => void answer(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const json = (response: ServerResponse, status: number, body: object) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', issuer)
    if (url.pathname === '/.well-known/openid-configuration') {
      return json(response, 200, {
        issuer,
        authorization_endpoint: `${issuer}/auth`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/jwks`,
        response_types_supported: ['code'],
        code_challenge_methods_supported: ['S256'],
      })
    }
    if (url.pathname === '/auth') {
      const back = new URL(url.searchParams.get('redirect_uri') ?? '')
      back.searchParams.set('code', token('authorization-code'))
      back.searchParams.set('state', url.searchParams.get('state') ?? '')
      return response.writeHead(302, { location: back.href }).end()
    }
    const pieces: Buffer[] = []
    for await (const piece of request) pieces.push(piece as Buffer)
    const body = Buffer.concat(pieces).toString()
    const form = new URLSearchParams(body)
    for (const name of proofs) if (form.has(name)) sent(name, form.get(name) ?? '')
    if (form.get('scope') === 'refuse') {
      const [, credentials = ''] = (request.headers.authorization ?? '').split(' ')
      const repeated = `${body} ${request.headers.authorization} ${Buffer.from(credentials, 'base64')}`
      return json(response, 400, { error: 'invalid_grant', error_description: repeated, error_uri: `${issuer}/?${body}` })
    }
    // Ended at once: the next request has to renew it.
    json(response, 200, { access_token: token('access-token'), refresh_token: token('refresh-token'), token_type: 'Bearer', expires_in: 1 })
  }

  return {
    issuer,
    discoveryUrl: `${issuer}/.well-known/openid-configuration`,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
