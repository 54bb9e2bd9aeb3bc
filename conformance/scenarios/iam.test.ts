// Users, roles and policies: what the iam scope keeps, by its stock client.
import { InvokeAgentRuntimeCommand } from '@aws-sdk/client-bedrock-agentcore'
import { ListAgentRuntimesCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import * as iamApi from '@aws-sdk/client-iam'
import { ListBucketsCommand, PutObjectCommand } from '@aws-sdk/client-s3'
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, expect } from 'vitest'
import { policy, trusting, userWith } from '../callers.fixture.ts'
import { errorOf } from '../invoke.fixture.ts'
import { clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { callers as promised } from '../requirements-of-callers.ts'
import { scenario } from '../scenario.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'

const account = '000000000000'
const everyone = { AWS: `arn:aws:iam::${account}:root` }
const agentCore = { Service: 'bedrock-agentcore.amazonaws.com' }
const roleArn = (name: string) => `arn:aws:iam::${account}:role/${name}`

let platform: RunningPlatform
let iam: iamApi.IAMClient
beforeAll(async () => {
  platform = await startPlatform()
  open()
})
afterAll(() => removeDataDir(platform))

function open() {
  iam = new iamApi.IAMClient({ endpoint: platform.url, region, credentials: platform.credentials })
}

scenario('iam.roles', 'js', async () => {
  const RoleName = 'Reader'
  const made = await iam.send(
    new iamApi.CreateRoleCommand({
      RoleName,
      Path: '/teams/a/',
      AssumeRolePolicyDocument: trusting(agentCore),
      Description: 'reads <&>',
      Tags: [{ Key: 'team', Value: 'a' }],
    }),
  )
  expect(made.Role).toMatchObject({ RoleName, Path: '/teams/a/', Arn: roleArn('teams/a/Reader'), MaxSessionDuration: 3600, Description: 'reads <&>' })
  expect(made.Role?.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/)
  expect(decodeURIComponent(made.Role?.AssumeRolePolicyDocument ?? '')).toBe(trusting(agentCore))
  expect(await errorOf(iam.send(new iamApi.CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trusting(agentCore) })))).toMatchObject({
    name: 'EntityAlreadyExistsException',
    status: 409,
  })

  const PolicyDocument = policy({ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' })
  await iam.send(new iamApi.PutRolePolicyCommand({ RoleName, PolicyName: 'reads', PolicyDocument }))
  expect(decodeURIComponent((await iam.send(new iamApi.GetRolePolicyCommand({ RoleName, PolicyName: 'reads' }))).PolicyDocument ?? '')).toBe(
    PolicyDocument,
  )
  expect((await iam.send(new iamApi.ListRolePoliciesCommand({ RoleName }))).PolicyNames).toEqual(['reads'])
  expect(await errorOf(iam.send(new iamApi.DeleteRoleCommand({ RoleName })))).toMatchObject({ name: 'DeleteConflictException', status: 409 })

  await iam.send(new iamApi.UpdateRoleCommand({ RoleName, Description: 'other', MaxSessionDuration: 7200 }))
  await iam.send(new iamApi.UpdateAssumeRolePolicyCommand({ RoleName, PolicyDocument: trusting(everyone) }))
  await iam.send(new iamApi.TagRoleCommand({ RoleName, Tags: [{ Key: 'stage', Value: 'test' }] }))
  await iam.send(new iamApi.UntagRoleCommand({ RoleName, TagKeys: ['team'] }))
  const { Role } = await iam.send(new iamApi.GetRoleCommand({ RoleName }))
  expect(Role).toMatchObject({ Description: 'other', MaxSessionDuration: 7200, Tags: [{ Key: 'stage', Value: 'test' }] })
  expect((await iam.send(new iamApi.ListRoleTagsCommand({ RoleName }))).Tags).toEqual([{ Key: 'stage', Value: 'test' }])

  const listed: (string | undefined)[] = []
  for await (const page of iamApi.paginateListRoles({ client: iam, pageSize: 2 }, {})) listed.push(...(page.Roles ?? []).map((role) => role.RoleName))
  expect(listed).toEqual(expect.arrayContaining(['AgentCoreExecutionRole', 'AgentworksBuilderRole', 'AgentworksExecutionRole', 'Reader', 'deployer']))
  expect((await iam.send(new iamApi.ListRolesCommand({ PathPrefix: '/teams/' }))).Roles?.map((role) => role.RoleName)).toEqual(['Reader'])

  await iam.send(new iamApi.DeleteRolePolicyCommand({ RoleName, PolicyName: 'reads' }))
  await iam.send(new iamApi.DeleteRoleCommand({ RoleName }))
  expect(await errorOf(iam.send(new iamApi.GetRoleCommand({ RoleName })))).toMatchObject({ name: 'NoSuchEntityException', status: 404 })
})

scenario('iam.roles', 'raw', async () => {
  const create = (AssumeRolePolicyDocument: string, more: Partial<iamApi.CreateRoleCommandInput> = {}) =>
    errorOf(iam.send(new iamApi.CreateRoleCommand({ RoleName: 'Refused', AssumeRolePolicyDocument, ...more })))
  const malformed = { name: 'MalformedPolicyDocumentException', status: 400 }
  expect(await create('{')).toMatchObject({ ...malformed, message: expect.stringContaining('not JSON') })
  expect(await create(policy({ Effect: 'Allow', Action: 'sts:AssumeRole' }))).toMatchObject({
    ...malformed,
    message: expect.stringContaining('Principal'),
  })
  expect(await create(trusting({ Service: 'agentcore-runtime.amazonaws.com' }))).toMatchObject({
    ...malformed,
    message: expect.stringContaining('The nearest real one is "bedrock-agentcore.amazonaws.com"'),
  })
  expect(await create(trusting(agentCore), { PermissionsBoundary: roleArn('x') })).toMatchObject({
    message: expect.stringContaining('PermissionsBoundary'),
  })
  expect(await create(trusting(agentCore), { RoleName: 'no spaces' })).toMatchObject({ status: 400, message: expect.stringContaining('RoleName') })
  expect(await create(' '.repeat(10) + trusting({ AWS: Array.from({ length: 200 }, (_, index) => String(100000000000 + index)) }))).toMatchObject({
    name: 'LimitExceededException',
  })
  expect(await errorOf(iam.send(new iamApi.DeleteRoleCommand({ RoleName: 'deployer' })))).toMatchObject({ name: 'UnmodifiableEntityException' })
  const put = (document: object) =>
    errorOf(iam.send(new iamApi.PutRolePolicyCommand({ RoleName: 'deployer', PolicyName: 'p', PolicyDocument: JSON.stringify(document) })))
  const statement = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }
  for (const [broken, names] of [
    [{ Version: '2013-01-01', Statement: [statement] }, 'Version'],
    [{ Version: '2012-10-17' }, 'Statement'],
    [{ Statement: [{ ...statement, Principal: '*' }] }, 'Principal'],
    [{ Statement: [{ ...statement, Action: 'GetObject' }] }, 'Action'],
    [{ Statement: [{ ...statement, Resource: 'my-bucket' }] }, 'Resource'],
    [{ Statement: [{ ...statement, Condition: { StringSounds: { 'aws:username': 'x' } } }] }, 'StringSounds'],
    [{ Statement: [{ ...statement, Effects: 'x' }] }, 'Effects'],
    [{ Statement: [{ ...statement, NotAction: 's3:*' }] }, 'NotAction'],
  ] as const)
    expect(await put(broken)).toMatchObject({ ...malformed, message: expect.stringContaining(names) })
  const asked = await sendSigned(platform, { service: 'iam', method: 'GET', path: '/?Action=CreateLoginProfile&Version=2010-05-08' })
  expect(asked).toMatchObject({ status: 501, message: expect.stringContaining('iam CreateLoginProfile is not served') })
  const named = new Set([...promised['iam.roles'].operations, ...promised['iam.policies'].operations, ...promised['iam.keys'].operations])
  const values = ['', '%00%FF', '..%2F', '%F0%9F%98%80'.repeat(99), '-1', '%7B%22Statement%22%3A%5B%7B%7D%5D%7D', '__proto__']
  const members = [
    'RoleName',
    'UserName',
    'PolicyArn',
    'PolicyName',
    'PolicyDocument',
    'AssumeRolePolicyDocument',
    'VersionId',
    'MaxItems',
    'Marker',
    'Path',
  ]
  for (const name of [...named, 'AssumeRole']) {
    for (const value of values) {
      const form = [...members, 'RoleArn', 'Tags.member.1.Key', 'Tags.member.x', 'TagKeys.member.1'].map((member) => `${member}=${value}`).join('&')
      const service = name === 'AssumeRole' ? 'sts' : 'iam'
      const answer = await sendSigned(platform, { service, method: 'GET', path: `/?Action=${name}&Version=2010-05-08&${form}` })
      expect(answer.status, `${name} of ${value}: ${answer.message}`).toBeLessThan(500)
    }
  }
})

scenario('iam.keys', 'js', async () => {
  const user = await userWith(platform, iam, 'lister', { Effect: 'Allow', Action: ['bedrock-agentcore:ListAgentRuntimes'], Resource: '*' })
  expect(await user.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Arn: `arn:aws:iam::${account}:user/lister`,
    UserId: expect.stringMatching(/^AIDA/),
  })
  await user.control.send(new ListAgentRuntimesCommand({}))
  expect(await errorOf(user.s3.send(new PutObjectCommand({ Bucket: 'b', Key: 'k', Body: 'x' })))).toMatchObject({ status: 403 })
  const refused = await errorOf(
    user.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: runtimeNamed('a-0123456789'), payload: new Uint8Array() })),
  )
  expect(refused).toMatchObject({ name: 'AccessDeniedException', status: 403 })
  expect(refused.message).toContain(`bedrock-agentcore:InvokeAgentRuntime on resource ${runtimeNamed('a-0123456789')}`)

  // Whose key it is about says the member that the operation reads, and no other beside it.
  const keeper = await userWith(
    platform,
    iam,
    'keeper',
    { Effect: 'Allow', Action: 'iam:*', Resource: [roleArn('dev-*'), `arn:aws:iam::${account}:user/keeper`] },
    { Effect: 'Deny', Action: 'iam:ListAccessKeys', Resource: `arn:aws:iam::${account}:user/keeper` },
  )
  const credentials = await keeper.control.config.credentials()
  const call = (query: string) => sendSigned(platform, { service: 'iam', method: 'GET', path: `/?Version=2010-05-08&Action=${query}`, credentials })
  expect(await call('CreateAccessKey&UserName=lister&RoleName=dev-1')).toMatchObject({
    status: 403,
    message: expect.stringContaining(`iam:CreateAccessKey on resource arn:aws:iam::${account}:user/lister`),
  })
  expect(await call('ListAccessKeys')).toMatchObject({ status: 403, message: expect.stringContaining('user/keeper') })
  expect((await call('GetUser')).status).toBe(200)
  await iam.send(new iamApi.DeleteAccessKeyCommand({ UserName: 'keeper', AccessKeyId: keeper.accessKeyId }))
  await iam.send(new iamApi.DeleteUserPolicyCommand({ UserName: 'keeper', PolicyName: 'own' }))
  await iam.send(new iamApi.DeleteUserCommand({ UserName: 'keeper' }))

  const { accessKeyId } = user
  const { AccessKeyMetadata } = await iam.send(new iamApi.ListAccessKeysCommand({ UserName: 'lister' }))
  expect(AccessKeyMetadata).toMatchObject([{ AccessKeyId: accessKeyId, Status: 'Active', UserName: 'lister' }])

  // What was acknowledged survives kill -9.
  await platform.kill()
  platform = await startPlatform(platform.dataDir)
  open()
  const { control: again } = clientsOf({ url: platform.url, credentials: await user.control.config.credentials() })
  await again.send(new ListAgentRuntimesCommand({}))

  await iam.send(new iamApi.UpdateAccessKeyCommand({ UserName: 'lister', AccessKeyId: accessKeyId, Status: 'Inactive' }))
  expect(await errorOf(again.send(new ListAgentRuntimesCommand({})))).toMatchObject({ name: 'UnrecognizedClientException', status: 403 })
  await iam.send(new iamApi.UpdateAccessKeyCommand({ UserName: 'lister', AccessKeyId: accessKeyId, Status: 'Active' }))
  await again.send(new ListAgentRuntimesCommand({}))
  expect(await errorOf(iam.send(new iamApi.DeleteUserCommand({ UserName: 'lister' })))).toMatchObject({ name: 'DeleteConflictException' })
  await iam.send(new iamApi.DeleteAccessKeyCommand({ UserName: 'lister', AccessKeyId: accessKeyId }))
  expect(await errorOf(again.send(new ListAgentRuntimesCommand({})))).toMatchObject({ name: 'UnrecognizedClientException' })
  expect((await iam.send(new iamApi.ListUserPoliciesCommand({ UserName: 'lister' }))).PolicyNames).toEqual(['own'])
  expect((await iam.send(new iamApi.GetUserPolicyCommand({ UserName: 'lister', PolicyName: 'own' }))).UserName).toBe('lister')
  await iam.send(new iamApi.DeleteUserPolicyCommand({ UserName: 'lister', PolicyName: 'own' }))
  await iam.send(new iamApi.DeleteUserCommand({ UserName: 'lister' }))
  expect((await iam.send(new iamApi.ListUsersCommand({}))).Users).toEqual([])
  expect(await errorOf(iam.send(new iamApi.GetUserCommand({ UserName: 'lister' })))).toMatchObject({ name: 'NoSuchEntityException' })
})

const runtimeNamed = (id: string) => `arn:aws:bedrock-agentcore:${region}:${account}:runtime/${id}`

scenario('iam.policies', 'js', async () => {
  const user = await userWith(platform, iam, 'managed')
  const list = () => user.s3.send(new ListBucketsCommand({}))
  expect(await errorOf(list())).toMatchObject({ name: 'AccessDenied', status: 403 })
  const allows = policy({ Effect: 'Allow', Action: 's3:List*', Resource: '*' })
  const denies = policy({ Sid: 'Closed', Effect: 'Deny', Action: '*', Resource: '*' })
  const { Policy } = await iam.send(new iamApi.CreatePolicyCommand({ PolicyName: 'Lists', PolicyDocument: allows }))
  const PolicyArn = Policy?.Arn ?? ''
  expect(Policy).toMatchObject({ Arn: `arn:aws:iam::${account}:policy/Lists`, DefaultVersionId: 'v1', AttachmentCount: 0 })
  await iam.send(new iamApi.AttachUserPolicyCommand({ UserName: 'managed', PolicyArn }))
  await iam.send(new iamApi.AttachRolePolicyCommand({ RoleName: 'AgentCoreExecutionRole', PolicyArn }))
  expect((await iam.send(new iamApi.GetPolicyCommand({ PolicyArn }))).Policy?.AttachmentCount).toBe(2)
  expect((await iam.send(new iamApi.ListAttachedUserPoliciesCommand({ UserName: 'managed' }))).AttachedPolicies).toEqual([
    { PolicyName: 'Lists', PolicyArn },
  ])
  expect((await iam.send(new iamApi.ListAttachedRolePoliciesCommand({ RoleName: 'AgentCoreExecutionRole' }))).AttachedPolicies).toHaveLength(1)
  await list()

  await iam.send(new iamApi.CreatePolicyVersionCommand({ PolicyArn, PolicyDocument: denies }))
  await list()
  await iam.send(new iamApi.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
  expect(await errorOf(list())).toMatchObject({
    message: expect.stringContaining('the policy arn:aws:iam::000000000000:policy/Lists denies it in the statement "Closed"'),
  })
  expect(await errorOf(iam.send(new iamApi.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' })))).toMatchObject({
    name: 'DeleteConflictException',
  })
  await iam.send(new iamApi.SetDefaultPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
  await iam.send(new iamApi.DeletePolicyVersionCommand({ PolicyArn, VersionId: 'v2' }))
  expect((await iam.send(new iamApi.ListPolicyVersionsCommand({ PolicyArn }))).Versions).toMatchObject([{ VersionId: 'v1', IsDefaultVersion: true }])
  const version = await iam.send(new iamApi.GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
  expect(decodeURIComponent(version.PolicyVersion?.Document ?? '')).toBe(allows)
  await list()
  expect(await errorOf(iam.send(new iamApi.DeletePolicyCommand({ PolicyArn })))).toMatchObject({ name: 'DeleteConflictException' })
  await iam.send(new iamApi.DetachUserPolicyCommand({ UserName: 'managed', PolicyArn }))
  await iam.send(new iamApi.DetachRolePolicyCommand({ RoleName: 'AgentCoreExecutionRole', PolicyArn }))
  expect(await errorOf(list())).toMatchObject({ name: 'AccessDenied' })
  await iam.send(new iamApi.DeletePolicyCommand({ PolicyArn }))
  expect((await iam.send(new iamApi.ListPoliciesCommand({ Scope: 'Local' }))).Policies).toEqual([])
})
