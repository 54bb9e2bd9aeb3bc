// Which protocol answers which credential scope.
import { bedrockAgentCore, bedrockRuntime } from '@agentworks/model'
import type { Protocols } from '#wire/protocols.js'
import { type OperationTable, restJson } from '#wire/rest-json/index.js'

export function servedProtocols(parts: { agentCore: OperationTable; bedrock: OperationTable; artifacts: unknown }): Protocols {
  const agentCore = restJson(bedrockAgentCore, parts.agentCore)
  const bedrock = restJson(bedrockRuntime, parts.bedrock, { actions: { Converse: 'InvokeModel', ConverseStream: 'InvokeModelWithResponseStream' } })
  const served = new Map([agentCore, bedrock].map((protocol) => [protocol.service, protocol]))
  return { of: (service) => served.get(service) ?? agentCore, fallback: agentCore }
}
