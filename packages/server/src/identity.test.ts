// Workload identities and credential providers by the stock clients.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import {
  GetWorkloadAccessTokenCommand,
  GetWorkloadAccessTokenForJWTCommand,
  GetWorkloadAccessTokenForUserIdCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateApiKeyCredentialProviderCommand,
  CreateWorkloadIdentityCommand,
  DeleteApiKeyCredentialProviderCommand,
  DeleteWorkloadIdentityCommand,
  GetApiKeyCredentialProviderCommand,
  GetTokenVaultCommand,
  GetWorkloadIdentityCommand,
  type KmsConfiguration,
  ListApiKeyCredentialProvidersCommand,
  ListTagsForResourceCommand,
  paginateListWorkloadIdentities,
  SetTokenVaultCMKCommand,
  TagResourceCommand,
  UpdateApiKeyCredentialProviderCommand,
  UpdateWorkloadIdentityCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiKeyOf, readWorkloadToken } from '#services/identity/index.js'
import { secretOperations } from '#services/secrets/index.js'
import { openIdentity } from './identity.fixture.js'

const scope = { account: '000000000000', region: 'us-east-1' }
const arn = (resource: string) => `arn:aws:bedrock-agentcore:us-east-1:000000000000:${resource}`
let opened: Awaited<ReturnType<typeof openIdentity>>
beforeAll(async () => {
  opened = await openIdentity()
})
afterAll(async () => {
  expect(opened.defects).toEqual([])
  await opened.close()
})

describe('workload identities', () => {
  it('are created, read, changed, listed, tagged and deleted', async () => {
    const { control } = opened
    const created = await control.send(
      new CreateWorkloadIdentityCommand({ name: 'shop', allowedResourceOauth2ReturnUrls: ['https://app.example/back'], tags: { team: 'a' } }),
    )
    const workloadIdentityArn = arn('workload-identity-directory/default/workload-identity/shop')
    expect(created).toMatchObject({ name: 'shop', workloadIdentityArn, allowedResourceOauth2ReturnUrls: ['https://app.example/back'] })
    expect((await control.send(new ListTagsForResourceCommand({ resourceArn: workloadIdentityArn }))).tags).toEqual({ team: 'a' })
    // Policies speak of one ARN; by another partition's nobody comes past them.
    const foreign = workloadIdentityArn.replace('arn:aws:', 'arn:aws-cn:')
    await expect(control.send(new TagResourceCommand({ resourceArn: foreign, tags: { a: 'b' } }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    const urls = ['https://app.example/other', 'myapp:back']
    await control.send(new UpdateWorkloadIdentityCommand({ name: 'shop', allowedResourceOauth2ReturnUrls: urls }))
    // Absent is no change; empty is none.
    await control.send(new UpdateWorkloadIdentityCommand({ name: 'shop' }))
    expect(await control.send(new GetWorkloadIdentityCommand({ name: 'shop' }))).toMatchObject({ allowedResourceOauth2ReturnUrls: urls })
    await control.send(new UpdateWorkloadIdentityCommand({ name: 'shop', allowedResourceOauth2ReturnUrls: [] }))
    const emptied = await control.send(new GetWorkloadIdentityCommand({ name: 'shop' }))
    expect([emptied.allowedResourceOauth2ReturnUrls, emptied.createdTime]).toEqual([[], expect.any(Date)])
    await expect(control.send(new CreateWorkloadIdentityCommand({ name: 'shop' }))).rejects.toMatchObject({ name: 'ValidationException' })
    await control.send(new DeleteWorkloadIdentityCommand({ name: 'shop' }))
    await expect(control.send(new GetWorkloadIdentityCommand({ name: 'shop' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await expect(control.send(new TagResourceCommand({ resourceArn: workloadIdentityArn, tags: { a: 'b' } }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })

  it('are listed page by page', async () => {
    const { control } = opened
    for (const name of ['page-1', 'page-2', 'page-3']) await control.send(new CreateWorkloadIdentityCommand({ name }))
    const names: (string | undefined)[] = []
    for await (const page of paginateListWorkloadIdentities({ client: control, pageSize: 2 }, {})) {
      expect(page.workloadIdentities?.length).toBeLessThanOrEqual(2)
      names.push(...(page.workloadIdentities ?? []).map(({ name }) => name))
    }
    expect(names).toEqual(expect.arrayContaining(['page-1', 'page-2', 'page-3']))
  })

  it('take no tag that would mean something to the platform elsewhere', async () => {
    const refused = opened.control.send(new CreateWorkloadIdentityCommand({ name: 'tagged', tags: { 'agentworks:cpu': '1' } }))
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringContaining('agentworks:cpu') })
    await expect(opened.control.send(new GetWorkloadIdentityCommand({ name: 'tagged' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('take no return URL that is none', async () => {
    const { control } = opened
    const refused = control.send(
      new CreateWorkloadIdentityCommand({ name: 'bad-url', allowedResourceOauth2ReturnUrls: ['https://a.example', 'http://['] }),
    )
    await expect(refused).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('allowedResourceOauth2ReturnUrls[1]'),
    })
  })

  it('get tokens that say the workload, and on whose behalf', async () => {
    const { control, data, world } = opened
    await control.send(new CreateWorkloadIdentityCommand({ name: 'worker' }))
    const read = async ({ workloadAccessToken = '' }) => (await readWorkloadToken(world, scope, workloadAccessToken)).user
    expect(await read(await data.send(new GetWorkloadAccessTokenCommand({ workloadName: 'worker' })))).toBeUndefined()
    const forUser = await data.send(new GetWorkloadAccessTokenForUserIdCommand({ workloadName: 'worker', userId: 'jane' }))
    expect(await read(forUser)).toEqual({ userId: 'jane' })
    const forJwt = await data.send(new GetWorkloadAccessTokenForJWTCommand({ workloadName: 'worker', userToken: 'e30.e30.e30' }))
    expect(await read(forJwt)).toEqual({ issuer: 'https://idp.example', subject: 'jane', userToken: 'e30.e30.e30' })
    await expect(data.send(new GetWorkloadAccessTokenCommand({ workloadName: 'nobody' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
  })
})

describe('API key credential providers', () => {
  it('keep the key, show where it lies, and give it to token operations alone', async () => {
    const { control, world, databasePath } = opened
    const created = await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'weather', apiKey: 'canary-key-1', tags: { a: 'b' } }))
    expect(created).toMatchObject({
      credentialProviderArn: arn('token-vault/default/apikeycredentialprovider/weather'),
      apiKeySecretArn: {
        secretArn: expect.stringMatching(
          /^arn:aws:secretsmanager:us-east-1:000000000000:secret:bedrock-agentcore-identity!default\/apikey\/weather-\w{6}$/,
        ),
      },
      apiKeySecretSource: 'MANAGED',
      apiKeySecretJsonKey: 'api_key_value',
    })
    const shown = [
      created,
      await control.send(new GetApiKeyCredentialProviderCommand({ name: 'weather' })),
      await control.send(new ListApiKeyCredentialProvidersCommand({})),
      await control.send(new UpdateApiKeyCredentialProviderCommand({ name: 'weather', apiKey: 'canary-key-2' })),
    ]
    expect(JSON.stringify(shown)).not.toContain('canary-key')
    for (const file of [databasePath, `${databasePath}-wal`]) expect(readFileSync(file).includes('canary-key')).toBe(false)
    expect(await apiKeyOf(world, scope, 'weather')).toBe('canary-key-2')
    await expect(control.send(new CreateApiKeyCredentialProviderCommand({ name: 'weather', apiKey: 'x' }))).rejects.toMatchObject({
      name: 'ConflictException',
    })
    await control.send(new DeleteApiKeyCredentialProviderCommand({ name: 'weather' }))
    await expect(control.send(new GetApiKeyCredentialProviderCommand({ name: 'weather' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'weather', apiKey: 'canary-key-3' }))
    expect((await control.send(new ListTagsForResourceCommand({ resourceArn: created.credentialProviderArn }))).tags).toEqual({})
  })

  it.each([
    ['no key at all', {}, /apiKey: is required/],
    ['an empty key', { apiKey: '' }, /apiKey: must hold the secret itself/],
    ['a key and a reference', { apiKey: 'x', apiKeySecretConfig: { secretId: 's', jsonKey: 'k' } }, /apiKey: is for apiKeySecretSource MANAGED/],
    ['EXTERNAL without a reference', { apiKeySecretSource: 'EXTERNAL' as const }, /apiKeySecretConfig: is required/],
    ['a secret that is not there', { apiKeySecretConfig: { secretId: 'nothing', jsonKey: 'k' } }, /there is no secret nothing/],
  ])('are refused with %s', async (_, members, why) => {
    const refused = opened.control.send(new CreateApiKeyCredentialProviderCommand({ name: 'bad', ...members }))
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(why) })
    await expect(refused).rejects.not.toMatchObject({ message: expect.stringContaining('"x"') })
  })

  it('take the key from a secret of the customer’s own, which its caller may read, and as it is when it is asked for', async () => {
    const { control, world, asked, refused } = opened
    const { operations } = secretOperations(world)
    const ctx = {
      ...scope,
      requestId: 'r',
      caller: { ...scope, kind: 'root', accessKeyId: 'A', principalArn: 'p' },
      headers: {},
      signal: new AbortController().signal,
    } as const
    const put = (value: object) =>
      operations.PutSecretValue.run(ctx, {
        secretId: 'own',
        token: undefined,
        stages: undefined,
        given: { value: JSON.stringify(value), isBinary: false },
      })
    const { ARN } = await operations.CreateSecret.run(ctx, { name: 'own', description: undefined, token: undefined, tags: {}, given: undefined })
    await put({ key: 'canary-own', number: 5 })
    const input = (jsonKey: string) => ({
      name: 'external',
      apiKeySecretSource: 'EXTERNAL' as const,
      apiKeySecretConfig: { secretId: 'own', jsonKey },
    })
    const created = await control.send(new CreateApiKeyCredentialProviderCommand(input('key')))
    expect(created).toMatchObject({ apiKeySecretArn: { secretArn: ARN }, apiKeySecretJsonKey: 'key', apiKeySecretSource: 'EXTERNAL' })
    expect(asked).toContainEqual(['secretsmanager:GetSecretValue', ARN])
    // Named in part it is the same secret, and policies are asked about that.
    asked.length = 0
    await control.send(
      new UpdateApiKeyCredentialProviderCommand({ ...input('key'), apiKeySecretConfig: { secretId: ARN.slice(0, -7), jsonKey: 'key' } }),
    )
    expect(asked).toContainEqual(['secretsmanager:GetSecretValue', ARN])
    expect(await apiKeyOf(world, scope, 'external')).toBe('canary-own')
    await put({ key: 'canary-new' })
    expect(await apiKeyOf(world, scope, 'external')).toBe('canary-new')
    for (const jsonKey of ['other', 'number', '__proto__'])
      await expect(control.send(new UpdateApiKeyCredentialProviderCommand(input(jsonKey)))).rejects.toMatchObject({ name: 'ValidationException' })
    await put({ other: 'x' })
    await expect(apiKeyOf(world, scope, 'external')).rejects.toMatchObject({ message: expect.stringContaining('holds no text under "key"') })
    refused.add('secretsmanager:GetSecretValue')
    await expect(control.send(new UpdateApiKeyCredentialProviderCommand(input('key')))).rejects.toMatchObject({
      message: expect.stringContaining('may not secretsmanager:GetSecretValue'),
    })
    refused.clear()
    await control.send(new DeleteApiKeyCredentialProviderCommand({ name: 'external' }))
    const kept = await operations.GetSecretValue.run(ctx, { secretId: 'own', versionId: undefined, stage: undefined })
    expect(kept).toMatchObject({ SecretString: '{"other":"x"}' })
  })

  it('stop at fifty', async () => {
    const { control } = opened
    const create = (number: number) => control.send(new CreateApiKeyCredentialProviderCommand({ name: `many-${number}`, apiKey: 'x' }))
    const results = await Promise.allSettled(Array.from({ length: 51 }, (_, number) => create(number)))
    const refused = results.filter((result) => result.status === 'rejected')
    expect(refused.length).toBeGreaterThan(0)
    for (const { reason } of refused) expect(reason).toMatchObject({ name: 'ServiceQuotaExceededException', message: expect.stringContaining('50') })
    const made = results.flatMap((result, number) => (result.status === 'fulfilled' ? [`many-${number}`] : []))
    await Promise.all(made.map((name) => control.send(new DeleteApiKeyCredentialProviderCommand({ name }))))
  })
})

describe('the token vault', () => {
  const kmsKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000'
  const set = (kmsConfiguration: KmsConfiguration) => opened.control.send(new SetTokenVaultCMKCommand({ tokenVaultId: 'default', kmsConfiguration }))
  const keyIs = (text: string) => {
    writeFileSync(`${opened.kmsPath}.key`, text)
    writeFileSync(opened.kmsPath, JSON.stringify({ [kmsKeyArn]: 'kms.json.key' }))
  }

  it('is there from the beginning, under the platform’s own key', async () => {
    const { control } = opened
    const vault = { tokenVaultId: 'default', kmsConfiguration: { keyType: 'ServiceManagedKey' } as const }
    const first = await control.send(new GetTokenVaultCommand({}))
    expect(first).toMatchObject(vault)
    expect((await control.send(new GetTokenVaultCommand({ tokenVaultId: 'default' }))).lastModifiedDate).toEqual(first.lastModifiedDate)
    expect(await set(vault.kmsConfiguration)).toMatchObject(vault)
    await expect(control.send(new GetTokenVaultCommand({ tokenVaultId: 'other' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('refuses a key that is none, and says where to put one', async () => {
    const customers = (text: string | RegExp) => ({ name: 'ValidationException', message: expect.stringMatching(text) })
    await expect(set({ keyType: 'CustomerManagedKey', kmsKeyArn })).rejects.toMatchObject(
      customers(/kmsKeyArn: .*kms\.json does not say .* add \{"arn:aws:kms:us-east-1:.*vault\.key/),
    )
    await expect(set({ keyType: 'CustomerManagedKey' })).rejects.toMatchObject(customers(/kmsKeyArn: is required/))
    await expect(set({ keyType: 'ServiceManagedKey', kmsKeyArn })).rejects.toMatchObject(customers(/leave it out/))
    for (const text of ['canary', Buffer.alloc(16).toString('base64'), '-----BEGIN PRIVATE KEY-----']) {
      keyIs(text)
      const refused = await set({ keyType: 'CustomerManagedKey', kmsKeyArn }).catch((fault) => fault)
      expect(refused).toMatchObject(customers(/openssl rand -base64 32/))
      expect(refused.message).not.toContain(text)
    }
    expect((await opened.control.send(new GetTokenVaultCommand({}))).kmsConfiguration).toEqual({ keyType: 'ServiceManagedKey' })
  })

  it('is under the key that its owner names: without it nothing opens, with it everything again', async () => {
    const { control, world, kmsPath } = opened
    await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'before', apiKey: 'earlier' }))
    keyIs(Buffer.alloc(32, 5).toString('base64'))
    const kmsConfiguration = { keyType: 'CustomerManagedKey', kmsKeyArn } as const
    const changed = await set(kmsConfiguration)
    expect(changed).toMatchObject({ tokenVaultId: 'default', kmsConfiguration, lastModifiedDate: expect.any(Date) })
    expect(await control.send(new GetTokenVaultCommand({}))).toMatchObject({ kmsConfiguration, lastModifiedDate: changed.lastModifiedDate })
    await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'after', apiKey: 'later' }))
    const keys = () => Promise.all(['before', 'after'].map((name) => apiKeyOf(world, scope, name)))
    expect(await keys()).toEqual(['earlier', 'later'])

    rmSync(kmsPath)
    const named = { code: 'DecryptionFailure', message: expect.stringContaining(kmsKeyArn) }
    for (const name of ['before', 'after']) await expect(apiKeyOf(world, scope, name)).rejects.toMatchObject(named)
    const more = control.send(new CreateApiKeyCredentialProviderCommand({ name: 'more', apiKey: 'x' }))
    await expect(more).rejects.toMatchObject({ name: 'EncryptionFailure', message: expect.stringContaining(kmsKeyArn) })
    await expect(set({ keyType: 'ServiceManagedKey' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(kmsKeyArn),
    })
    expect((await control.send(new GetTokenVaultCommand({}))).kmsConfiguration).toEqual(kmsConfiguration)
    keyIs(Buffer.alloc(32, 6).toString('base64'))
    await expect(apiKeyOf(world, scope, 'after')).rejects.toMatchObject(named)

    keyIs(Buffer.alloc(32, 5).toString('base64'))
    expect(await keys()).toEqual(['earlier', 'later'])
    await set({ keyType: 'ServiceManagedKey' })
    rmSync(kmsPath)
    expect(await keys()).toEqual(['earlier', 'later'])
    expect((await control.send(new GetTokenVaultCommand({}))).kmsConfiguration).toEqual({ keyType: 'ServiceManagedKey' })
  })
})
