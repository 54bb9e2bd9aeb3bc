import { Readable } from 'node:stream'
import { json } from 'node:stream/consumers'
import type { InvokeAgentRuntimeRequest } from '@agentworks/model'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aesSealer } from '#adapters/sealer/aes.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { readWorkloadToken, workloadIdentities, workloadIdentityOperations } from '#services/identity/index.js'
import { contextFor, openWorld } from './world.fixture.js'

/** Answers with the headers that it got, on both paths. */
const echo = `require('node:http').createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'application/json' })
  response.end(request.url === '/ping' ? '{"status":"Healthy"}' : JSON.stringify(request.headers))
})`
const names = ['workloadaccesstoken', 'x-amz-bedrock-agentcore-identity-wat']
const scope = { account: '000000000000', region: 'us-east-1' }
let world: Awaited<ReturnType<typeof openWorld>>
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

/** Only the runtime's own clock moves, and it stands still here. */
const read = (token: string) =>
  readWorkloadToken(
    { sealer: aesSealer(Buffer.alloc(32, 7)), clock: { now: () => 1_000_000, after: () => () => undefined }, store: world.store },
    scope,
    token,
  )

async function invoke(agentRuntimeArn: string, more: Partial<InvokeAgentRuntimeRequest>): Promise<string[]> {
  const payload = Readable.from([Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/list"}')])
  const { response } = await world.room.operations.InvokeAgentRuntime(contextFor(), { agentRuntimeArn, payload, ...more })
  const headers = (await json(response as Readable)) as Record<string, string>
  return names.map((name) => headers[name] ?? '')
}

it.each([
  ['HTTP', 8080, {}],
  ['MCP', 8000, { accept: 'application/json, text/event-stream' }],
  ['A2A', 9000, {}],
] as const)(
  'an agent that speaks %s gets its token under both names, with the user when the caller says who that is',
  async (serverProtocol, port, more) => {
    const arn = await world.agent(`wat_${serverProtocol}`, `${echo}.listen(${port})`, { protocolConfiguration: { serverProtocol } })
    const id = arn.split('/')[1] ?? ''
    const [token = '', same] = await invoke(arn, more)
    expect(same).toBe(token)
    const claims = await read(token)
    expect(claims).toMatchObject({ workloadName: id, identity: { linkedTo: arn } })
    expect(claims.user).toBeUndefined()
    expect(await read((await invoke(arn, { ...more, runtimeUserId: 'jane@example.com' }))[0] ?? '')).toMatchObject({
      user: { userId: 'jane@example.com' },
    })
  },
)

it('a runtime names its identity, which goes with it', async () => {
  const arn = await world.agent('own', `${echo}.listen(8080)`)
  const agentRuntimeId = arn.split('/')[1] ?? ''
  const workloadIdentityArn = `arn:aws:bedrock-agentcore:us-east-1:000000000000:workload-identity-directory/default/workload-identity/${agentRuntimeId}`
  const { operations } = world.room
  expect(await operations.GetAgentRuntime(contextFor(), { agentRuntimeId })).toMatchObject({ workloadIdentityDetails: { workloadIdentityArn } })
  const [token = ''] = await invoke(arn, {})
  await operations.DeleteAgentRuntime(contextFor(), { agentRuntimeId })
  await world.room.settled()
  expect(await world.store.get(workloadIdentities, scope, agentRuntimeId)).toBeUndefined()
  await expect(read(token)).rejects.toMatchObject({ code: 'UnauthorizedException' })
})

it('a runtime of an earlier release gets its identity at the next start', async () => {
  const arn = await world.agent('old', `${echo}.listen(8080)`)
  const agentRuntimeId = arn.split('/')[1] ?? ''
  await world.store.transaction((tx) => tx.delete(workloadIdentities, scope, agentRuntimeId))
  await world.room.recover()
  expect((await read((await invoke(arn, {}))[0] ?? '')).workloadName).toBe(agentRuntimeId)
})

it('a user whose token was accepted is in the agent’s token, which holds the user’s own for an exchange', async () => {
  const arn = await world.agent('of_jwt', `${echo}.listen(8080)`, {
    authorizerConfiguration: { customJWTAuthorizer: { discoveryUrl: 'https://id.example/.well-known/openid-configuration', allowedClients: ['a'] } },
  })
  const jwt = { issuer: 'https://id.example', subject: 'jane' }
  const ctx = { ...contextFor(), headers: { authorization: 'Bearer a.b.c' }, caller: { ...contextFor().caller, kind: 'jwt' as const, jwt } }
  const { response } = await world.room.operations.InvokeAgentRuntime(ctx, { agentRuntimeArn: arn, payload: Readable.from([]) })
  const headers = (await json(response as Readable)) as Record<string, string>
  expect((await read(headers.workloadaccesstoken ?? '')).user).toEqual({ ...jwt, userToken: 'a.b.c' })
  expect(headers).not.toHaveProperty('authorization')
})

it('the agent learns where its users’ browsers go after a consent, when its identity says so', async () => {
  const arn = await world.agent('returns', `${echo}.listen(8080)`)
  const agentRuntimeId = arn.split('/')[1] ?? ''
  const callbackUrl = async () => {
    const { response } = await world.room.operations.InvokeAgentRuntime(contextFor(), { agentRuntimeArn: arn, payload: Readable.from([]) })
    return ((await json(response as Readable)) as Record<string, string>).oauth2callbackurl
  }
  expect(await callbackUrl()).toBeUndefined()
  const operations = workloadIdentityOperations({ store: world.store, clock: systemClock, ids: randomIds })
  await operations.UpdateWorkloadIdentity(contextFor(), { name: agentRuntimeId, allowedResourceOauth2ReturnUrls: ['https://app.example/back'] })
  expect(await callbackUrl()).toBe('https://app.example/back')
})
