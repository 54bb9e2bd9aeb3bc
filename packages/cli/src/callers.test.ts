// keys and roles, on a platform of their own.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { agentworks } from './from-source.fixture.js'
import { type OwnPlatform, ownPlatform } from './own-platform.fixture.js'

let platform: OwnPlatform

beforeAll(async () => {
  platform = await ownPlatform()
}, 60_000)
afterAll(() => platform.end())

async function policyIn(file: string, ...Action: string[]): Promise<void> {
  await writeFile(join(platform.home, file), JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource: '*' }] }))
}

async function done(...args: string[]) {
  const { code, stdout, stderr } = await platform.run([...args, '--json'])
  expect(stderr.replace(/^(?!error).*$/gm, '').trim(), args.join(' ')).toBe('')
  expect(code).toBe(0)
  return { json: JSON.parse(stdout), stderr }
}

test('a key does what its policy allows, is listed, and is refused once it is revoked', async () => {
  await policyIn('list.json', 'bedrock-agentcore:ListAgentRuntimes', 'bedrock:InvokeAgentCoreGateway')
  const { json: key, stderr } = await done('keys', 'create', '--policy', 'list.json', '--name', 'web-app')
  expect(key).toEqual({
    accessKeyId: expect.stringMatching(/^AKIA[A-Z0-9]{16}$/),
    secretAccessKey: expect.stringMatching(/^\w{40}$/),
    name: 'web-app',
  })
  expect(stderr).toContain('AWS has no action bedrock:InvokeAgentCoreGateway; the nearest is bedrock-agentcore:InvokeGateway')
  const { home: cwd, url } = platform
  const env = { ...platform.env, AWS_ENDPOINT_URL: url, AWS_ACCESS_KEY_ID: key.accessKeyId, AWS_SECRET_ACCESS_KEY: key.secretAccessKey }
  expect((await agentworks(['agents', 'list'], { env, cwd })).code).toBe(0)
  const refused = await agentworks(['roles', 'list'], { env, cwd })
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringMatching(/user\/keys\/web-app is not authorized to perform iam:ListRoles/)])

  expect((await done('keys', 'list')).json).toMatchObject([{ accessKeyId: key.accessKeyId, name: 'web-app', status: 'Active' }])
  await done('keys', 'revoke', key.accessKeyId)
  expect((await done('keys', 'list')).json).toEqual([])
  expect((await agentworks(['agents', 'list'], { env, cwd })).code).toBe(1)
  const database = await readFile(join(platform.home, '.agentworks/agentworks.db'), 'latin1')
  expect(database).not.toContain(key.secretAccessKey)
})

test('a policy that cannot be meant makes no key', async () => {
  await writeFile(join(platform.home, 'bad.json'), '{"Statement": [{"Effect": "Maybe", "Action": "*", "Resource": "*"}]}')
  const { code, stderr } = await platform.run(['keys', 'create', '--policy', 'bad.json'])
  expect([code, stderr]).toEqual([1, expect.stringMatching(/Statement\[0\]\.Effect must be "Allow" or "Deny"/)])
  expect((await platform.run(['keys', 'create', '--policy', 'nowhere.json'])).code).toBe(2)
  expect((await done('keys', 'list')).json).toEqual([])
})

test('a role is made, seen with its policies, changed and deleted; ready-made ones stay', async () => {
  await policyIn('write.json', 's3:PutObject')
  expect((await done('roles', 'create', 'ReportWriter', '--policy', 'write.json')).json.arn).toBe('arn:aws:iam::000000000000:role/ReportWriter')
  await done('roles', 'put-policy', 'ReportWriter', '--policy', 'list.json', '--name', 'more')
  const { json: role, stderr } = await done('roles', 'get', 'ReportWriter')
  expect(role.trust.Statement[0].Principal).toEqual({ Service: 'bedrock-agentcore.amazonaws.com' })
  expect(role.policies.map(({ name }: { name: string }) => name)).toEqual(['ReportWriter', 'more'])
  expect(stderr).toContain('bedrock-agentcore:InvokeGateway')
  await done('roles', 'delete', 'ReportWriter')
  const refused = await platform.run(['roles', 'delete', 'deployer'])
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('ready-made')])
  const names = (await done('roles', 'list')).json.map(({ name }: { name: string }) => name)
  expect(names).toEqual(['AgentCoreExecutionRole', 'AgentworksBuilderRole', 'AgentworksExecutionRole', 'AgentworksFactoryAgentRole', 'deployer'])
})
