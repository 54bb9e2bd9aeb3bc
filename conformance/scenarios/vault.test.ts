// Workload identities, credential providers and the vault, by stock clients on a whole platform.
import { randomBytes } from 'node:crypto'
import { cpSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  GetResourceApiKeyCommand,
  GetWorkloadAccessTokenCommand,
  GetWorkloadAccessTokenForJWTCommand,
  GetWorkloadAccessTokenForUserIdCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateApiKeyCredentialProviderCommand,
  CreateOauth2CredentialProviderCommand,
  CreateWorkloadIdentityCommand,
  DeleteAgentRuntimeCommand,
  DeleteApiKeyCredentialProviderCommand,
  DeleteOauth2CredentialProviderCommand,
  DeleteWorkloadIdentityCommand,
  GetAgentRuntimeCommand,
  GetApiKeyCredentialProviderCommand,
  GetOauth2CredentialProviderCommand,
  GetTokenVaultCommand,
  GetWorkloadIdentityCommand,
  ListApiKeyCredentialProvidersCommand,
  ListOauth2CredentialProvidersCommand,
  ListTagsForResourceCommand,
  paginateListWorkloadIdentities,
  SetTokenVaultCMKCommand,
  UpdateApiKeyCredentialProviderCommand,
  UpdateOauth2CredentialProviderCommand,
  UpdateWorkloadIdentityCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  RestoreSecretCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, beforeAll, expect } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { typed } from '../cli.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type OidcIssuer, openOidcIssuer } from '../oidc-issuer.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const dataDir = newDataDir()
let issuer: OidcIssuer
let platform: RunningPlatform
let clients: Clients
const start = async () => {
  platform = await startPlatform(dataDir, { AGENTWORKS_ALLOW_EGRESS: issuer.host, AGENTWORKS_ISOLATION: 'process' })
  clients = clientsOf(platform)
}
beforeAll(async () => {
  issuer = await openOidcIssuer()
  await start()
})
afterAll(async () => {
  await removeDataDir(platform)
  await issuer.close()
})

const notFound = { name: 'ResourceNotFoundException', status: 404 }

scenario('identity.workloads', 'js', async () => {
  const { control } = clients
  const allowedResourceOauth2ReturnUrls = ['https://app.example.com/back']
  const made = await control.send(new CreateWorkloadIdentityCommand({ name: 'shop', allowedResourceOauth2ReturnUrls, tags: { team: 'a' } }))
  const { tags } = await control.send(new ListTagsForResourceCommand({ resourceArn: made.workloadIdentityArn }))
  expect(tags).toEqual({ team: 'a' })
  await control.send(new UpdateWorkloadIdentityCommand({ name: 'shop', allowedResourceOauth2ReturnUrls: [] }))
  expect(await clients.control.send(new GetWorkloadIdentityCommand({ name: 'shop' }))).toMatchObject({ allowedResourceOauth2ReturnUrls: [] })

  const { agentRuntimeArn, agentRuntimeId } = await createAgent(clients, { name: 'with_identity' })
  const runtime = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
  expect(runtime.workloadIdentityDetails?.workloadIdentityArn).toMatch(
    new RegExp(`workload-identity-directory/default/workload-identity/${agentRuntimeId}$`),
  )
  const names = async () => {
    const all: (string | undefined)[] = []
    for await (const page of paginateListWorkloadIdentities({ client: clients.control, pageSize: 1 }, {}))
      all.push(...(page.workloadIdentities ?? []).map(({ name }) => name))
    return all
  }
  expect(await names()).toEqual(expect.arrayContaining(['shop', agentRuntimeId]))
  const listed = JSON.parse((await typed(platform, ['identity', 'workloads', 'list', '--json'])).stdout)
  expect(listed).toContainEqual({ name: 'shop', workloadIdentityArn: made.workloadIdentityArn })
  expect(await errorOf(clients.control.send(new DeleteWorkloadIdentityCommand({ name: agentRuntimeId })))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining(agentRuntimeArn),
  })
  await clients.control.send(new DeleteAgentRuntimeCommand({ agentRuntimeId }))
  await expect.poll(names, { timeout: 20_000 }).not.toContain(agentRuntimeId)
  await clients.control.send(new DeleteWorkloadIdentityCommand({ name: 'shop' }))
  expect(await errorOf(clients.control.send(new GetWorkloadIdentityCommand({ name: 'shop' })))).toMatchObject(notFound)
})

scenario('identity.workload-tokens', 'js', async () => {
  const { control, data } = clients
  await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'weather', apiKey: 'canary-weather' }))
  await control.send(new CreateWorkloadIdentityCommand({ name: 'app' }))
  const opens = async (workloadIdentityToken = '') => {
    const { apiKey } = await data.send(new GetResourceApiKeyCommand({ workloadIdentityToken, resourceCredentialProviderName: 'weather' }))
    return apiKey
  }
  const alone = await data.send(new GetWorkloadAccessTokenCommand({ workloadName: 'app' }))
  const named = await data.send(new GetWorkloadAccessTokenForUserIdCommand({ workloadName: 'app', userId: 'jane' }))
  const forJwt = (userToken: string) => data.send(new GetWorkloadAccessTokenForJWTCommand({ workloadName: 'app', userToken }))
  const verified = await forJwt(await issuer.signed())
  for (const { workloadAccessToken } of [alone, named, verified]) {
    expect(await opens(workloadAccessToken)).toBe('canary-weather')
    expect(await errorOf(opens(`${workloadAccessToken}x`))).toMatchObject({ name: 'UnauthorizedException', status: 401 })
  }

  const past = Math.floor(Date.now() / 1000) - 3_600
  expect(await errorOf(forJwt(await issuer.signed({ exp: past })))).toMatchObject({
    name: 'UnauthorizedException',
    message: expect.stringContaining('expired'),
  })
  const [head, body] = (await issuer.signed()).split('.')
  expect(await errorOf(forJwt(`${head}.${body}.AAAA`))).toMatchObject({ name: 'UnauthorizedException' })
  const elsewhere = await issuer.signed({ iss: 'http://169.254.169.254' })
  expect(await errorOf(forJwt(elsewhere))).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('--allow-egress') })
  expect(await errorOf(forJwt('a.b.c'))).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('userToken') })

  const { agentRuntimeArn, agentRuntimeId } = await createAgent(clients, { name: 'keyed' })
  expect(await errorOf(data.send(new GetWorkloadAccessTokenCommand({ workloadName: agentRuntimeId })))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining('linked to a service'),
  })
  const { headers } = (await invoke(clients, agentRuntimeArn, {}, { runtimeSessionId: session('wat'), runtimeUserId: 'jane' })).body
  expect(headers['x-amz-bedrock-agentcore-identity-wat']).toBe(headers.workloadaccesstoken)
  expect(await opens(headers.workloadaccesstoken)).toBe('canary-weather')
})

scenario('identity.providers', 'js', async () => {
  const { control } = clients
  const github = (clientSecret: string) => ({
    name: 'github',
    credentialProviderVendor: 'GithubOauth2' as const,
    oauth2ProviderConfigInput: { githubOauth2ProviderConfig: { clientId: 'Iv1.a', clientSecret } },
  })
  const shown: unknown[] = [
    await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'maps', apiKey: 'canary-maps-1' })),
    await control.send(new UpdateApiKeyCredentialProviderCommand({ name: 'maps', apiKey: 'canary-maps-2' })),
    await control.send(new CreateOauth2CredentialProviderCommand(github('canary-github-1'))),
    await control.send(new UpdateOauth2CredentialProviderCommand(github('canary-github-2'))),
    await errorOf(control.send(new CreateApiKeyCredentialProviderCommand({ name: 'maps', apiKey: 'canary-maps-3' }))),
    await errorOf(control.send(new CreateApiKeyCredentialProviderCommand({ name: 'no/name', apiKey: 'canary-maps-4' }))),
  ]
  const added = await typed(platform, ['identity', 'providers', 'add-api-key', 'by-hand', '--json'], 'canary-by-hand\n')
  expect(added).toMatchObject({ code: 0 })
  await platform.kill()
  const before = platform.log()
  await start()
  shown.push(
    await clients.control.send(new GetApiKeyCredentialProviderCommand({ name: 'maps' })),
    await clients.control.send(new GetOauth2CredentialProviderCommand({ name: 'github' })),
    await clients.control.send(new ListApiKeyCredentialProvidersCommand({})),
    await clients.control.send(new ListOauth2CredentialProvidersCommand({})),
    ...(await Promise.all([
      typed(platform, ['identity', 'providers', 'list']),
      typed(platform, ['identity', 'providers', 'get', 'github']),
      typed(platform, ['identity', 'vault', 'list']),
      typed(platform, ['audit', '--json']),
    ])),
  )
  expect(JSON.stringify(shown)).toContain('apikeycredentialprovider/by-hand')
  expect(JSON.stringify(shown) + JSON.stringify(added) + before + platform.log()).not.toContain('canary-')
  for (const file of filesIn(dataDir)) expect(readFileSync(file).includes('canary-'), file).toBe(false)
  const { workloadAccessToken } = await clients.data.send(new GetWorkloadAccessTokenCommand({ workloadName: 'app' }))
  const keyOf = async (resourceCredentialProviderName: string) =>
    (await clients.data.send(new GetResourceApiKeyCommand({ workloadIdentityToken: workloadAccessToken, resourceCredentialProviderName }))).apiKey
  expect([await keyOf('maps'), await keyOf('by-hand')]).toEqual(['canary-maps-2', 'canary-by-hand'])
  await clients.control.send(new DeleteApiKeyCredentialProviderCommand({ name: 'maps' }))
  await clients.control.send(new DeleteOauth2CredentialProviderCommand({ name: 'github' }))
  expect(await errorOf(keyOf('maps'))).toMatchObject(notFound)
  expect(await typed(platform, ['identity', 'providers', 'delete', 'by-hand'])).toMatchObject({ code: 0 })
  expect(await typed(platform, ['identity', 'providers', 'get', 'by-hand'])).toMatchObject({ code: 1, stderr: expect.stringContaining('by-hand') })
})

scenario('identity.vault', 'js', async () => {
  const keyOf = async ({ data }: Clients) => {
    const { workloadAccessToken } = await data.send(new GetWorkloadAccessTokenCommand({ workloadName: 'app' }))
    return (await data.send(new GetResourceApiKeyCommand({ workloadIdentityToken: workloadAccessToken, resourceCredentialProviderName: 'weather' })))
      .apiKey
  }
  const vault = await clients.control.send(new GetTokenVaultCommand({}))
  expect(vault).toMatchObject({ tokenVaultId: 'default', kmsConfiguration: { keyType: 'ServiceManagedKey' } })
  const kmsKeyArn = 'arn:aws:kms:us-east-1:000000000000:key/00000000-0000-0000-0000-000000000000'
  const foreign = clients.control.send(new SetTokenVaultCMKCommand({ kmsConfiguration: { keyType: 'CustomerManagedKey', kmsKeyArn } }))
  expect(await errorOf(foreign)).toMatchObject({ name: 'ValidationException', message: expect.stringContaining(kmsKeyArn) })
  const kmsFile = join(dataDir, 'kms.json')
  writeFileSync(join(dataDir, 'vault.key'), randomBytes(32).toString('base64'), { mode: 0o600 })
  writeFileSync(kmsFile, JSON.stringify({ [kmsKeyArn]: 'vault.key' }))
  const kmsConfiguration = { keyType: 'CustomerManagedKey', kmsKeyArn } as const
  await clients.control.send(new SetTokenVaultCMKCommand({ tokenVaultId: 'default', kmsConfiguration }))
  expect(await clients.control.send(new GetTokenVaultCommand({}))).toMatchObject({ kmsConfiguration })
  await platform.stop()
  await start()
  expect(await keyOf(clients)).toBe('canary-weather')
  expect((await typed(platform, ['identity', 'vault', 'list'])).stdout).toContain(kmsKeyArn)
  renameSync(kmsFile, `${kmsFile}.away`)
  expect(await errorOf(keyOf(clients))).toMatchObject({ name: 'DecryptionFailure', message: expect.stringContaining(kmsKeyArn) })
  renameSync(`${kmsFile}.away`, kmsFile)
  await clients.control.send(new SetTokenVaultCMKCommand({ tokenVaultId: 'default', kmsConfiguration: { keyType: 'ServiceManagedKey' } }))
  rmSync(kmsFile)
  expect(await keyOf(clients)).toBe('canary-weather')

  const oldKey = readFileSync(join(dataDir, 'master-key'), 'utf8')
  expect(statSync(join(dataDir, 'master-key')).mode & 0o777).toBe(0o600)
  const rotated = JSON.parse((await typed(platform, ['identity', 'rotate-master-key', '--json'])).stdout)
  expect(rotated.entries).toBeGreaterThan(0)
  const newKey = readFileSync(join(dataDir, 'master-key'), 'utf8')
  expect(newKey).not.toBe(oldKey)
  expect(await keyOf(clients)).toBe('canary-weather')
  const listed = JSON.parse((await typed(platform, ['identity', 'vault', 'list', '--json'])).stdout)
  expect(listed.masterKey.masterKeyId).toBe(rotated.masterKeyId)
  expect(new Set(listed.entries.map(({ masterKeyId }: { masterKeyId: string }) => masterKeyId))).toEqual(new Set([rotated.masterKeyId]))

  await platform.stop()
  const copyDir = newDataDir()
  cpSync(dataDir, copyDir, { recursive: true })
  rmSync(join(copyDir, 'master-key'))
  const copy = await startPlatform(copyDir, { AGENTWORKS_ISOLATION: 'process' })
  expect(copy.log()).toContain('the token vault cannot be used')
  const unreadable = { message: expect.stringMatching(/vault.*master key/) }
  expect(await errorOf(keyOf(clientsOf(copy)))).toMatchObject(unreadable)
  expect(await errorOf(clientsOf(copy).control.send(new CreateApiKeyCredentialProviderCommand({ name: 'more', apiKey: 'x' })))).toMatchObject(
    unreadable,
  )
  expect((await typed(copy, ['identity', 'vault', 'list'])).stdout).toMatch(/unreadable: .*Restore that key/)
  expect(await typed(copy, ['identity', 'rotate-master-key'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Restore that key') })
  await copy.stop()

  const fromEnvironment = await startPlatform(copyDir, {
    AGENTWORKS_ISOLATION: 'process',
    AGENTWORKS_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    AGENTWORKS_PREVIOUS_MASTER_KEY: newKey.trim(),
  })
  expect(await keyOf(clientsOf(fromEnvironment))).toBe('canary-weather')
  expect(await typed(fromEnvironment, ['identity', 'rotate-master-key'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('AGENTWORKS_PREVIOUS_MASTER_KEY'),
  })
  await removeDataDir(fromEnvironment)
  await start()
})

scenario('secrets.stock', 'js', async () => {
  const config = { endpoint: platform.url, region, maxAttempts: 1 }
  const owner = new SecretsManagerClient({ ...config, credentials: platform.credentials })
  const { ARN } = await owner.send(new CreateSecretCommand({ Name: 'shop/db', SecretString: JSON.stringify({ password: 'canary-db' }) }))
  expect((await owner.send(new GetSecretValueCommand({ SecretId: ARN }))).SecretString).toContain('canary-db')
  const reference = { secretId: 'shop/db', jsonKey: 'password' }
  await clients.control.send(new CreateApiKeyCredentialProviderCommand({ name: 'db', apiKeySecretSource: 'EXTERNAL', apiKeySecretConfig: reference }))
  await owner.send(new PutSecretValueCommand({ SecretId: 'shop/db', SecretString: JSON.stringify({ password: 'canary-newer' }) }))
  const { workloadAccessToken } = await clients.data.send(new GetWorkloadAccessTokenCommand({ workloadName: 'app' }))
  const asked = new GetResourceApiKeyCommand({ workloadIdentityToken: workloadAccessToken, resourceCredentialProviderName: 'db' })
  expect((await clients.data.send(asked)).apiKey).toBe('canary-newer')

  const { agentRuntimeArn } = await createAgent(clients, { name: 'curious' })
  const { env } = (await invoke(clients, agentRuntimeArn, { env: true }, { runtimeSessionId: session('curious') })).body
  const lent = await fetch(env.AWS_CONTAINER_CREDENTIALS_FULL_URI, { headers: { authorization: env.AWS_CONTAINER_AUTHORIZATION_TOKEN } })
  const { AccessKeyId, SecretAccessKey, Token } = (await lent.json()) as Record<string, string>
  const credentials = { accessKeyId: AccessKeyId ?? '', secretAccessKey: SecretAccessKey ?? '', sessionToken: Token ?? '' }
  const agent = new SecretsManagerClient({ ...config, credentials })
  expect(await errorOf(agent.send(new GetSecretValueCommand({ SecretId: 'shop/db' })))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`secretsmanager:GetSecretValue on resource ${ARN}`),
  })
  await owner.send(new DeleteSecretCommand({ SecretId: ARN, RecoveryWindowInDays: 7 }))
  const marked = { name: 'InvalidRequestException', message: expect.stringContaining('marked for deletion') }
  expect(await errorOf(owner.send(new GetSecretValueCommand({ SecretId: ARN })))).toMatchObject(marked)
  await owner.send(new RestoreSecretCommand({ SecretId: ARN }))
  const described = await owner.send(new DescribeSecretCommand({ SecretId: ARN }))
  expect(
    Object.values(described.VersionIdsToStages ?? {})
      .flat()
      .toSorted(),
  ).toEqual(['AWSCURRENT', 'AWSPREVIOUS'])
  const { SecretList = [] } = await owner.send(new ListSecretsCommand({ Filters: [{ Key: 'name', Values: ['shop/'] }] }))
  expect(SecretList.map(({ Name }) => Name)).toEqual(['shop/db'])
  await owner.send(new DeleteSecretCommand({ SecretId: 'shop/db', ForceDeleteWithoutRecovery: true }))
  expect(await errorOf(clients.data.send(asked))).toMatchObject({ message: expect.stringContaining('is gone') })
})

function filesIn(dir: string): string[] {
  return readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) => (entry.isFile() ? [join(entry.parentPath, entry.name)] : []))
}
