import { mkdtempSync, rmSync } from 'node:fs'
import { request as httpRequest } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { accessKeys } from '#services/identity/index.js'
import { allowedHosts } from '#wire/allowed-hosts.js'
import { type WireServer, wireServer } from '#wire/server.js'
import { type AdminPorts, agentworksRoutes } from './agentworks-routes.js'

const dir = mkdtempSync(join(tmpdir(), 'aw-admin-'))
const keys = accessKeys({ root: { accessKeyId: 'AKIAROOT', secretAccessKey: 'x' }, account: '000000000000', clock: systemClock, ids: randomIds })
const tokenOf = (instanceId: string) =>
  keys.lend({
    account: '000000000000',
    region: 'us-east-1',
    roleArn: 'arn:aws:iam::000000000000:role/R',
    agentRuntimeId: 'agent-0123456789',
    runtimeSessionId: 's',
    instanceId,
  }).authorizationToken

let server: WireServer
let port: number
beforeAll(async () => {
  // The credentials need these two of the ports and no other.
  const routes = agentworksRoutes({ accessKeys: keys, allowedHosts: allowedHosts([]) } as AdminPorts)
  server = wireServer((request, response, entrance) => {
    void routes.find((route) => route.matches(request.url ?? '', entrance))?.answer(request, response, entrance)
  })
  port = (await server.listenOnPort('127.0.0.1', 0)).port
  await server.listenOnSocket(join(dir, 'i1'), { kind: 'session', instanceId: 'i1' })
})
afterAll(async () => {
  await server.drain(0)
  rmSync(dir, { recursive: true, force: true })
})

function ask(through: { port: number } | { socketPath: string }, authorization: string, host = '127.0.0.1'): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    httpRequest({ ...through, path: '/_session/credentials', headers: { host, authorization } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
      .on('error', reject)
      .end()
  })
}

describe('the credentials of a session', () => {
  it('are given on the port under a name of the platform only', async () => {
    const token = tokenOf('i1')
    expect(await ask({ port }, token)).toBe(200)
    expect(await ask({ port }, token, 'page.example')).toBe(421)
    expect(await ask({ port }, 'guess')).toBe(403)
  })

  it('are given through a listener of a session for its own token only', async () => {
    const own = { socketPath: join(dir, 'i1') }
    expect(await ask(own, tokenOf('i1'))).toBe(200)
    expect(await ask(own, tokenOf('i2'))).toBe(403)
  })
})
