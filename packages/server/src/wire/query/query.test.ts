import { GetCallerIdentityCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { getCallerIdentity } from '#services/identity/get-caller-identity.js'
import { requestSigner, rootKey } from '#wire/signed-request.fixture.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { queryProtocol } from './index.js'

const session = {
  caller: {
    ...rootKey.caller,
    kind: 'session' as const,
    accessKeyId: 'ASIASESSION',
    principalArn: 'arn:aws:sts::000000000000:assumed-role/agent/my-session',
    roleArn: 'arn:aws:iam::000000000000:role/agent',
  },
  secretAccessKey: 'secret',
  sessionToken: 'token',
}
let server: SignedServer
beforeAll(async () => {
  const protocol = queryProtocol({
    service: 'sts',
    namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
    operations: { GetCallerIdentity: async ({ caller }) => ({ ...getCallerIdentity(caller) }) },
  })
  const keys = { find: (id: string) => (id === 'ASIASESSION' ? session : id === rootKey.caller.accessKeyId ? rootKey : undefined) }
  server = await signedServer({ of: () => protocol, fallback: protocol }, { keys })
})
afterAll(() => server[Symbol.asyncDispose]())

it('tells the stock client who it is', async () => {
  const sts = new STSClient(server.client)
  expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '000000000000',
    Arn: 'arn:aws:iam::000000000000:root',
    UserId: '000000000000',
  })
  const inSession = new STSClient({ ...server.client, credentials: { accessKeyId: 'ASIASESSION', secretAccessKey: 'secret', sessionToken: 'token' } })
  const identity = await inSession.send(new GetCallerIdentityCommand({}))
  expect(identity).toMatchObject({ Arn: session.caller.principalArn, UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:my-session$/) })
})

it('answers a presigned GET, as cluster logins use it', async () => {
  const { query } = await requestSigner('sts', { sendHash: false }).presign(
    {
      method: 'GET',
      protocol: 'http:',
      hostname: 'x',
      path: '/',
      query: { Action: 'GetCallerIdentity', Version: '2011-06-15' },
      headers: { host: `127.0.0.1:${server.port}` },
    },
    { expiresIn: 60 },
  )
  const answer = await fetch(`${server.url}/?${new URLSearchParams(query as Record<string, string>)}`)
  expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining('<Arn>arn:aws:iam::000000000000:root</Arn>')])
})

it('refuses every other action by name, and bad credentials with the codes of Query services', async () => {
  const sts = new STSClient({ ...server.client, maxAttempts: 1 })
  await expect(sts.send(new GetSessionTokenCommand({}))).rejects.toMatchObject({
    name: 'UnsupportedOperationException',
    message: expect.stringContaining('sts GetSessionToken is not served by agentworks'),
    $metadata: { httpStatusCode: 501 },
  })
  const unknown = new STSClient({ ...server.client, credentials: { accessKeyId: 'AKIDUNKNOWN', secretAccessKey: 'x' } })
  await expect(unknown.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'InvalidClientTokenId',
    $metadata: { httpStatusCode: 403 },
  })
  const wrong = new STSClient({ ...server.client, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'x' } })
  await expect(wrong.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
    $metadata: { httpStatusCode: 403 },
  })
})

it('refuses a call that names no action', async () => {
  const headers = { host: `127.0.0.1:${server.port}`, 'content-type': 'application/x-www-form-urlencoded' }
  for (const body of ['', 'Action=', 'Action=%00&Version=1', 'Act&&&=;', 'Action=GetCallerIdentity&Action=AssumeRole']) {
    const signed = await requestSigner('sts', { sendHash: false }).sign({
      method: 'POST',
      protocol: 'http:',
      hostname: 'x',
      path: '/',
      query: {},
      headers,
      body,
    })
    const { host: _host, ...sent } = signed.headers
    const answer = await fetch(`${server.url}/`, { method: 'POST', headers: sent, body })
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('<Code>ValidationError</Code>')])
  }
  expect(server.defects).toEqual([])
})
