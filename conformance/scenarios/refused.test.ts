// What does not execute says so by name: operations by the stock clients, services by requests in each protocol of AWS.
import { SearchRegistryRecordsCommand, StartBrowserSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateGatewayCommand, ListEvaluatorsCommand, ListPolicyEnginesCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { CountTokensCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime'
import { GetBucketVersioningCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect } from 'vitest'
import { errorOf } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'

let platform: RunningPlatform
let clients: Clients
beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
})
afterAll(async () => {
  clients.models.destroy()
  await removeDataDir(platform)
})

scenario('refused.by-name', 'js', async () => {
  const { control, data, models, s3 } = clients
  const calls: [string, () => Promise<unknown>][] = [
    ['ListEvaluators', () => control.send(new ListEvaluatorsCommand({}))],
    ['ListPolicyEngines', () => control.send(new ListPolicyEnginesCommand({}))],
    ['CreateGateway', () => control.send(new CreateGatewayCommand({ name: 'gateway', roleArn, protocolType: 'MCP', authorizerType: 'AWS_IAM' }))],
    ['StartBrowserSession', () => data.send(new StartBrowserSessionCommand({ browserIdentifier: 'aws.browser.v1' }))],
    ['SearchRegistryRecords', () => data.send(new SearchRegistryRecordsCommand({ searchQuery: 'x', registryIds: ['registry-0123456789'] }))],
    ['InvokeModel', () => models.send(new InvokeModelCommand({ modelId: 'offline', body: '{}' }))],
    ['CountTokens', () => models.send(new CountTokensCommand({ modelId: 'offline', input: { converse: { messages: [] } } }))],
  ]
  for (const [operation, call] of calls) {
    const refused = await errorOf(call())
    expect(refused, operation).toMatchObject({ name: 'UnsupportedOperationException', status: 501, message: expect.stringContaining(operation) })
    expect(refused.message).toMatch(/docs\/conformance\.md/)
  }
  expect(await errorOf(s3.send(new GetBucketVersioningCommand({ Bucket: 'any-bucket' })))).toMatchObject({ name: 'NotImplemented', status: 501 })
})

const json = (version: '1.0' | '1.1', target: string) => ({ 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target })
const form = { 'content-type': 'application/x-www-form-urlencoded' }

scenario('refused.services', 'raw', async () => {
  const unsupported = 'UnsupportedOperationException'
  const calls: { service: string; action: string; variable: string; in: RegExp; headers?: Record<string, string>; body?: string; path?: string }[] = [
    { service: 'logs', action: 'PutLogEvents', variable: 'CLOUDWATCH_LOGS', in: /^{"__type"/, headers: json('1.1', 'Logs_20140328.PutLogEvents') },
    { service: 'ecr', action: 'GetAuthorizationToken', variable: 'ECR', in: /^{"__type"/, headers: json('1.1', 'A_V20150921.GetAuthorizationToken') },
    {
      service: 'cognito-idp',
      action: 'InitiateAuth',
      variable: 'COGNITO_IDENTITY_PROVIDER',
      in: /^{"__type"/,
      headers: json('1.1', 'P.InitiateAuth'),
    },
    { service: 'ssm', action: 'GetParameter', variable: 'SSM', in: /^{"__type"/, headers: json('1.1', 'AmazonSSM.GetParameter') },
    { service: 'dynamodb', action: 'GetItem', variable: 'DYNAMODB', in: /^{"__type"/, headers: json('1.0', 'DynamoDB_20120810.GetItem') },
    {
      service: 'iam',
      action: 'CreateLoginProfile',
      variable: 'IAM',
      in: /^<ErrorResponse/,
      headers: form,
      body: 'Action=CreateLoginProfile&Version=2010-05-08',
    },
    { service: 'monitoring', action: 'PutMetricData', variable: 'CLOUDWATCH', in: /^<ErrorResponse/, headers: form, body: 'Action=PutMetricData' },
    {
      service: 'monitoring',
      action: 'PutMetricData',
      variable: 'CLOUDWATCH',
      in: /__type/,
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
      path: '/service/GraniteServiceVersion20100801/operation/PutMetricData',
    },
    { service: 'xray', action: 'POST /TraceSegments', variable: 'XRAY', in: /^{"message"/, path: '/TraceSegments' },
    { service: 'bedrock', action: 'POST /foundation-models', variable: 'BEDROCK', in: /^{"message"/, path: '/foundation-models' },
    { service: 'some-new-service', action: 'POST /things', variable: 'SOME_NEW_SERVICE', in: /^{"message"/, path: '/things' },
  ]
  for (const { service, action, variable, in: shape, headers, body, path = '/' } of calls) {
    const refused = await sendSigned(platform, { service, path, headers, body })
    const what = `${service} ${action}`
    expect(refused.status, what).toBe(501)
    expect(refused.body, what).toMatch(shape)
    for (const word of [unsupported.slice(0, 11), service, action, 'docs/conformance.md', `AWS_ENDPOINT_URL_${variable}`])
      expect(`${refused.type} ${refused.body}`, what).toContain(word)
  }
  const stranger = { accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'x' }
  expect(await sendSigned(platform, { service: 'logs', path: '/', headers: json('1.1', 'L.PutLogEvents'), credentials: stranger })).toMatchObject({
    status: 403,
  })
})
