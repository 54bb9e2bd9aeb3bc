// Three-legged OAuth on one machine, as the guide has a newcomer do it: the command line, the built-in provider, no internet.
import { createServer } from 'node:net'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect } from 'vitest'
import { typed } from '../cli.fixture.ts'
import { type RunningProvider, startProvider } from '../identity-provider.fixture.ts'
import { newDataDir, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

let platform: RunningPlatform
let provider: RunningProvider
let returnUrl: string
beforeAll(async () => {
  const dataDir = newDataDir()
  platform = await startPlatform(dataDir, { AGENTWORKS_ALLOW_EGRESS: '127.0.0.1' })
  provider = await startProvider(platform)
  returnUrl = `http://127.0.0.1:${await freePort()}/return`
})
afterAll(async () => {
  expect(await provider?.stop()).toBe(0)
  await removeDataDir(platform)
})

/** The application's own; a second program could take it before, and then the command says so. */
function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function verified(token: string) {
  return (await jwtVerify(token.trim(), createRemoteJWKSet(new URL(`${provider.url}/jwks`)), { issuer: provider.url })).payload
}

scenario('identity.offline', 'js', async () => {
  const before = await typed(platform, ['identity', 'token', 'try', '--m2m'])
  expect(before).toMatchObject({ code: 1, stderr: expect.stringContaining('npx agentworks identity workloads list') })

  const setup = await typed(platform, ['identity', 'provider', 'setup', '--return-url', returnUrl, '--json'])
  expect(setup.code, setup.stderr).toBe(0)
  const { password } = JSON.parse(setup.stdout)

  const token = ['identity', 'token', 'try', '--scope', 'read:mail']
  const machine = await typed(platform, [...token, '--m2m'])
  expect(machine.code, machine.stderr).toBe(0)
  expect(await verified(machine.stdout)).toMatchObject({ sub: 'try', scope: 'read:mail' })

  const wrong = await typed(platform, [...token, '--sign-in', 'alice'], 'wrong\n')
  expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('does not take this password of alice') })

  expect((await typed(platform, ['identity', 'vault', 'list'])).stdout).toMatch(/^session\s+try\s+us-east-1\s+try/m)

  const first = await typed(platform, [...token, '--sign-in', 'alice'], `${password}\n`)
  expect(first.code, first.stderr).toBe(0)
  expect(await verified(first.stdout)).toMatchObject({ sub: 'alice', client_id: 'try', scope: 'read:mail' })

  const again = await typed(platform, token)
  expect(again.stderr).toContain('from the vault')
  expect(again.stdout).toBe(first.stdout)

  const users = ['identity', 'provider', 'users']
  expect((await typed(platform, [...users, 'list'])).stdout).toMatch(/alice\s+alice@example\.com/)
  expect(await typed(platform, [...users, 'add', 'a b'])).toMatchObject({ code: 2, stderr: expect.stringContaining('cannot be the name of a user') })
  const second = await typed(platform, ['identity', 'provider', 'start', '--port', '0'])
  expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('runs already') })

  expect(await typed(platform, ['identity', 'check', provider.url])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining(`fix: name the document itself: ${provider.url}/.well-known/openid-configuration`),
  })

  // A second setup, as after a restart on another port, leaves a flow that works.
  const { password: other } = JSON.parse((await typed(platform, ['identity', 'provider', 'setup', '--return-url', returnUrl, '--json'])).stdout)
  const forced = await typed(platform, [...token, '--force', '--sign-in', 'alice'], `${other}\n`)
  expect(forced.code, forced.stderr).toBe(0)
  expect(forced.stdout).not.toBe(first.stdout)
})
