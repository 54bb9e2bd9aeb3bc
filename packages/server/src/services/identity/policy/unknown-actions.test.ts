import { expect, it } from 'vitest'
import { unknownActions } from './unknown-actions.js'

const found = (...Action: string[]) => unknownActions(JSON.stringify({ Statement: { Effect: 'Allow', Action, Resource: '*' } }))

it.each([
  ['bedrock:InvokeAgentCoreGateway', 'InvokeGateway'],
  ['bedrock:InvokeAgentRuntime', 'InvokeAgentRuntime'],
  ['bedrock-agentcore:InvokeAgentRuntimes', 'InvokeAgentRuntime'],
  ['bedrock-agentcore-control:CreateAgentRuntime', 'CreateAgentRuntime'],
  ['bedrock-agentcore:GetWorkloadToken', 'GetWorkloadAccessToken'],
])('%s is told with the nearest real action', (action, nearest) => {
  expect(found(action)).toEqual([{ action, nearest: `bedrock-agentcore:${nearest}` }])
})

it('nothing is said of actions that are there, of patterns, and of what other services have', () => {
  expect(
    found(
      'bedrock-agentcore:invokeagentruntime',
      'bedrock-agentcore:Get*',
      'bedrock-agentcore:InvokeAgentRuntimeForUser',
      'bedrock:InvokeModel',
      'bedrock:CreateGuardrail',
      's3:Anything',
      '*',
    ),
  ).toEqual([])
})

it('a policy full of them is told in part', () => {
  expect(found(...Array.from({ length: 300 }, (_, index) => `bedrock-agentcore:Nothing${index}`))).toHaveLength(5)
})
