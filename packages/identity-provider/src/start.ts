// The provider as a server on loopback.
import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'
import { configuration, type Keys, newKeys } from './configuration.js'
import { registerExchangeGrants } from './exchange-grants.js'
import { interact, isInteraction } from './interactions.js'
import { openState, type State } from './state.js'

export interface IdentityProvider {
  /** Also the issuer of every token. */
  url: string
  stop(): Promise<void>
}

export interface IdentityProviderOptions {
  /** Where users, clients, keys and tokens are kept. */
  dir: string
  /** 0 takes a free one; the issuer is then another at each start. */
  port: number
  /** Told of what went wrong inside: never a token or a password. */
  onFault?(message: string): void
}

/** Public members of a signing key. */
const publicMembers = ['kty', 'kid', 'alg', 'use', 'n', 'e', 'crv', 'x', 'y'] as const

export async function startIdentityProvider({ dir, port, onFault = () => {} }: IdentityProviderOptions): Promise<IdentityProvider> {
  const state = openState(dir)
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => void response.writeHead(503).end()
  const server = createServer((request, response) => handle(request, response))
  try {
    const keys = await keysIn(state)
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
    const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const url = `http://${authority}`
    const provider = new Provider(url, configuration(state, keys))
    const publicKeys = keys.signing.map((key) =>
      Object.fromEntries(publicMembers.flatMap((name) => (key[name] === undefined ? [] : [[name, key[name]]]))),
    )
    registerExchangeGrants(provider, { keys: publicKeys as never })
    provider.on('server_error', (_ctx, error) => onFault(error.message))
    const answer = provider.callback()
    handle = (request, response) => {
      // A page elsewhere must not reach us by a name of its own that leads here.
      if (request.headers.host !== authority) return void response.writeHead(421, { 'content-type': 'text/plain' }).end(`this is ${url}\n`)
      if (!isInteraction(request.url ?? '')) return void answer(request, response)
      interact(provider, state, request, response).catch((error: Error) => {
        onFault(error.message)
        if (!response.headersSent) response.writeHead(500)
        response.end()
      })
    }
    return {
      url,
      async stop() {
        server.closeAllConnections()
        await new Promise<void>((resolve) => server.close(() => resolve()))
        state.close()
      },
    }
  } catch (error) {
    server.close()
    state.close()
    throw error
  }
}

/** Made at the first start. Of two providers that start together on one folder both take what the first one made. */
async function keysIn(state: State): Promise<Keys> {
  const known = state.get('Keys', 'provider')
  const kept = known ?? state.putIfAbsent('Keys', 'provider', { ...(await newKeys((bytes) => randomBytes(bytes).toString('base64url'))) })
  return kept as unknown as Keys
}
