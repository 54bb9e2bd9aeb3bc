// The sts scope, by the stock client and by the plain forms that older clients send.
import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect } from 'vitest'
import { errorOf } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'

let platform: RunningPlatform
let clients: Clients
beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
})
afterAll(() => removeDataDir(platform))

scenario('sts.identity', 'js', async () => {
  expect(await clients.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
    UserId: '000000000000',
  })
  expect(await errorOf(clients.sts.send(new GetSessionTokenCommand({})))).toMatchObject({
    status: 501,
    message: expect.stringContaining('GetSessionToken'),
  })
  const stranger = new STSClient({ endpoint: platform.url, region, credentials: { accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'x' } })
  expect(await errorOf(stranger.send(new GetCallerIdentityCommand({})))).toMatchObject({ name: 'InvalidClientTokenId', status: 403 })
})

scenario('sts.identity', 'raw', async () => {
  const sts = { service: 'sts', method: 'GET' }
  const asked = await sendSigned(platform, { ...sts, path: '/?Action=GetCallerIdentity&Version=2011-06-15' })
  expect(asked.status).toBe(200)
  expect(asked.body).toMatch(/<Arn>arn:aws:iam::000000000000:root<\/Arn>/)
  expect(await sendSigned(platform, { ...sts, path: '/' })).toMatchObject({ status: 400 })
  expect(await sendSigned(platform, { ...sts, method: 'PUT', path: '/' })).toMatchObject({ status: 404 })
  expect(await sendSigned(platform, { ...sts, method: 'POST', path: '/', body: '\u0000=%ZZ' })).toMatchObject({ status: 400 })
})
