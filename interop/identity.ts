// The wrappers of the official SDKs, unmodified, inside sessions: credentials come from a platform beside a real OpenID provider.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { runtimeClient } from '@agentworks/sdk/client'
import { withApiKey as ourWithApiKey } from '@agentworks/sdk/identity'
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import { GetAgentRuntimeCommand, UpdateAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { settled } from '../conformance/agents.fixture.ts'
import { consent, type IdentityWorld, identityWorld, type ReturnApp, returnApp, tokenOf } from '../conformance/identity-world.fixture.ts'
import { invoke, session, streamed } from '../conformance/invoke.fixture.ts'
import { type Clients, clientsOf, region, roleArn } from '../conformance/platform.fixture.ts'
import { commandLine } from './command-line.ts'
import { NotToBeHad, type Results } from './results.ts'
import { lastWords, runProgram } from './run-program.ts'
import { hostPythons, nodeGuest, pythonSdk } from './third-party.ts'

interface Suite {
  world: IdentityWorld
  clients: Clients
  cli: ReturnType<typeof commandLine>
  app: ReturnApp
  /** A token of hers. */
  alice: string
}

export async function identitySuites({ results }: { results: Results }): Promise<void> {
  const world = await identityWorld()
  const clients = clientsOf(world.platform)
  const app = await returnApp(world.identity, 'nobody')
  try {
    const suite = { world, clients, cli: commandLine(world.platform), app, alice: await tokenOf(world, app, 'alice') }
    await results.test('requires_api_key and requires_iam_access_token of the Python SDK outside of a session', () => pythonAlone(suite))
    await officialAgent(suite, results, 'Python', { 'api-key-sync': withKey, 'iam-jwt': withJwt }, async () => {
      const python = (await hostPythons())[0]
      if (!python) throw new NotToBeHad('this host has no Python with pip')
      const how = { path: python.folder, more: ['--entry-point', 'identity.py'] }
      return suite.cli.deploy(join(import.meta.dirname, 'guests/python-sdk'), 'python_identity', how)
    })
    await officialAgent(suite, results, 'TypeScript', {}, async () =>
      suite.cli.deploy(await nodeGuest('typescript-sdk'), 'typescript_identity', { more: ['--entry-point', 'identity.mjs'] }),
    )
  } finally {
    for (const client of Object.values(clients)) client.destroy()
    await app.close()
    await world.stop()
  }
}

/** The TypeScript SDK answers 415 without it. */
const json = { contentType: 'application/json' }

type Proof = (answer: Record<string, unknown>, suite: Suite) => void

const withKey: Proof = (answer, { world }) => deepEqual(answer, { question: 'rain?', apiKey: world.apiKey })

const withJwt: Proof = (claims, { world }) => {
  deepEqual([claims.iss, claims.aud], [world.platform.url, 'https://api.example.com'])
  equal(claims.sub, roleArn)
}

async function officialAgent(
  suite: Suite,
  results: Results,
  sdk: string,
  more: Record<string, Proof>,
  deploy: () => Promise<{ agentRuntimeArn: string }>,
) {
  const { world, clients } = suite
  let agentRuntimeArn = ''
  await results.test(`an agent on the identity of the ${sdk} SDK is deployed`, async () => {
    ;({ agentRuntimeArn } = await deploy())
    const name = agentRuntimeArn.split('/').at(-1) ?? ''
    await world.identity.updateWorkloadIdentity({ name, allowedResourceOauth2ReturnUrls: [suite.app.url] })
  })
  if (agentRuntimeArn === '') return
  const machine: Proof = (claims) => {
    const { iss, client_id, scope } = claims
    deepEqual({ iss, client_id, scope }, { iss: world.issuer, client_id: 'agents', scope: 'read:reports' })
  }
  for (const [wish, proof] of Object.entries({ 'api-key': withKey, machine, ...more })) {
    await results.test(`${sdk} SDK: ${wish}`, async () => {
      const call = { ...json, runtimeSessionId: session(sdk), runtimeUserId: 'anna' }
      const { body } = await invoke(clients, agentRuntimeArn, { do: wish }, call).catch((fault) => withItsOutput(suite, agentRuntimeArn, fault))
      proof(body, suite)
    })
  }
  await results.test(`${sdk} SDK: a user’s token after consent, at once the next time, and not for another user`, () =>
    consentTo(suite, agentRuntimeArn, sdk),
  )
  await results.test(`${sdk} SDK: a bearer token is exchanged on behalf of its user`, () => exchanged(suite, agentRuntimeArn))
}

async function exchanged({ world, clients, alice }: Suite, agentRuntimeArn: string): Promise<void> {
  const agentRuntimeId = agentRuntimeArn.split('/').at(-1) ?? ''
  const { agentRuntimeArtifact, roleArn, networkConfiguration } = await clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId }))
  const discoveryUrl = `${world.issuer}/.well-known/openid-configuration`
  const guarded = { authorizerConfiguration: { customJWTAuthorizer: { discoveryUrl, allowedClients: ['agents'] } } }
  const same = { agentRuntimeId, agentRuntimeArtifact, roleArn, networkConfiguration }
  await clients.control.send(new UpdateAgentRuntimeCommand({ ...same, ...guarded }))
  await settled(clients, agentRuntimeId)
  const client = runtimeClient({ region, endpoint: world.platform.url, bearerToken: alice })
  const answer = await client.invoke({ agentRuntimeArn, payload: { do: 'on-behalf' } })
  const { sub, aud, scope, act } = (await answer.value()) as Record<string, unknown>
  client.destroy()
  deepEqual({ sub, aud, scope, act }, { sub: 'alice', aud: 'https://invoices.example.com', scope: 'read:invoices', act: { sub: 'agents' } })
}

/** An agent that does not answer is only understood with its own output. */
async function withItsOutput({ cli }: Suite, agentRuntimeArn: string, fault: Error): Promise<never> {
  const output = (await cli.logs(agentRuntimeArn)).trim().split('\n').slice(-12).join('\n')
  throw new Error(`${fault.message}\nits output:\n${output}`, { cause: fault })
}

/** The official SDKs ask every five seconds; that is what this takes. */
async function consentTo({ world, clients, app }: Suite, agentRuntimeArn: string, sdk: string): Promise<void> {
  const [user, other] = [`${sdk}-user`, `${sdk}-other`]
  const ask = (runtimeUserId: string) => {
    const wish = { do: 'user', callbackUrl: app.url, customState: `state of ${runtimeUserId}` }
    return streamed(clients, agentRuntimeArn, wish, { ...json, runtimeSessionId: session(runtimeUserId), runtimeUserId })
  }
  // They ask for ten minutes when nobody consents. A session that was stopped ends that, and the test with it.
  const stop = new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId: session(user) })
  const giveUp = setTimeout(() => void clients.data.send(stop).catch(() => undefined), 90_000)
  try {
    await using first = ask(user)
    const { authorizationUrl } = (await first.next()).value as { authorizationUrl: string }
    app.signedIn = user
    match(await consent(world, authorizationUrl, 'alice'), new RegExp(`Connected as ${user}`))
    equal(app.state, `state of ${user}`)
    equal(subjectIn((await first.next()).value), 'alice')
    await using again = ask(user)
    equal(subjectIn((await again.next()).value), 'alice')
    await using another = ask(other)
    ok('authorizationUrl' in ((await another.next()).value as object))
  } finally {
    clearTimeout(giveUp)
  }
}

const subjectIn = (item: unknown) => (item as { claims: { sub: string } }).claims.sub

async function pythonAlone({ world, cli }: Suite): Promise<void> {
  const python = await pythonSdk()
  const cwd = join(world.platform.dataDir, 'alone')
  mkdirSync(cwd)
  const env = { PATH: process.env.PATH ?? '', HOME: cwd, ...(await cli.env()) }
  const program = join(import.meta.dirname, 'guests/python-sdk/alone.py')
  const ran = await runProgram(python, [program], { env, cwd, limitMs: 60_000 })
  if (ran.code !== 0) throw new Error(lastWords(ran))
  const { key, sync, jwt } = JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '')
  deepEqual([key.apiKey, sync.apiKey], [world.apiKey, world.apiKey])
  deepEqual([jwt.iss, jwt.aud], [world.platform.url, 'https://api.example.com'])
  const { workload_identity_name } = JSON.parse(readFileSync(join(cwd, '.agentcore.json'), 'utf8'))
  equal((await world.identity.getWorkloadIdentity(workload_identity_name)).name, workload_identity_name)
  await asOursKeepsIt(world, cwd)
}

/** A project may use both SDKs: to the platform and its user they are one. */
async function asOursKeepsIt({ identity, apiKey }: IdentityWorld, cwd: string): Promise<void> {
  const kept = readFileSync(join(cwd, '.agentcore.json'), 'utf8')
  const home = process.cwd()
  process.chdir(cwd)
  try {
    equal(await ourWithApiKey({ providerName: 'weather', client: identity })(async (key: string) => key)(), apiKey)
  } finally {
    process.chdir(home)
  }
  equal(readFileSync(join(cwd, '.agentcore.json'), 'utf8'), kept)
}
