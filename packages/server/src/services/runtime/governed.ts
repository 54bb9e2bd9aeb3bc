// Which resource policies are the runtime's: those of runtimes and their endpoints. AWS: developer guide, resource-based-policies.
import { parseArn } from '#kernel/arn.js'
import type { PolicyOwner } from '#services/identity/index.js'
import { endpointId, endpoints, runtimes } from './documents.js'

const actions = [
  'InvokeAgentRuntime',
  'InvokeAgentRuntimeForUser',
  'InvokeAgentRuntimeCommand',
  'InvokeAgentRuntimeCommandShell',
  'InvokeAgentRuntimeWithWebSocketStream',
  'InvokeAgentRuntimeWithWebSocketStreamForUser',
  'StopRuntimeSession',
  'GetAgentCard',
].map((name) => `bedrock-agentcore:${name}`)

export const governed: PolicyOwner = {
  async governs(reader, scope, arn) {
    const { service, resource = '' } = parseArn(arn) ?? {}
    const [kind, agentRuntimeId = '', subKind, endpoint, ...rest] = resource.split('/')
    if (service !== 'bedrock-agentcore' || kind !== 'runtime' || rest.length > 0) return undefined
    const runtime = await reader.get(runtimes, scope, agentRuntimeId)
    if (!runtime || runtime.deleting) return undefined
    if (subKind === undefined) return actions
    if (subKind !== 'runtime-endpoint' || endpoint === undefined) return undefined
    return (await reader.get(endpoints, scope, endpointId(agentRuntimeId, endpoint))) ? actions : undefined
  },
}
