import { expect, it } from 'vitest'
import type { Caller } from '#kernel/context.js'
import { account, callersOnDisk } from './callers.fixture.js'

await using callers = await callersOnDisk()
const { authorize } = callers.authorizer

const caller = (roleName: string, more: Partial<Caller> = {}): Caller => ({
  kind: 'session',
  account,
  region: 'us-east-1',
  accessKeyId: 'ASIA1',
  principalArn: `arn:aws:sts::${account}:assumed-role/${roleName}/s`,
  roleArn: `arn:aws:iam::${account}:role/${roleName}`,
  ...more,
})
const runtimeArn = `arn:aws:bedrock-agentcore:us-east-1:${account}:runtime/a-0123456789`
const identity = (name: string) => `arn:aws:bedrock-agentcore:us-east-1:${account}:workload-identity-directory/default/workload-identity/${name}`

it('lets the root key do everything', () => {
  expect(() => authorize({ ...caller('x'), kind: 'root' }, 'bedrock-agentcore:DeleteAgentRuntime', runtimeArn)).not.toThrow()
})

it('gives a role that is not defined here the models, its own workload tokens, and nothing else', () => {
  const agent = caller('SomebodysRole', { session: { agentRuntimeId: 'a-0123456789', runtimeSessionId: 's', instanceId: 'i' } })
  expect(() => authorize(agent, 'bedrock:InvokeModelWithResponseStream', '*')).not.toThrow()
  expect(() => authorize(agent, 'bedrock-agentcore:GetWorkloadAccessToken', identity('a-0123456789'))).not.toThrow()
  expect(() => authorize(agent, 'bedrock-agentcore:GetWorkloadAccessToken', identity('another'))).toThrow(/not authorized/)
  for (const action of ['bedrock-agentcore:CreateAgentRuntime', 's3:GetObject', 'iam:PassRole', 'bedrock-agentcore:InvokeAgentRuntime']) {
    expect(() => authorize(agent, action, '*')).toThrow(new RegExp(`not authorized to perform ${action}`))
  }
})

it('lets the builder create but not delete, and make no agent that may more than it', () => {
  const builder = caller('AgentworksBuilderRole')
  expect(() => authorize(builder, 'bedrock-agentcore:CreateAgentRuntime', '*')).not.toThrow()
  expect(() => authorize(builder, 'bedrock-agentcore:DeleteAgentRuntime', runtimeArn)).toThrow(runtimeArn)
})

it('knows the builder by the whole ARN of its role, not by the end of a path', () => {
  const evil = caller('x', { roleArn: `arn:aws:iam::${account}:role/evil/AgentworksBuilderRole` })
  expect(() => authorize(evil, 'bedrock-agentcore:CreateAgentRuntime', '*')).toThrow(/not authorized/)
})

it.each(['deployer', 'AgentworksBuilderRole'])('lets %s pass the roles made for runtimes, to AgentCore, and no other', (name) => {
  const passing = caller(name)
  const pass = (roleName: string, service = 'bedrock-agentcore.amazonaws.com') =>
    authorize(passing, 'iam:PassRole', `arn:aws:iam::${account}:role/${roleName}`, { conditions: () => ({ 'iam:PassedToService': service }) })
  expect(() => pass('AgentCoreExecutionRole')).not.toThrow()
  expect(() => pass('AgentworksExecutionRole')).not.toThrow()
  expect(() => pass('AgentCoreExecutionRole', 'ec2.amazonaws.com')).toThrow(/not authorized/)
  for (const other of ['AgentworksBuilderRole', 'deployer', 'Any']) expect(() => pass(other)).toThrow(/not authorized/)
  expect(() => authorize(passing, 'iam:CreateRole', `arn:aws:iam::${account}:role/x`)).toThrow(/not authorized/)
})
