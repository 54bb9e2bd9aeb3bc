// Secrets Manager by its stock client, over SQLite and the vault's own sealer.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  paginateListSecrets,
  RestoreSecretCommand,
  RotateSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { envelopeSealer } from '#adapters/sealer/envelope.js'
import { sqliteStore } from '#adapters/sqlite/store.js'
import { randomIds } from '#kernel/ids.js'
import type { Store } from '#ports/store.js'
import { awsJsonProtocol } from '#wire/aws-json/index.js'
import { requestSigner } from '#wire/signed-request.fixture.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { putOwnedSecret, secretOperations } from './index.js'

const scope = { account: '000000000000', region: 'us-east-1' }
const dayMs = 24 * 60 * 60_000
const dir = mkdtempSync(join(tmpdir(), 'aw-secrets-'))
const vaultSealer = envelopeSealer(Buffer.alloc(32, 1))
let now = Date.now()
const due: (() => void)[] = []
const clock = {
  now: () => now,
  after(_ms: number, work: () => void) {
    due.push(work)
    return () => undefined
  },
}
const asked: string[] = []
let store: Store
let service: ReturnType<typeof secretOperations>
let server: SignedServer
let client: SecretsManagerClient
beforeAll(async () => {
  store = sqliteStore(join(dir, 'database'))
  service = secretOperations({ store, clock, ids: randomIds, vaultSealer })
  const protocol = awsJsonProtocol({ service: 'secretsmanager', variable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER', ...service })
  const authorizer = { authorize: (_caller: unknown, action: string, resource: string) => void asked.push(`${action} ${resource}`) }
  server = await signedServer({ of: () => protocol, fallback: protocol }, { authorizer })
  client = new SecretsManagerClient({ ...server.client, maxAttempts: 1 })
})
afterAll(async () => {
  expect(server.defects).toEqual([])
  await server[Symbol.asyncDispose]()
  await store.close()
  rmSync(dir, { recursive: true, force: true })
})

describe('a secret', () => {
  it('is made, read, given a new value, and described, by its name and by its ARN', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }]
    const { ARN, VersionId } = await client.send(
      new CreateSecretCommand({ Name: 'shop/db', SecretString: 'canary-one', Description: 'of the shop', Tags }),
    )
    expect(ARN).toMatch(/^arn:aws:secretsmanager:us-east-1:000000000000:secret:shop\/db-[A-Za-z0-9]{6}$/)
    for (const SecretId of ['shop/db', ARN, ARN?.slice(0, -7)]) {
      expect(await client.send(new GetSecretValueCommand({ SecretId }))).toMatchObject({
        ARN,
        Name: 'shop/db',
        SecretString: 'canary-one',
        VersionId,
        VersionStages: ['AWSCURRENT'],
        CreatedDate: expect.any(Date),
      })
    }
    expect(asked.at(-1)).toBe(`secretsmanager:GetSecretValue ${ARN}`)
    const put = await client.send(new PutSecretValueCommand({ SecretId: ARN, SecretString: 'canary-two' }))
    expect(put.VersionStages).toEqual(['AWSCURRENT'])
    expect((await client.send(new GetSecretValueCommand({ SecretId: ARN }))).SecretString).toBe('canary-two')
    expect(await client.send(new GetSecretValueCommand({ SecretId: ARN, VersionStage: 'AWSPREVIOUS' }))).toMatchObject({
      SecretString: 'canary-one',
      VersionId,
    })
    expect((await client.send(new GetSecretValueCommand({ SecretId: ARN, VersionId }))).SecretString).toBe('canary-one')
    const described = await client.send(new DescribeSecretCommand({ SecretId: 'shop/db' }))
    expect(described).toMatchObject({
      Description: 'of the shop',
      Tags,
      VersionIdsToStages: { [VersionId ?? '']: ['AWSPREVIOUS'], [put.VersionId ?? '']: ['AWSCURRENT'] },
    })
    expect(JSON.stringify(described)).not.toContain('canary')
    for (const file of ['database', 'database-wal']) expect(readFileSync(join(dir, file)).includes('canary')).toBe(false)
  })

  it('holds bytes, and 64 KB of text', async () => {
    const SecretBinary = Buffer.from([0, 255, 1, 2])
    await client.send(new CreateSecretCommand({ Name: 'bytes', SecretBinary }))
    expect(Buffer.from((await client.send(new GetSecretValueCommand({ SecretId: 'bytes' }))).SecretBinary ?? [])).toEqual(SecretBinary)
    const SecretString = '\u{1f600}\n"'.repeat(16_384)
    await client.send(new CreateSecretCommand({ Name: 'long', SecretString }))
    expect((await client.send(new GetSecretValueCommand({ SecretId: 'long' }))).SecretString).toBe(SecretString)
  })

  it('is made once: a retry by its token is answered again, anything else is refused', async () => {
    const input = { Name: 'retried', SecretString: 'a', ClientRequestToken: 'a'.repeat(36) }
    const first = await client.send(new CreateSecretCommand(input))
    expect((await client.send(new CreateSecretCommand(input))).VersionId).toBe(first.VersionId)
    for (const other of [
      { ...input, SecretString: 'b' },
      { Name: 'retried', SecretString: 'a' },
    ])
      await expect(client.send(new CreateSecretCommand(other))).rejects.toMatchObject({ name: 'ResourceExistsException' })
    const put = { SecretId: 'retried', SecretString: 'c', ClientRequestToken: 'c'.repeat(36) }
    await client.send(new PutSecretValueCommand(put))
    expect((await client.send(new PutSecretValueCommand(put))).VersionStages).toEqual(['AWSCURRENT'])
    await expect(client.send(new PutSecretValueCommand({ ...put, SecretString: 'd' }))).rejects.toMatchObject({ name: 'ResourceExistsException' })
  })

  it('is not changed by a version of another, whatever that is called', async () => {
    await client.send(new CreateSecretCommand({ Name: 'near' }))
    const { VersionId } = await client.send(new CreateSecretCommand({ Name: 'near/by', SecretString: 'mine' }))
    const ClientRequestToken = `by/${VersionId}`
    await client.send(new PutSecretValueCommand({ SecretId: 'near', ClientRequestToken, SecretString: 'theirs' }))
    expect((await client.send(new GetSecretValueCommand({ SecretId: 'near/by' }))).SecretString).toBe('mine')
    expect((await client.send(new GetSecretValueCommand({ SecretId: 'near', VersionId: ClientRequestToken }))).SecretString).toBe('theirs')
  })

  it('forgets a value that no label names any more', async () => {
    const { VersionId } = await client.send(new CreateSecretCommand({ Name: 'turning', SecretString: '1' }))
    for (const SecretString of ['2', '3']) await client.send(new PutSecretValueCommand({ SecretId: 'turning', SecretString }))
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'turning', VersionId }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    await client.send(new PutSecretValueCommand({ SecretId: 'turning', SecretString: 'pending', VersionStages: ['AWSPENDING'] }))
    expect((await client.send(new GetSecretValueCommand({ SecretId: 'turning' }))).SecretString).toBe('3')
    expect((await client.send(new GetSecretValueCommand({ SecretId: 'turning', VersionStage: 'AWSPENDING' }))).SecretString).toBe('pending')
  })
})

describe('a deleted secret', () => {
  it('can be restored until its window ends, and is gone from the vault then', async () => {
    await client.send(new CreateSecretCommand({ Name: 'going', SecretString: 'x' }))
    const { DeletionDate } = await client.send(new DeleteSecretCommand({ SecretId: 'going', RecoveryWindowInDays: 7 }))
    expect(DeletionDate?.getTime()).toBe(now + 7 * dayMs)
    const marked = { name: 'InvalidRequestException', message: expect.stringContaining('marked for deletion') }
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'going' }))).rejects.toMatchObject(marked)
    await expect(client.send(new PutSecretValueCommand({ SecretId: 'going', SecretString: 'y' }))).rejects.toMatchObject(marked)
    await expect(client.send(new CreateSecretCommand({ Name: 'going', SecretString: 'y' }))).rejects.toMatchObject({
      name: 'InvalidRequestException',
    })
    expect((await client.send(new DescribeSecretCommand({ SecretId: 'going' }))).DeletedDate).toBeInstanceOf(Date)
    await client.send(new RestoreSecretCommand({ SecretId: 'going' }))
    expect((await client.send(new GetSecretValueCommand({ SecretId: 'going' }))).SecretString).toBe('x')
    await client.send(new DeleteSecretCommand({ SecretId: 'going', RecoveryWindowInDays: 7 }))
    const end = service.keepSwept()
    now += 7 * dayMs
    await expect(client.send(new DescribeSecretCommand({ SecretId: 'going' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    for (const work of due.splice(0)) work()
    await end()
    const kept = await store.list({ name: 'vault-entries' }, scope, { prefix: 'secret/going/' })
    expect(kept).toEqual([])
    await client.send(new CreateSecretCommand({ Name: 'going', SecretString: 'again' }))
  })

  it('goes at once when forced, whether it was there or not', async () => {
    await client.send(new CreateSecretCommand({ Name: 'forced', SecretString: 'x' }))
    for (let time = 0; time < 2; time++) await client.send(new DeleteSecretCommand({ SecretId: 'forced', ForceDeleteWithoutRecovery: true }))
    await expect(client.send(new DeleteSecretCommand({ SecretId: 'forced' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

it('a secret that a service keeps is read, and changed by that service alone', async () => {
  const name = 'bedrock-agentcore-identity!default/apikey/k'
  const ports = { vaultSealer, clock, ids: randomIds }
  const arn = await store.transaction((tx) =>
    putOwnedSecret(tx, ports, scope, { name, owningService: 'bedrock-agentcore-identity', value: '{"a":1}' }),
  )
  expect((await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString).toBe('{"a":1}')
  const managed = { name: 'InvalidRequestException', message: expect.stringContaining('managed by bedrock-agentcore-identity') }
  await expect(client.send(new PutSecretValueCommand({ SecretId: arn, SecretString: 'x' }))).rejects.toMatchObject(managed)
  await expect(client.send(new DeleteSecretCommand({ SecretId: arn, ForceDeleteWithoutRecovery: true }))).rejects.toMatchObject(managed)
  await expect(client.send(new DeleteSecretCommand({ SecretId: arn }))).rejects.toMatchObject(managed)
})

describe('secrets', () => {
  beforeAll(async () => {
    for (const number of [1, 2, 3, 4, 5])
      await client.send(
        new CreateSecretCommand({
          Name: `list/${number}`,
          SecretString: 'x',
          Description: `Number ${number}`,
          Tags: [{ Key: 'odd', Value: String(number % 2) }],
        }),
      )
    await client.send(new DeleteSecretCommand({ SecretId: 'list/4' }))
  })
  const names = async (input: object) =>
    (await client.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['list/'] }], ...input }))).SecretList?.map(({ Name }) => Name)

  it('are listed page by page, both ways', async () => {
    for (const SortOrder of ['asc', 'desc'] as const) {
      const all: (string | undefined)[] = []
      for await (const { SecretList } of paginateListSecrets({ client, pageSize: 2 }, { SortOrder, Filters: [{ Key: 'name', Values: ['list/'] }] })) {
        expect(SecretList?.length).toBeLessThanOrEqual(2)
        all.push(...(SecretList ?? []).map(({ Name }) => Name))
      }
      const expected = ['list/1', 'list/2', 'list/3', 'list/5']
      expect(all).toEqual(SortOrder === 'asc' ? expected : expected.toReversed())
    }
  })

  it('are chosen by filters', async () => {
    expect(await names({ IncludePlannedDeletion: true })).toHaveLength(5)
    expect(
      await names({
        Filters: [
          { Key: 'tag-value', Values: ['1'] },
          { Key: 'tag-key', Values: ['odd'] },
        ],
      }),
    ).toEqual(['list/1', 'list/3', 'list/5'])
    expect(await names({ Filters: [{ Key: 'description', Values: ['number 2', 'NUMBER 3'] }] })).toEqual(['list/2', 'list/3'])
    expect(
      await names({
        Filters: [
          { Key: 'name', Values: ['list/'] },
          { Key: 'tag-value', Values: ['!1'] },
        ],
      }),
    ).toEqual(['list/2'])
    expect(await names({ Filters: [{ Key: 'owning-service', Values: ['bedrock'] }] })).toEqual(['bedrock-agentcore-identity!default/apikey/k'])
    expect(await names({ Filters: [{ Key: 'all', Values: ['numb'] }] })).toHaveLength(4)
  })
})

describe('bad input', () => {
  it.each<[string, object, string, RegExp]>([
    ['CreateSecret', { SecretString: 'canary' }, 'InvalidParameterException', /^Name is required/],
    ['CreateSecret', { Name: 'a b', SecretString: 'canary' }, 'InvalidParameterException', /^Name must match/],
    ['CreateSecret', { Name: 'a', SecretString: 5 }, 'InvalidParameterException', /^SecretString must be a text/],
    ['CreateSecret', { Name: 'a', SecretString: 'canary', SecretBinary: 'YQ==' }, 'InvalidParameterException', /not both/],
    ['CreateSecret', { Name: 'a', SecretBinary: 'canary!' }, 'InvalidParameterException', /base64/],
    ['CreateSecret', { Name: 'a', SecretString: 'canary'.padEnd(65_537) }, 'InvalidParameterException', /1 to 65536/],
    ['CreateSecret', { Name: 'a', KmsKeyId: 'k' }, 'InvalidParameterException', /^KmsKeyId is not executed/],
    ['CreateSecret', { Name: 'a', Tags: [{ Value: 'x' }] }, 'InvalidParameterException', /Key is required/],
    ['CreateSecret', { Name: 'a', Tags: [{ Key: 'aws:x', Value: 'x' }] }, 'ValidationException', /reserved/],
    ['PutSecretValue', { SecretId: 'nothing', SecretString: 'canary' }, 'ResourceNotFoundException', /find the specified secret/],
    ['PutSecretValue', { SecretId: 'nothing' }, 'InvalidParameterException', /SecretString or SecretBinary is required/],
    [
      'GetSecretValue',
      { SecretId: 'arn:aws:secretsmanager:us-east-1:111111111111:secret:x' },
      'ResourceNotFoundException',
      /find the specified secret/,
    ],
    ['GetSecretValue', { SecretId: ['x'] }, 'InvalidParameterException', /SecretId/],
    ['DeleteSecret', { SecretId: 'x', RecoveryWindowInDays: 3 }, 'InvalidParameterException', /7 to 30/],
    ['DeleteSecret', { SecretId: 'x', RecoveryWindowInDays: 7, ForceDeleteWithoutRecovery: true }, 'InvalidParameterException', /in conjunction/],
    ['ListSecrets', { NextToken: 'x' }, 'InvalidParameterException', /NextToken/],
    ['ListSecrets', { Filters: [{ Key: 'primary-region', Values: ['x'] }] }, 'InvalidParameterException', /must be one of/],
  ])('%s refuses what breaks its rules (case %#)', async (operation, input, type, message) => {
    const { status, body } = await call(operation, JSON.stringify(input))
    expect(status).toBeLessThan(500)
    expect(body).toMatchObject({ __type: type, message: expect.stringMatching(message) })
    expect(body.message).not.toContain('canary')
  })

  it('of other forms is refused too, and what is not served by name', async () => {
    for (const body of ['{"SecretId": canary', '[]', '"x"', 'null', '\0']) {
      const answer = await call('GetSecretValue', body)
      expect([answer.status, answer.body.__type]).toEqual([400, 'InvalidParameterException'])
      expect(answer.body.message).not.toContain('canary')
    }
    expect(await call('../x', '{}')).toMatchObject({ status: 404 })
    await expect(client.send(new RotateSecretCommand({ SecretId: 'x' }))).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: expect.stringMatching(/RotateSecret.*AWS_ENDPOINT_URL_SECRETS_MANAGER/),
    })
  })
})

async function call(operation: string, body: string): Promise<{ status: number; body: Record<string, string> }> {
  const headers = { host: `127.0.0.1:${server.port}`, 'x-amz-target': `secretsmanager.${operation}`, 'content-type': 'application/x-amz-json-1.1' }
  const signed = await requestSigner('secretsmanager', { sendHash: false }).sign({
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
  return { status: answer.status, body: (await answer.json()) as Record<string, string> }
}
