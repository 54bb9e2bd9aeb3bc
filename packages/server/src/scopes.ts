// Which protocol answers which credential scope.
import { bedrockAgentCore, bedrockRuntime } from '@agentworks/model'
import type { Buckets } from '#ports/buckets.js'
import type { Authorizer } from '#ports/callers.js'
import type { Protocols } from '#wire/protocols.js'
import { type OperationTable, restJson } from '#wire/rest-json/index.js'
import { s3Protocol } from '#wire/s3/index.js'

export interface ScopeParts {
  agentCore: OperationTable
  bedrock: OperationTable
  buckets: Buckets
  authorizer: Authorizer
}

/** IAM knows Converse by the name of the permission that it needs. */
const modelActions = { Converse: 'InvokeModel', ConverseStream: 'InvokeModelWithResponseStream' }

export function servedProtocols({ agentCore, bedrock, buckets, authorizer }: ScopeParts): Protocols {
  const json = restJson(bedrockAgentCore, agentCore)
  const served = [json, restJson(bedrockRuntime, bedrock, { actions: modelActions }), s3Protocol({ buckets, authorizer })]
  const byService = new Map(served.map((protocol) => [protocol.service, protocol]))
  return { of: (service) => byService.get(service) ?? json, fallback: json }
}
