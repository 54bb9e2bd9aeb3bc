import { describe, expect, it } from 'vitest'
import type { Caller } from '#kernel/context.js'
import { tableAuthorizer } from './authorizer.js'

const caller = (roleName: string): Caller => ({
  kind: 'session',
  account: '000000000000',
  region: 'us-east-1',
  accessKeyId: 'ASIA1',
  principalArn: `arn:aws:sts::000000000000:assumed-role/${roleName}/s`,
  roleArn: `arn:aws:iam::000000000000:role/${roleName}`,
})
const { authorize } = tableAuthorizer()
const runtimeArn = 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/a-0123456789'

describe('the table of roles', () => {
  it('lets the root key do everything', () => {
    expect(() => authorize({ ...caller('x'), kind: 'root' }, 'bedrock-agentcore:DeleteAgentRuntime', runtimeArn)).not.toThrow()
  })

  it('gives a role that is not defined here the models and nothing else', () => {
    const agent = caller('SomebodysRole')
    expect(() => authorize(agent, 'bedrock:InvokeModelWithResponseStream', '*')).not.toThrow()
    for (const action of ['bedrock-agentcore:CreateAgentRuntime', 's3:GetObject', 'iam:PassRole', 'bedrock-agentcore:InvokeAgentRuntime']) {
      expect(() => authorize(agent, action, '*')).toThrow(new RegExp(`not authorized to perform ${action}`))
    }
  })

  it('lets the builder create but not delete, and not pass its own role on', () => {
    const builder = caller('AgentworksBuilderRole')
    expect(() => authorize(builder, 'bedrock-agentcore:CreateAgentRuntime', '*')).not.toThrow()
    expect(() => authorize(builder, 'iam:PassRole', 'arn:aws:iam::000000000000:role/Any')).not.toThrow()
    expect(() => authorize(builder, 'iam:PassRole', 'arn:aws:iam::000000000000:role/AgentworksBuilderRole')).toThrow(/not authorized/)
    expect(() => authorize(builder, 'bedrock-agentcore:DeleteAgentRuntime', runtimeArn)).toThrow(runtimeArn)
  })

  it('knows the builder by the whole ARN of its role, not by the end of a path', () => {
    expect(() =>
      authorize(
        { ...caller('x'), roleArn: 'arn:aws:iam::000000000000:role/evil/AgentworksBuilderRole' },
        'bedrock-agentcore:CreateAgentRuntime',
        '*',
      ),
    ).toThrow(/not authorized/)
  })
})
