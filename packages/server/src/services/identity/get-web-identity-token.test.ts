import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { GetWebIdentityTokenCommand, type GetWebIdentityTokenCommandInput, STSClient } from '@aws-sdk/client-sts'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { aesSealer } from '#adapters/sealer/aes.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { joseSigner } from '#adapters/token-signer/jose-signer.js'
import { systemClock } from '#kernel/clock.js'
import { randomIds } from '#kernel/ids.js'
import { queryProtocol } from '#wire/query/index.js'
import { rootKey } from '#wire/signed-request.fixture.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { getWebIdentityToken } from './get-web-identity-token.js'
import { issuerKeys } from './issuer-keys.js'

const endsAt = Date.now() + 10 * 60_000
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
  expiresAt: endsAt,
}
const issuer = 'https://issuer.example.com'
const dir = mkdtempSync(join(tmpdir(), 'aw-web-identity-'))
const store = sqliteStore(join(dir, 'db'))
const ports = { store, sealer: aesSealer(Buffer.alloc(32, 1)), signer: joseSigner, account: '000000000000', clock: systemClock, ids: randomIds }
const keys = issuerKeys(ports)
const accessKeys = { find: (id: string) => (id === 'ASIASESSION' ? session : id === rootKey.caller.accessKeyId ? rootKey : undefined) }

const authorizer = { authorize: () => {} }
const noTags = () => ({})

let server: SignedServer
let sts: STSClient
let inSession: STSClient
beforeAll(async () => {
  const operations = { GetWebIdentityToken: getWebIdentityToken({ ...ports, keys, accessKeys, authorizer, tagsOf: noTags, issuer: () => issuer }) }
  const protocol = queryProtocol({ service: 'sts', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', operations })
  server = await signedServer({ of: () => protocol, fallback: protocol }, { keys: accessKeys })
  sts = new STSClient(server.client)
  inSession = new STSClient({ ...server.client, credentials: { accessKeyId: 'ASIASESSION', secretAccessKey: 'secret', sessionToken: 'token' } })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

async function claimsOf(token = '', audience: string) {
  return jwtVerify(token, createLocalJWKSet({ keys: (await keys.published()) as never }), { issuer, audience })
}

it('tells a service outside who calls, by either algorithm', async () => {
  const Tags = [
    { Key: 'team', Value: 'data' },
    { Key: 'cost:center', Value: '' },
  ]
  for (const SigningAlgorithm of ['RS256', 'ES384']) {
    const answer = await sts.send(new GetWebIdentityTokenCommand({ Audience: ['https://api.example.com'], SigningAlgorithm, Tags }))
    const { payload, protectedHeader } = await claimsOf(answer.WebIdentityToken, 'https://api.example.com')
    expect(protectedHeader.alg).toBe(SigningAlgorithm)
    expect(payload).toMatchObject({
      sub: 'arn:aws:iam::000000000000:root',
      aud: 'https://api.example.com',
      'https://sts.amazonaws.com/': {
        aws_account: '000000000000',
        source_region: 'us-east-1',
        request_tags: { team: 'data', 'cost:center': '' },
      },
    })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
    expect(answer.Expiration?.getTime()).toBe((payload.exp ?? 0) * 1000)
  }
})

it('names the role of a session, and gives no token that outlives its credentials', async () => {
  const asked = { Audience: ['a', 'b'], SigningAlgorithm: 'ES384' }
  const { WebIdentityToken } = await inSession.send(new GetWebIdentityTokenCommand({ ...asked, DurationSeconds: 60 }))
  const { payload } = await claimsOf(WebIdentityToken, 'b')
  expect(payload).toMatchObject({
    sub: session.caller.roleArn,
    aud: ['a', 'b'],
    'https://sts.amazonaws.com/': { original_session_exp: new Date(endsAt).toISOString() },
  })
  await expect(inSession.send(new GetWebIdentityTokenCommand({ ...asked, DurationSeconds: 3600 }))).rejects.toMatchObject({
    name: 'SessionDurationEscalationException',
    $metadata: { httpStatusCode: 403 },
  })
})

const good = { Audience: ['a'], SigningAlgorithm: 'RS256' }
const tagsOf = (count: number, value: string) => Array.from({ length: count }, (_, n) => ({ Key: `k${n}`, Value: value }))
it.each<[string, Partial<GetWebIdentityTokenCommandInput>, RegExp]>([
  ['no audience', { Audience: undefined }, /Audience: is required/],
  ['eleven audiences', { Audience: Array.from({ length: 11 }, (_, n) => `a${n}`) }, /Audience: has 11 members/],
  ['an empty audience', { Audience: [''] }, /Audience: has a member of 0/],
  ['an audience too long', { Audience: ['x'.repeat(1001)] }, /Audience: has a member of 1001/],
  ['another algorithm', { SigningAlgorithm: 'none' }, /SigningAlgorithm: is required: RS256 or ES384/],
  ['too short', { DurationSeconds: 59 }, /DurationSeconds: .*must be a whole number from 60 to 3600/],
  ['too long', { DurationSeconds: 3601 }, /DurationSeconds: .*must be/],
  ['51 tags', { Tags: tagsOf(51, '') }, /Tags: has 51 members/],
  ['a tag twice', { Tags: [...tagsOf(1, 'x'), ...tagsOf(1, 'y')] }, /"k0" stands twice/],
  ['a control character in a tag', { Tags: [{ Key: 'k', Value: 'a\nb' }] }, /Tags.member.1.Value/],
  ['a tag without a key', { Tags: [{ Key: '', Value: 'a' }] }, /Tags.member.1.Key/],
])('refuses %s by name', async (_what, asked, message) => {
  await expect(sts.send(new GetWebIdentityTokenCommand({ ...good, ...asked }))).rejects.toMatchObject({
    name: 'ValidationError',
    message: expect.stringMatching(message),
  })
  expect(server.defects).toEqual([])
})

it('refuses what no header would carry', async () => {
  await expect(sts.send(new GetWebIdentityTokenCommand({ ...good, Tags: tagsOf(50, 'v'.repeat(256)) }))).rejects.toMatchObject({
    name: 'JWTPayloadSizeExceededException',
  })
})
