// The platform's own JWTs, checked as a service outside checks them: by a stock library that knows the issuer's address.
import {
  DisableOutboundWebIdentityFederationCommand,
  EnableOutboundWebIdentityFederationCommand,
  GetOutboundWebIdentityFederationInfoCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { AssumeRoleCommand, GetWebIdentityTokenCommand, type GetWebIdentityTokenCommandInput } from '@aws-sdk/client-sts'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, expect } from 'vitest'
import { userWith } from '../callers.fixture.ts'
import { typed } from '../cli.fixture.ts'
import { errorOf } from '../invoke.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const issuer = 'https://issuer.example.com'
const dataDir = newDataDir()
const started = () => startPlatform(dataDir, { AGENTWORKS_ISSUER_URL: issuer })
let platform: RunningPlatform
let clients: Clients
beforeAll(async () => {
  platform = await started()
  clients = clientsOf(platform)
})
afterAll(() => removeDataDir(platform))

async function verified(token: string) {
  const document = await fetch(`${platform.url}/.well-known/openid-configuration`)
  const { jwks_uri, ...discovery } = (await document.json()) as { jwks_uri: string; issuer: string }
  expect(discovery).toMatchObject({ issuer, id_token_signing_alg_values_supported: ['RS256', 'ES384'] })
  // The operator's own name leads here by way of a proxy, which the test does not have.
  const keySet = createRemoteJWKSet(new URL(jwks_uri.replace(issuer, platform.url)))
  return jwtVerify(token, keySet, { issuer, audience: 'https://api.example.com' })
}

scenario('sts.web-identity', 'js', async () => {
  const asked = { Audience: ['https://api.example.com'], SigningAlgorithm: 'ES384', Tags: [{ Key: 'team', Value: 'data' }] }
  const { WebIdentityToken: before = '' } = await clients.sts.send(new GetWebIdentityTokenCommand(asked))
  const { payload } = await verified(before)
  expect(payload).toMatchObject({
    sub: 'arn:aws:iam::000000000000:root',
    'https://sts.amazonaws.com/': { aws_account: '000000000000', request_tags: { team: 'data' } },
  })

  await platform.kill()
  platform = await started()
  clients = clientsOf(platform)
  await verified(before)

  const { keys } = JSON.parse((await typed(platform, ['identity', 'issuer', 'rotate', '--json'])).stdout)
  expect(keys.map(({ state }: { state: string }) => state)).toEqual(['SIGNING', 'NEXT', 'SIGNING', 'NEXT'])
  await verified(before)

  expect((await typed(platform, ['identity', 'issuer', 'rotate', '--now'])).stdout).toMatch(/ES384\s+SIGNING/)
  await expect(verified(before)).rejects.toThrow(/no applicable key found/)
  const { WebIdentityToken: after = '' } = await clients.sts.send(new GetWebIdentityTokenCommand({ ...asked, SigningAlgorithm: 'RS256' }))
  expect(decodeProtectedHeader(after).alg).toBe('RS256')
  await verified(after)
})

scenario('sts.web-identity.limits', 'js', async () => {
  const iam = new IAMClient({ endpoint: platform.url, region, credentials: platform.credentials })
  const asked = { Audience: ['https://api.example.com'], SigningAlgorithm: 'RS256', DurationSeconds: 60 }
  const ask = (of: Clients, more: Partial<GetWebIdentityTokenCommandInput> = {}) => of.sts.send(new GetWebIdentityTokenCommand({ ...asked, ...more }))

  expect(await iam.send(new GetOutboundWebIdentityFederationInfoCommand({}))).toMatchObject({ IssuerIdentifier: issuer, JwtVendingEnabled: true })
  expect(await errorOf(iam.send(new EnableOutboundWebIdentityFederationCommand({})))).toMatchObject({ name: 'FeatureEnabledException', status: 409 })
  expect(await errorOf(iam.send(new DisableOutboundWebIdentityFederationCommand({})))).toMatchObject({ status: 501 })

  const role = await assumed('AgentCoreExecutionRole')
  const { payload } = await verified((await ask(role)).WebIdentityToken ?? '')
  expect(payload.sub).toBe('arn:aws:iam::000000000000:role/AgentCoreExecutionRole')
  expect(await errorOf(ask(role, { DurationSeconds: 3600 }))).toMatchObject({ name: 'SessionDurationEscalationException', status: 403 })
  expect(await errorOf(ask(role, { Tags: [{ Key: 'k', Value: 'v' }] }))).toMatchObject({
    message: expect.stringContaining('sts:TagGetWebIdentityToken'),
  })
  expect(await errorOf(ask(await assumed('AgentworksExecutionRole')))).toMatchObject({ name: 'AccessDenied', status: 403 })

  const pinned = {
    'ForAllValues:StringEquals': { 'sts:IdentityTokenAudience': ['https://api.example.com'], 'aws:TagKeys': ['team'] },
    NumericLessThanEquals: { 'sts:DurationSeconds': '120' },
    StringEquals: { 'sts:SigningAlgorithm': 'RS256' },
  }
  const user = await userWith(platform, iam, 'pinned', {
    Effect: 'Allow',
    Action: ['sts:GetWebIdentityToken', 'sts:TagGetWebIdentityToken'],
    Resource: 'arn:aws:sts::000000000000:self',
    Condition: pinned,
  })
  await ask(user, { Tags: [{ Key: 'team', Value: 'data' }] })
  for (const more of [
    { Audience: ['https://api.example.com', 'https://other.example.com'] },
    { DurationSeconds: 121 },
    { DurationSeconds: undefined },
    { SigningAlgorithm: 'ES384' },
    { Tags: [{ Key: 'other', Value: 'data' }] },
  ])
    expect(await errorOf(ask(user, more)), JSON.stringify(more)).toMatchObject({ name: 'AccessDenied' })
})

async function assumed(role: string): Promise<Clients> {
  const asked = new AssumeRoleCommand({ RoleArn: `arn:aws:iam::000000000000:role/${role}`, RoleSessionName: 'issuer', DurationSeconds: 900 })
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = (await clients.sts.send(asked)).Credentials ?? {}
  const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken }
  return clientsOf({ url: platform.url, credentials })
}

scenario('audit.shown', 'js', async () => {
  await clients.sts.send(new GetWebIdentityTokenCommand({ Audience: ['a'], SigningAlgorithm: 'RS256' }))
  await errorOf(clients.sts.send(new GetWebIdentityTokenCommand({ Audience: ['a'], SigningAlgorithm: 'none' })))
  const shown = JSON.parse((await typed(platform, ['audit', '--json', '--action', 'sts:GetWeb*', '--since', '1h', '--limit', '2'])).stdout)
  expect(shown).toMatchObject([
    {
      action: 'sts:GetWebIdentityToken',
      principalArn: 'arn:aws:iam::000000000000:root',
      resource: 'arn:aws:sts::000000000000:self',
      outcome: 'allowed',
    },
    { action: 'sts:GetWebIdentityToken', outcome: 'ValidationException' },
  ])
  expect((await typed(platform, ['audit', '--action', 'RotateIssuerKeys'])).stdout).toMatch(
    / allowed arn:aws:iam::000000000000:root agentworks:RotateIssuerKeys /,
  )
  expect(await typed(platform, ['audit', '--since', 'yesterday'])).toMatchObject({ code: 2, stderr: expect.stringContaining('15m') })
})
