// Secrets are planted wherever the API takes one, every flow is run, also wrongly, and then they are looked for: in all files, logs,
// errors, answers that list, argument lists and others' environments.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  CompleteResourceTokenAuthCommand,
  GetResourceApiKeyCommand,
  GetResourceOauth2TokenCommand,
  type GetResourceOauth2TokenCommandInput,
  GetWorkloadAccessTokenCommand,
  GetWorkloadAccessTokenForJWTCommand,
  GetWorkloadAccessTokenForUserIdCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateApiKeyCredentialProviderCommand,
  CreateOauth2CredentialProviderCommand,
  CreateWorkloadIdentityCommand,
  GetApiKeyCredentialProviderCommand,
  GetOauth2CredentialProviderCommand,
  ListApiKeyCredentialProvidersCommand,
  ListOauth2CredentialProvidersCommand,
  UpdateApiKeyCredentialProviderCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { CreateAccessKeyCommand, CreateUserCommand, IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam'
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { AssumeRoleCommand, GetCallerIdentityCommand, GetWebIdentityTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect } from 'vitest'
import { createAgent } from '../agents.fixture.ts'
import { canaries, filesBelow, processes } from '../canaries.fixture.ts'
import { typed } from '../cli.fixture.ts'
import { type IndiscreetServer, openIndiscreetServer } from '../indiscreet-server.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { audience, type OidcIssuer, openOidcIssuer } from '../oidc-issuer.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, region, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const birds = canaries()
const masterKey = birds.note('master-key', randomBytes(32).toString('base64'))
const temporary = mkdtempSync(join(tmpdir(), 'awt-'))
const returnUrl = 'http://127.0.0.1:9/return'
/** All that was answered where no secret belongs: refusals, lists, descriptions. */
const answers: string[] = []
let users: OidcIssuer
let server: IndiscreetServer
let platform: RunningPlatform
let clients: Clients
let iam: IAMClient
let secrets: SecretsManagerClient

beforeAll(async () => {
  users = await openOidcIssuer()
  server = await openIndiscreetServer(birds.plant, birds.note)
  const env = { AGENTWORKS_ALLOW_EGRESS: '127.0.0.1', AGENTWORKS_LOG_LEVEL: 'debug', AGENTWORKS_MASTER_KEY: masterKey, TMPDIR: temporary }
  platform = await startPlatform(newDataDir(), env)
  clients = clientsOf(platform)
  const config = { endpoint: platform.url, region, credentials: platform.credentials }
  iam = new IAMClient(config)
  secrets = new SecretsManagerClient(config)
  birds.note('root-secret-key', platform.credentials.secretAccessKey)
  birds.note('admin-token', platform.adminToken)
}, 60_000)
afterAll(async () => {
  await removeDataDir(platform)
  rmSync(temporary, { recursive: true, force: true })
  await server.close()
  await users.close()
})

async function shown(asked: Promise<unknown>): Promise<void> {
  answers.push(JSON.stringify(await asked))
}

async function refused(asked: Promise<unknown>): Promise<void> {
  answers.push(JSON.stringify(await errorOf(asked)))
}

async function keepSecrets(): Promise<void> {
  const { control } = clients
  await control.send(new CreateApiKeyCredentialProviderCommand({ name: 'keys', apiKey: birds.plant('first-api-key') }))
  await control.send(new UpdateApiKeyCredentialProviderCommand({ name: 'keys', apiKey: birds.plant('api-key') }))
  await shown(control.send(new GetApiKeyCredentialProviderCommand({ name: 'keys' })))
  await shown(control.send(new ListApiKeyCredentialProvidersCommand({})))
  await refused(control.send(new CreateApiKeyCredentialProviderCommand({ name: 'no spaces', apiKey: birds.plant('api-key-of-a-bad-name') })))
  await refused(control.send(new CreateApiKeyCredentialProviderCommand({ name: 'long', apiKey: birds.plant('long-api-key').repeat(2000) })))

  const custom = (clientSecret: string) => ({
    credentialProviderVendor: 'CustomOauth2' as const,
    oauth2ProviderConfigInput: {
      customOauth2ProviderConfig: {
        oauthDiscovery: { discoveryUrl: server.discoveryUrl },
        clientId: 'agent',
        clientSecret,
        onBehalfOfTokenExchangeConfig: {
          grantType: 'TOKEN_EXCHANGE' as const,
          tokenExchangeGrantTypeConfig: { actorTokenContent: 'AWS_IAM_ID_TOKEN_JWT' as const },
        },
      },
    },
  })
  await control.send(new CreateOauth2CredentialProviderCommand({ name: 'mail', ...custom(birds.plant('client-secret')) }))
  const github = { githubOauth2ProviderConfig: { clientId: 'agent', clientSecret: birds.plant('github-secret') } }
  const vendor = { name: 'github', credentialProviderVendor: 'GithubOauth2' as const, oauth2ProviderConfigInput: github }
  await shown(control.send(new CreateOauth2CredentialProviderCommand(vendor)))
  await shown(control.send(new GetOauth2CredentialProviderCommand({ name: 'mail' })))
  await shown(control.send(new ListOauth2CredentialProvidersCommand({})))
  await refused(control.send(new CreateOauth2CredentialProviderCommand({ name: 'mail', ...custom(birds.plant('second-client-secret')) })))
  await refused(control.send(new CreateOauth2CredentialProviderCommand({ name: 'long', ...custom(birds.plant('long-secret').repeat(2000)) })))

  await secrets.send(new CreateSecretCommand({ Name: 'database', SecretString: birds.plant('secret-string') }))
  await secrets.send(new PutSecretValueCommand({ SecretId: 'database', SecretBinary: Buffer.from(birds.plant('secret-binary')) }))
  await secrets.send(new GetSecretValueCommand({ SecretId: 'database' }))
  await shown(secrets.send(new DescribeSecretCommand({ SecretId: 'database' })))
  await shown(secrets.send(new ListSecretsCommand({})))
  await refused(secrets.send(new CreateSecretCommand({ Name: 'database', SecretString: birds.plant('secret-string-again') })))
  await refused(secrets.send(new CreateSecretCommand({ Name: 'long', SecretString: birds.plant('long-secret-string').repeat(2000) })))
}

async function makeCallers(): Promise<void> {
  await iam.send(new CreateUserCommand({ UserName: 'canary' }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'canary' }))
  birds.note('user-secret-key', AccessKey?.SecretAccessKey)
  await shown(iam.send(new ListAccessKeysCommand({ UserName: 'canary' })))
  const assumed = await clients.sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'canary' }))
  birds.note('assumed-secret-key', assumed.Credentials?.SecretAccessKey)
  birds.note('assumed-session-token', assumed.Credentials?.SessionToken)
  const token = await clients.sts.send(new GetWebIdentityTokenCommand({ Audience: ['a'], SigningAlgorithm: 'RS256' }))
  birds.note('web-identity-token', token.WebIdentityToken)
  const stranger = {
    accessKeyId: platform.credentials.accessKeyId,
    secretAccessKey: birds.plant('wrong-secret-key'),
    sessionToken: birds.plant('wrong-token'),
  }
  await refused(new STSClient({ endpoint: platform.url, region, credentials: stranger }).send(new GetCallerIdentityCommand({})))
}

/** The worst that happens on the way to a token, and the way itself. */
async function getTokens(): Promise<void> {
  const { control, data } = clients
  await control.send(new CreateWorkloadIdentityCommand({ name: 'shop', allowedResourceOauth2ReturnUrls: [returnUrl] }))
  const userToken = birds.note('user-jwt', await users.signed({ sub: 'jane' }))
  const forUser = await data.send(new GetWorkloadAccessTokenForUserIdCommand({ workloadName: 'shop', userId: 'jane' }))
  const forJwt = await data.send(new GetWorkloadAccessTokenForJWTCommand({ workloadName: 'shop', userToken }))
  birds.note('workload-token-for-jwt', forJwt.workloadAccessToken)
  const plain = await data.send(new GetWorkloadAccessTokenCommand({ workloadName: 'shop' }))
  const machine = birds.note('workload-token', plain.workloadAccessToken)
  const workloadIdentityToken = birds.note('workload-token-for-user', forUser.workloadAccessToken)

  await data.send(new GetResourceApiKeyCommand({ workloadIdentityToken: machine, resourceCredentialProviderName: 'keys' }))
  const ask = (more: Partial<GetResourceOauth2TokenCommandInput>) =>
    data.send(
      new GetResourceOauth2TokenCommand({
        workloadIdentityToken: machine,
        resourceCredentialProviderName: 'mail',
        scopes: ['a'],
        oauth2Flow: 'M2M',
        ...more,
      }),
    )
  await ask({})
  await refused(ask({ scopes: ['refuse'] }))

  const onBehalf = { workloadIdentityToken: forJwt.workloadAccessToken, oauth2Flow: 'ON_BEHALF_OF_TOKEN_EXCHANGE' as const }
  expect((await ask(onBehalf)).accessToken).toMatch(/^canary-access-token/)
  await refused(ask({ ...onBehalf, scopes: ['refuse'] }))

  const federated = { workloadIdentityToken, oauth2Flow: 'USER_FEDERATION' as const, resourceOauth2ReturnUrl: returnUrl }
  const { authorizationUrl = '', sessionUri } = await ask(federated)
  const atServer = await fetch(authorizationUrl, { redirect: 'manual' })
  const callback = atServer.headers.get('location') ?? ''
  const wrongState = callback.replace(/state=[^&]+/, `state=${birds.plant('wrong-state')}`)
  answers.push(await (await fetch(wrongState, { redirect: 'manual' })).text())
  const back = await fetch(callback, { redirect: 'manual' })
  expect(back.headers.get('location')).toContain('session_id=')
  await refused(
    data.send(new CompleteResourceTokenAuthCommand({ sessionUri, userIdentifier: { userToken: `e30.${birds.plant('wrong-user-token')}.x` } })),
  )
  await data.send(new CompleteResourceTokenAuthCommand({ sessionUri, userIdentifier: { userId: 'jane' } }))
  expect((await ask({ ...federated, sessionUri })).accessToken).toMatch(/^canary-access-token/)
  // Each has ended when it is there: this one comes by the refresh token.
  expect((await ask(federated)).accessToken).toMatch(/^canary-access-token/)

  await refused(ask({ workloadIdentityToken: birds.plant('wrong-workload-token') }))
  await refused(data.send(new GetWorkloadAccessTokenForJWTCommand({ workloadName: 'shop', userToken: `e30.${birds.plant('wrong-jwt')}.x` })))
}

/** Two agents with a secret each, and one that takes bearer tokens. */
async function runAgents(): Promise<string[]> {
  const owners = ['one', 'two']
  for (const owner of owners) {
    const environmentVariables = { CANARY_OWNER: owner, SECRET: birds.plant(`of-agent-${owner}`) }
    const { agentRuntimeArn } = await createAgent(clients, { name: owner, environmentVariables })
    const { body } = await invoke(clients, agentRuntimeArn, { prompt: birds.plant('prompt'), env: true }, { runtimeSessionId: session(owner) })
    expect(body.env.SECRET).toContain(owner)
    birds.note(`credentials-token-of-agent-${owner}`, body.env.AWS_CONTAINER_AUTHORIZATION_TOKEN)
  }
  const customJWTAuthorizer = { discoveryUrl: users.discoveryUrl, allowedAudience: [audience] }
  const guarded = await createAgent(clients, { name: 'guarded', authorizerConfiguration: { customJWTAuthorizer } })
  const call = (token: string) =>
    fetch(`${platform.url}/runtimes/${encodeURIComponent(guarded.agentRuntimeArn)}/invocations`, {
      method: 'POST',
      body: '{}',
      headers: { authorization: `Bearer ${token}` },
    })
  expect((await call(birds.note('bearer-token', await users.signed()))).status).toBe(200)
  for (const wrong of [`e30.${birds.plant('malformed-bearer')}.x`, birds.note('expired-bearer', await users.signed({ exp: 1 }))]) {
    const answer = await call(wrong)
    expect([401, 403]).toContain(answer.status)
    answers.push(`${await answer.text()} ${answer.headers.get('www-authenticate')}`)
  }
  return owners
}

/** Where each may be: a key in its own file, a variable in its owner's environment. */
const ownFiles: Readonly<Record<string, string>> = { 'access-key.json': 'root-secret-key', 'admin-token': 'admin-token' }

function leaksIn(dir: string): string[] {
  return filesBelow(dir).flatMap(({ path, bytes }) =>
    birds.foundIn(bytes).flatMap((name) => (ownFiles[path] === name ? [] : [`${name} in the file ${path}`])),
  )
}

function leaksOfProcesses(): string[] {
  return processes().flatMap(({ pid, argv, environment }) => {
    const owner = /(?:^|\0)CANARY_OWNER=(\w+)/.exec(environment)?.[1]
    const mayHave = (name: string) => (name === 'master-key' ? pid === platform.pid : owner !== undefined && name.endsWith(`of-agent-${owner}`))
    return [
      ...birds.foundIn(argv).map((name) => `${name} in the arguments of ${argv.replaceAll('\0', ' ').slice(0, 80)}`),
      ...birds
        .foundIn(environment)
        .flatMap((name) => (mayHave(name) ? [] : [`${name} in the environment of ${argv.replaceAll('\0', ' ').slice(0, 80)}`])),
    ]
  })
}

scenario('identity.canaries', 'js', async (context) => {
  await keepSecrets()
  await makeCallers()
  await getTokens()
  const owners = await runAgents()

  if (process.platform === 'linux') {
    const running = processes()
    for (const owner of owners) expect(running.some(({ environment }) => environment.includes(`CANARY_OWNER=${owner}`))).toBe(true)
    expect(leaksOfProcesses()).toEqual([])
  } else context.annotate('there is no /proc here: environments and arguments are not looked at')

  for (const words of [
    ['audit', '--limit', '10000'],
    ['logs', 'one'],
    ['agents', 'list'],
    ['sessions', 'list'],
    ['identity', 'issuer', 'keys'],
  ])
    answers.push((await typed(platform, [...words, '--json'])).stdout)
  const leaksOfWords = () => answers.flatMap((text) => birds.foundIn(text).map((name) => `${name} in the answer ${text.slice(0, 300)}`))
  expect(leaksOfWords()).toEqual([])
  expect(birds.foundIn(platform.log())).toEqual([])
  expect([...leaksIn(platform.dataDir), ...leaksIn(temporary)]).toEqual([])

  // What was still in memory is written at the latest now.
  await platform.stop()
  expect(birds.foundIn(platform.log())).toEqual([])
  expect([...leaksIn(platform.dataDir), ...leaksIn(temporary)]).toEqual([])
  // The search itself finds what is there, and looks where it would be.
  expect(filesBelow(platform.dataDir).map(({ path }) => path)).toEqual(expect.arrayContaining(['agentworks.db', 'logs/audit.jsonl']))
  expect(birds.foundIn(readFileSync(join(platform.dataDir, 'access-key.json')))).toEqual(['root-secret-key'])
  expect(birds.count()).toBeGreaterThan(40)
})
