// Who may do what: users, roles and policies by the stock clients, on one platform.
import { StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateAgentRuntimeCommand,
  CreateAgentRuntimeEndpointCommand,
  CreateMemoryCommand,
  DeleteAgentRuntimeEndpointCommand,
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  ListAgentRuntimesCommand,
  PutResourcePolicyCommand,
  TagResourceCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { ConverseCommand, ConverseStreamCommand, type Message } from '@aws-sdk/client-bedrock-runtime'
import * as iamApi from '@aws-sdk/client-iam'
import { ListBucketsCommand, ListObjectsV2Command } from '@aws-sdk/client-s3'
import { AssumeRoleCommand, type AssumeRoleCommandInput, GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect } from 'vitest'
import { bucket, codeArtifact, createAgent, lender, settled, upload, zip } from '../agents.fixture.ts'
import { policy, trusting, userWith } from '../callers.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const account = '000000000000'
const everyone = { AWS: `arn:aws:iam::${account}:root` }
const agentCore = { Service: 'bedrock-agentcore.amazonaws.com' }
const runtimeNamed = (id: string) => `arn:aws:bedrock-agentcore:${region}:${account}:runtime/${id}`
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`

let platform: RunningPlatform
let clients: Clients
let iam: iamApi.IAMClient
beforeAll(async () => {
  platform = await startPlatform()
  open()
})
afterAll(() => removeDataDir(platform))

function open() {
  clients = clientsOf(platform)
  iam = new iamApi.IAMClient({ endpoint: platform.url, region, credentials: platform.credentials })
}

async function assumed(from: Clients, RoleArn: string, more: Partial<AssumeRoleCommandInput> = {}) {
  const answer = await from.sts.send(new AssumeRoleCommand({ RoleArn, RoleSessionName: 'tester', ...more }))
  const { AccessKeyId: accessKeyId = '', SecretAccessKey: secretAccessKey = '', SessionToken: sessionToken } = answer.Credentials ?? {}
  return { answer, clients: clientsOf({ url: platform.url, credentials: { accessKeyId, secretAccessKey, sessionToken } }) }
}

scenario('sts.assume-role', 'js', async () => {
  const RoleName = 'Assumable'
  const condition = { StringEquals: { 'sts:ExternalId': 'secret-handshake' } }
  await iam.send(new iamApi.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(everyone, condition) }))
  await iam.send(
    new iamApi.PutRolePolicyCommand({
      RoleName,
      PolicyName: 'p',
      PolicyDocument: policy({ Effect: 'Allow', Action: ['s3:*', 'sts:AssumeRole'], Resource: '*' }),
    }),
  )
  const stranger = await userWith(platform, iam, 'stranger')
  const member = await userWith(platform, iam, 'member', { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roleArn(RoleName) })
  const ExternalId = 'secret-handshake'
  const refusal = { name: 'AccessDenied', status: 403, message: expect.stringContaining(`sts:AssumeRole on resource ${roleArn(RoleName)}`) }
  expect(await errorOf(assumed(member, roleArn(RoleName)))).toMatchObject(refusal)
  expect(await errorOf(assumed(stranger, roleArn(RoleName), { ExternalId }))).toMatchObject(refusal)
  expect(await errorOf(assumed(member, roleArn('Nowhere'), { ExternalId }))).toMatchObject({ name: 'AccessDenied' })
  expect(await errorOf(assumed(member, roleArn(RoleName), { ExternalId, DurationSeconds: 7200 }))).toMatchObject({
    message: expect.stringContaining('MaxSessionDuration'),
  })
  expect(await errorOf(assumed(member, roleArn(RoleName), { ExternalId, SourceIdentity: 'me' }))).toMatchObject({
    message: expect.stringContaining('SourceIdentity'),
  })

  const acting = await assumed(member, roleArn(RoleName), { ExternalId, DurationSeconds: 900 })
  expect(acting.answer.AssumedRoleUser).toMatchObject({ Arn: `arn:aws:sts::${account}:assumed-role/${RoleName}/tester` })
  expect(acting.answer.Credentials?.Expiration?.getTime()).toBeLessThanOrEqual(Date.now() + 901_000)
  const { Arn, UserId } = await acting.clients.sts.send(new GetCallerIdentityCommand({}))
  expect([Arn, UserId]).toEqual([acting.answer.AssumedRoleUser?.Arn, acting.answer.AssumedRoleUser?.AssumedRoleId])
  await acting.clients.s3.send(new ListBucketsCommand({}))
  expect(await errorOf(acting.clients.control.send(new ListAgentRuntimesCommand({})))).toMatchObject({ name: 'AccessDeniedException' })

  const Policy = policy({ Effect: 'Allow', Action: ['s3:GetObject', 'bedrock-agentcore:*'], Resource: '*' })
  const narrowed = await assumed(member, roleArn(RoleName), { ExternalId, Policy })
  expect(await errorOf(narrowed.clients.s3.send(new ListBucketsCommand({})))).toMatchObject({
    name: 'AccessDenied',
    message: expect.stringContaining('session policy'),
  })
  expect(await errorOf(narrowed.clients.control.send(new ListAgentRuntimesCommand({})))).toMatchObject({ name: 'AccessDeniedException' })

  const Tags = [{ Key: 'team', Value: 'red' }]
  expect(await errorOf(assumed(member, roleArn(RoleName), { ExternalId, Tags }))).toMatchObject({
    message: expect.stringContaining('sts:TagSession'),
  })
  await iam.send(
    new iamApi.CreateRoleCommand({
      RoleName: 'Tagged',
      Tags: [{ Key: 'team', Value: 'blue' }],
      AssumeRolePolicyDocument: policy({ Effect: 'Allow', Principal: '*', Action: ['sts:AssumeRole', 'sts:TagSession'] }),
    }),
  )
  const onlyRed = { StringEquals: { 'aws:PrincipalTag/team': 'red' } }
  const PolicyDocument = policy({ Effect: 'Allow', Action: 's3:*', Resource: '*', Condition: onlyRed })
  await iam.send(new iamApi.PutRolePolicyCommand({ RoleName: 'Tagged', PolicyName: 'p', PolicyDocument }))
  const red = await assumed(member, roleArn('Tagged'), { Tags })
  await red.clients.s3.send(new ListBucketsCommand({}))
  const blue = await assumed(member, roleArn('Tagged'))
  expect(await errorOf(blue.clients.s3.send(new ListBucketsCommand({})))).toMatchObject({ name: 'AccessDenied' })

  // The change of a role is in force at once, for credentials that are out already too.
  await iam.send(new iamApi.DeleteRolePolicyCommand({ RoleName, PolicyName: 'p' }))
  expect(await errorOf(acting.clients.s3.send(new ListBucketsCommand({})))).toMatchObject({ name: 'AccessDenied' })
  // With the role go its credentials, also when another of its name is made.
  await iam.send(new iamApi.DeleteRoleCommand({ RoleName }))
  const ended = { name: 'InvalidClientTokenId', status: 403 }
  expect(await errorOf(acting.clients.sts.send(new GetCallerIdentityCommand({})))).toMatchObject(ended)
  await iam.send(new iamApi.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(everyone) }))
  expect(await errorOf(acting.clients.sts.send(new GetCallerIdentityCommand({})))).toMatchObject(ended)
})

scenario('roles.run', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'lends', files: { 'main.js': lender } })
  const create = (from: Clients, agentRuntimeName: string, role: string) =>
    from.control.send(
      new CreateAgentRuntimeCommand({
        agentRuntimeName,
        roleArn: roleArn(role),
        agentRuntimeArtifact: codeArtifact('lends.zip'),
        networkConfiguration: { networkMode: 'PUBLIC' },
      }),
    )
  await upload(clients, 'lends.zip', await zip({ 'main.js': lender }))
  await iam.send(new iamApi.CreateRoleCommand({ RoleName: 'OfBedrock', AssumeRolePolicyDocument: trusting({ Service: 'bedrock.amazonaws.com' }) }))
  expect(await errorOf(create(clients, 'untrusted', 'OfBedrock'))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringMatching(/roleArn: AgentCore cannot assume.*trusts bedrock\.amazonaws\.com.*bedrock-agentcore\.amazonaws\.com/),
  })
  const memory = { name: 'untrusted', eventExpiryDuration: 7, memoryExecutionRoleArn: roleArn('OfBedrock') }
  expect(await errorOf(clients.control.send(new CreateMemoryCommand(memory)))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('memoryExecutionRoleArn: AgentCore cannot assume'),
  })
  const maker = await userWith(
    platform,
    iam,
    'maker',
    { Effect: 'Allow', Action: ['bedrock-agentcore:CreateAgentRuntime', 's3:GetObject'], Resource: '*' },
    {
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: roleArn('Buckets'),
      Condition: { StringEquals: { 'iam:PassedToService': 'bedrock-agentcore.amazonaws.com' } },
    },
  )
  expect(await errorOf(create(maker, 'unpassed', 'AgentCoreExecutionRole'))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringContaining(`iam:PassRole on resource ${roleArn('AgentCoreExecutionRole')}`),
  })

  await iam.send(
    new iamApi.CreateRoleCommand({
      RoleName: 'Buckets',
      AssumeRolePolicyDocument: trusting(agentCore, {
        StringEquals: { 'aws:SourceAccount': account },
        ArnLike: { 'aws:SourceArn': `arn:aws:bedrock-agentcore:${region}:${account}:*` },
      }),
    }),
  )
  const PolicyDocument = policy(
    { Effect: 'Allow', Action: 's3:ListAllMyBuckets', Resource: '*' },
    { Effect: 'Allow', Action: 'bedrock:InvokeAgentCoreGateway', Resource: '*' },
  )
  await iam.send(new iamApi.PutRolePolicyCommand({ RoleName: 'Buckets', PolicyName: 'p', PolicyDocument }))
  const { agentRuntimeId = '', agentRuntimeArn: passed = '' } = await create(maker, 'passed', 'Buckets')
  expect(await settled(clients, agentRuntimeId)).toMatchObject({ status: 'READY' })
  const inSession = async (arn: string) => {
    const { body } = await invoke(clients, arn, {})
    return clientsOf({
      url: platform.url,
      credentials: { accessKeyId: body.AccessKeyId, secretAccessKey: body.SecretAccessKey, sessionToken: body.Token },
    })
  }
  const agent = await inSession(passed)
  expect((await agent.s3.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toContain(bucket)
  const refused = await errorOf(agent.control.send(new ListAgentRuntimesCommand({})))
  expect(refused.message).toContain('AWS has no action bedrock:InvokeAgentCoreGateway; the nearest is bedrock-agentcore:InvokeGateway')
  // Trust that is taken back keeps new sessions from starting, and says so.
  await iam.send(new iamApi.UpdateAssumeRolePolicyCommand({ RoleName: 'Buckets', PolicyDocument: trusting({ Service: 'ec2.amazonaws.com' }) }))
  expect(await errorOf(invoke(clients, passed, {}, { runtimeSessionId: session('untrusted') }))).toMatchObject({
    name: 'AccessDeniedException',
    message: expect.stringMatching(/cannot assume the role .*it trusts ec2\.amazonaws\.com/),
  })
  // The role of the other is not defined, and acts as the default one.
  const other = await inSession(agentRuntimeArn)
  expect(await errorOf(other.s3.send(new ListBucketsCommand({})))).toMatchObject({ name: 'AccessDenied' })
})

scenario('policy.models', 'js', async () => {
  const user = await userWith(platform, iam, 'thinker', {
    Effect: 'Allow',
    Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
    Resource: 'arn:aws:bedrock:*::foundation-model/anthropic.*',
  })
  const messages: Message[] = [{ role: 'user', content: [{ text: 'Hello' }] }]
  const [Claude, Nova] = ['anthropic.claude-sonnet-4-20250514-v1:0', 'amazon.nova-lite-v1:0']
  await user.models.send(new ConverseCommand({ modelId: Claude, messages }))
  const refused = async (modelId: string, resource: string) => {
    for (const command of [new ConverseCommand({ modelId, messages }), new ConverseStreamCommand({ modelId, messages })]) {
      const error = await errorOf(user.models.send(command as ConverseCommand))
      expect(error).toMatchObject({ name: 'AccessDeniedException', status: 403, message: expect.stringContaining(resource) })
    }
  }
  await refused(Nova, `arn:aws:bedrock:${region}::foundation-model/${Nova}`)
  await refused(`us.${Claude}`, `arn:aws:bedrock:${region}:${account}:inference-profile/us.${Claude}`)
  await refused('openai:anthropic.x', 'foundation-model/openai:anthropic.x')
})

scenario('policy.conditions', 'js', async () => {
  const { agentRuntimeArn } = await createAgent(clients, { name: 'tagged' })
  const tag = (from: Clients, tags: Record<string, string>) => from.control.send(new TagResourceCommand({ resourceArn: agentRuntimeArn, tags }))
  const when = (name: string, Condition: object) =>
    userWith(platform, iam, name, { Effect: 'Allow', Action: ['bedrock-agentcore:TagResource', 's3:ListBucket'], Resource: '*', Condition })
  const teams = await when('teams', {
    StringEquals: { 'aws:RequestTag/team': ['red', 'blue'] },
    'ForAllValues:StringLike': { 'aws:TagKeys': ['team', 'note*'] },
  })
  await tag(teams, { team: 'red', noteOne: 'x' })
  for (const tags of [{ team: 'green' }, { team: 'red', other: 'x' }, { noteOne: 'x' }] as Record<string, string>[])
    expect(await errorOf(tag(teams, tags))).toMatchObject({ name: 'AccessDeniedException' })

  const near = await when('near', {
    IpAddress: { 'aws:SourceIp': '127.0.0.0/8' },
    StringEquals: { 'aws:RequestedRegion': region, 'aws:username': 'near' },
  })
  await tag(near, { team: 'x' })
  const far = await when('far', { IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } })
  expect(await errorOf(tag(far, { team: 'x' }))).toMatchObject({ name: 'AccessDeniedException' })
  const secure = await when('secure', { Bool: { 'aws:SecureTransport': 'true' } })
  expect(await errorOf(tag(secure, { team: 'x' }))).toMatchObject({ name: 'AccessDeniedException' })

  const lists = await when('lists', { StringLike: { 's3:prefix': 'home/*' } })
  await lists.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'home/a' }))
  expect(await errorOf(lists.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: 'other/' })))).toMatchObject({ name: 'AccessDenied' })

  const inSubnet = await userWith(
    platform,
    iam,
    'networker',
    { Effect: 'Allow', Action: ['bedrock-agentcore:CreateAgentRuntime', 'iam:PassRole', 's3:GetObject'], Resource: '*' },
    {
      Effect: 'Deny',
      Action: 'bedrock-agentcore:CreateAgentRuntime',
      Resource: '*',
      Condition: { 'ForAnyValue:StringNotEquals': { 'bedrock-agentcore:Subnets': ['subnet-0a1b2c3d'] } },
    },
  )
  const create = (subnets: string[]) =>
    errorOf(
      inSubnet.control.send(
        new CreateAgentRuntimeCommand({
          agentRuntimeName: 'subnetted',
          roleArn: roleArn('AgentCoreExecutionRole'),
          agentRuntimeArtifact: codeArtifact('tagged.zip'),
          networkConfiguration: { networkMode: 'VPC', networkModeConfig: { subnets, securityGroups: ['sg-0a1b2c3d'] } },
        }),
      ),
    )
  expect(await create(['subnet-0a1b2c3d', 'subnet-99999999'])).toMatchObject({ name: 'AccessDeniedException' })
  // Allowed, and then refused for what the operator's map lacks.
  expect(await create(['subnet-0a1b2c3d'])).toMatchObject({ name: 'ValidationException', message: expect.stringContaining('subnet-0a1b2c3d') })
})

scenario('policy.resource', 'js', async () => {
  const { agentRuntimeArn, agentRuntimeId } = await createAgent(clients, { name: 'governed' })
  await clients.control.send(new CreateAgentRuntimeEndpointCommand({ agentRuntimeId, name: 'live' }))
  const [guest, insider] = [
    await userWith(platform, iam, 'guest'),
    await userWith(platform, iam, 'insider', { Effect: 'Allow', Action: 'bedrock-agentcore:InvokeAgentRuntime', Resource: agentRuntimeArn }),
  ]
  const userArn = (name: string) => `arn:aws:iam::${account}:user/${name}`
  const invokes = (from: Clients, qualifier?: string) => invoke(from, agentRuntimeArn, {}, { runtimeSessionId: session('governed'), qualifier })
  const put = (resourceArn: string, ...statements: Parameters<typeof policy>) =>
    clients.control.send(new PutResourcePolicyCommand({ resourceArn, policy: policy(...statements) }))
  const Action = 'bedrock-agentcore:InvokeAgentRuntime'
  const endpoint = `${agentRuntimeArn}/runtime-endpoint/live`
  const denied = { name: 'AccessDeniedException', status: 403 }

  expect(await errorOf(invokes(guest))).toMatchObject(denied)
  await invokes(insider, 'live')
  // The resource's policy alone lets a user of the account in, and for nothing else.
  const text = await put(agentRuntimeArn, { Effect: 'Allow', Principal: { AWS: userArn('guest') }, Action, Resource: agentRuntimeArn })
  expect((await clients.control.send(new GetResourcePolicyCommand({ resourceArn: agentRuntimeArn }))).policy).toBe(text.policy)
  await invokes(guest, 'live')
  expect(await errorOf(guest.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId: session('governed') })))).toMatchObject(
    denied,
  )

  // The endpoint's own must not block: not who is named nowhere in it but lives by the runtime's, and not by a deny.
  await put(endpoint, { Effect: 'Allow', Principal: { AWS: userArn('somebody') }, Action, Resource: endpoint })
  expect(await errorOf(invokes(guest, 'live'))).toMatchObject(denied)
  await invokes(insider, 'live')
  await invokes(guest)
  await put(endpoint, {
    Sid: 'Closed',
    Effect: 'Deny',
    Principal: '*',
    Action,
    Resource: endpoint,
    Condition: { StringEquals: { 'bedrock-agentcore:RuntimeAuthorizerType': 'AWS_IAM' } },
  })
  for (const each of [guest, insider, clients]) {
    const refused = await errorOf(invokes(each, 'live'))
    expect(refused).toMatchObject(denied)
    expect(refused.message).toContain(`bedrock-agentcore:InvokeAgentRuntime on resource ${agentRuntimeArn}`)
    expect(refused.message).toContain('"Closed"')
  }
  // What governs calls must not keep anybody from taking it away.
  await put(endpoint, { Effect: 'Deny', Principal: '*', Action: 'bedrock-agentcore:*', Resource: endpoint })
  expect(await errorOf(invokes(clients, 'live'))).toMatchObject(denied)
  await clients.control.send(new DeleteResourcePolicyCommand({ resourceArn: endpoint }))
  await invokes(guest, 'live')

  const bad = (resourceArn: string, body: string) => errorOf(clients.control.send(new PutResourcePolicyCommand({ resourceArn, policy: body })))
  const good = { Effect: 'Allow', Principal: '*', Action, Resource: agentRuntimeArn } as const
  const invalid = { name: 'ValidationException' }
  expect(await bad(agentRuntimeArn, policy({ ...good, Resource: '*' }))).toMatchObject({
    ...invalid,
    message: expect.stringContaining(agentRuntimeArn),
  })
  expect(await bad(agentRuntimeArn, policy({ ...good, Action: 'bedrock-agentcore:DeleteAgentRuntime' }))).toMatchObject(invalid)
  expect(await bad(agentRuntimeArn, policy(...Array.from({ length: 101 }, () => good)))).toMatchObject({
    ...invalid,
    message: expect.stringContaining('100'),
  })
  expect(await bad(agentRuntimeArn, policy({ ...good, Sid: 'x'.repeat(20_000) }))).toMatchObject({ status: 400 })
  expect(await bad(agentRuntimeArn, '[]')).toMatchObject(invalid)
  for (const none of [runtimeNamed('nothing-0123456789'), agentRuntimeArn.replace('arn:aws:', 'arn:aws-cn:')])
    expect(await bad(none, policy({ ...good, Resource: none }))).toMatchObject({ name: 'ResourceNotFoundException' })
  expect(await errorOf(clients.control.send(new GetResourcePolicyCommand({ resourceArn: endpoint })))).toMatchObject({
    name: 'ResourceNotFoundException',
  })

  await platform.kill()
  platform = await startPlatform(platform.dataDir)
  open()
  await invokes(clientsOf({ url: platform.url, credentials: await guest.control.config.credentials() }), 'live')
  await clients.control.send(new DeleteAgentRuntimeEndpointCommand({ agentRuntimeId, endpointName: 'live' }))
  expect(await bad(endpoint, policy({ ...good, Resource: endpoint }))).toMatchObject({ name: 'ResourceNotFoundException' })
})
