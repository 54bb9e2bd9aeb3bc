// An identity provider that is a stock one: oidc-provider, with signing keys that the test knows too, so that it can make tokens which no
// provider would. What it publishes can be taken over for faults that a well-kept library does not have.
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose'
import Provider from 'oidc-provider'

export const audience = 'https://agents.example.com'
export const clientId = 'conformance-client'
const clientSecret = 'conformance-client-secret'

type Takeover = (request: IncomingMessage, response: ServerResponse) => void

export interface SigningKey {
  privateKey: CryptoKey
  publicKey: CryptoKey
  jwk: JWK
}

export interface OidcIssuer {
  issuer: string
  /** `127.0.0.1:PORT`, as --allow-egress takes it. */
  host: string
  discoveryUrl: string
  key: SigningKey
  /** By the client credentials grant, as the provider gives it. */
  token(scope?: string): Promise<string>
  /** Signed by the provider's own key; `claims` over what a good token says. */
  signed(claims?: JWTPayload, header?: { alg?: string; kid?: string; typ?: string }, key?: SigningKey): Promise<string>
  /** The answer of a path from now on; none: the provider's own again. */
  takeOver(path: string, answer?: Takeover): void
  /** So often was the path asked for. */
  asked(path: string): number
  close(): Promise<void>
}

export async function newKey(kid: string, alg = 'RS256'): Promise<SigningKey> {
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { privateKey, publicKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
}

export async function openOidcIssuer(): Promise<OidcIssuer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const issuer = `http://${host}`
  const key = await newKey('first')
  const taken = new Map<string, Takeover>()
  const counts = new Map<string, number>()
  const answer = providerAt(issuer, { ...(await exportJWK(key.privateKey)), kid: 'first', alg: 'RS256', use: 'sig' }).callback()
  server.on('request', (request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname
    counts.set(path, (counts.get(path) ?? 0) + 1)
    const own = taken.get(path)
    if (own) own(request, response)
    else void answer(request, response)
  })
  return {
    issuer,
    host,
    discoveryUrl: `${issuer}/.well-known/openid-configuration`,
    key,
    async token(scope = 'read') {
      const body = new URLSearchParams({ grant_type: 'client_credentials', scope, resource: audience })
      const authorization = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`
      const answered = await fetch(`${issuer}/token`, { method: 'POST', body, headers: { authorization } })
      if (!answered.ok) throw new Error(`the provider gives no token: ${await answered.text()}`)
      return ((await answered.json()) as { access_token: string }).access_token
    },
    signed(claims = {}, header = {}, signer = key) {
      const now = Math.floor(Date.now() / 1000)
      const good = { iss: issuer, sub: 'user-1', aud: audience, client_id: clientId, scope: 'read', iat: now, exp: now + 600 }
      return new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'first', ...header }).sign(signer.privateKey)
    },
    takeOver(path, own) {
      if (own) taken.set(path, own)
      else taken.delete(path)
    },
    asked: (path) => counts.get(path) ?? 0,
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function providerAt(issuer: string, signingKey: JWK): Provider {
  return new Provider(issuer, {
    clients: [{ client_id: clientId, client_secret: clientSecret, grant_types: ['client_credentials'], redirect_uris: [], response_types: [] }],
    jwks: { keys: [signingKey] },
    scopes: ['read', 'write'],
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: () => ({
          scope: 'read write',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: 'RS256' } },
        }),
      },
    },
  })
}
