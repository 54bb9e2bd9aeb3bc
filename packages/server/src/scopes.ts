// Which protocol answers which credential scope.
import { bedrockAgentCore, bedrockRuntime } from '@agentworks/model'
import type { Buckets } from '#ports/buckets.js'
import type { Authorizer } from '#ports/callers.js'
import type { Log } from '#ports/telemetry.js'
import { type AwsJsonService, awsJsonProtocol } from '#wire/aws-json/index.js'
import { firstOf } from '#wire/first-of.js'
import type { Protocols } from '#wire/protocols.js'
import { type QueryService, queryProtocol } from '#wire/query/index.js'
import { type OperationTable, type OwnRefuser, type RestJsonOptions, restJson } from '#wire/rest-json/index.js'
import { s3Protocol } from '#wire/s3/index.js'
import { unservedProtocol } from '#wire/unserved/index.js'

/** Converse carries images and documents, and AWS takes 25 MB of them. */
const modelBodyBytes = 25_000_000

export interface ScopeParts {
  agentCore: OperationTable
  /** By operation of AgentCore. */
  refusals: Readonly<Record<string, OwnRefuser>>
  bedrock: OperationTable
  secrets: Pick<AwsJsonService, 'operations' | 'resource' | 'malformed'>
  sts: Omit<QueryService, 'service' | 'namespace'>
  iam: Omit<QueryService, 'service' | 'namespace'>
  sns: Pick<QueryService, 'operations' | 'resource'>
  buckets: Buckets
  authorizer: Authorizer
  log: Log
}

/** IAM knows Converse by the name of the permission that it needs. */
const modelActions = { Converse: 'InvokeModel', ConverseStream: 'InvokeModelWithResponseStream' }

export function servedProtocols({ agentCore, refusals, bedrock, sts, iam, sns, secrets, buckets, authorizer, log }: ScopeParts): Protocols {
  const onStreamFailure: RestJsonOptions['onStreamFailure'] = (thrown, { requestId, operation }) =>
    log.warn('stream failed', { requestId, operation: operation?.name, error: thrown instanceof Error ? thrown.message : String(thrown) })
  // MCP clients keep a stream open by GET and end their session by DELETE, at the address that they post to.
  const json = restJson(bedrockAgentCore, agentCore, { refusals, alsoBy: { InvokeAgentRuntime: ['GET', 'DELETE'] }, onStreamFailure })
  const served = [
    json,
    // The scope is shared with Bedrock's control plane, of which nothing is served yet.
    firstOf(restJson(bedrockRuntime, bedrock, { actions: modelActions, bodyLimit: modelBodyBytes, onStreamFailure }), unservedProtocol('bedrock')),
    s3Protocol({ buckets, authorizer }),
    awsJsonProtocol({ service: 'secretsmanager', variable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER', ...secrets }),
    queryProtocol({ service: 'sts', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/', ...sts }),
    queryProtocol({ service: 'sns', namespace: 'http://sns.amazonaws.com/doc/2010-03-31/', operations: sns.operations, resource: sns.resource }),
    queryProtocol({ service: 'iam', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/', ...iam }),
  ]
  const byService = new Map(served.map((protocol) => [protocol.service, protocol]))
  return { of: (service) => byService.get(service) ?? unservedProtocol(service), fallback: json }
}
