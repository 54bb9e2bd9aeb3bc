import { afterAll, beforeAll, expect, it } from 'vitest'
import { allowedHosts } from '#wire/allowed-hosts.js'
import { type WireServer, wireServer } from '#wire/server.js'
import { issuerRoutes } from './issuer-routes.js'

const key = { kty: 'EC', kid: 'k', alg: 'ES384', use: 'sig' }
let server: WireServer
let url: string
beforeAll(async () => {
  const keys = { published: async () => [key] }
  const routes = issuerRoutes({ keys, issuer: () => 'https://issuer.example.com', allowedHosts: allowedHosts([]) })
  server = wireServer((request, response, entrance) => {
    const route = routes.find(({ matches }) => matches(request.url ?? '', entrance))
    if (route) void route.answer(request, response, entrance)
    else response.writeHead(404).end()
  })
  url = `http://127.0.0.1:${(await server.listenOnPort('127.0.0.1', 0)).port}`
})
afterAll(() => server.drain(0))

it('answers verifiers with its document and its keys, to be kept for five minutes', async () => {
  const discovery = await fetch(`${url}/.well-known/openid-configuration`)
  expect(await discovery.json()).toMatchObject({
    issuer: 'https://issuer.example.com',
    jwks_uri: 'https://issuer.example.com/.well-known/jwks.json',
  })
  expect(discovery.headers.get('cache-control')).toBe('public, max-age=300')
  const keySet = await fetch(`${url}/.well-known/jwks.json`)
  expect(await keySet.json()).toEqual({ keys: [key] })
  const head = await fetch(`${url}/.well-known/jwks.json`, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
})

it('takes no writes', async () => {
  const answer = await fetch(`${url}/.well-known/jwks.json`, { method: 'POST', body: '{}' })
  expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD'])
})
