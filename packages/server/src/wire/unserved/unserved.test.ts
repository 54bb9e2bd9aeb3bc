import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accessDenied } from '#kernel/errors.js'
import { requestSigner } from '#wire/signed-request.fixture.js'
import { type SignedServer, signedServer } from '#wire/signed-server.fixture.js'
import { unservedProtocol } from './index.js'

let server: SignedServer
beforeAll(async () => {
  const authorizer = {
    authorize() {
      throw accessDenied('nobody may do anything')
    },
  }
  server = await signedServer({ of: unservedProtocol, fallback: unservedProtocol('none') }, { authorizer })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Call {
  service: string
  method?: string
  path?: string
  headers?: Record<string, string>
  body?: string
}

async function call({ service, method = 'POST', path = '/', headers = {}, body = '' }: Call) {
  const draft = {
    method,
    protocol: 'http:',
    hostname: 'x',
    path,
    query: {},
    headers: { host: `127.0.0.1:${server.port}`, ...headers },
    body: body || undefined,
  }
  const signed = await requestSigner(service, { sendHash: false }).sign(draft)
  const { host: _host, ...sent } = signed.headers
  const answer = await fetch(`${server.url}${path}`, { method, headers: sent, body: body || undefined })
  return { status: answer.status, headers: answer.headers, bytes: Buffer.from(await answer.arrayBuffer()) }
}

const json = (version: string, target: string) => ({ 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': target })
const form = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }

describe('a service that is not served', () => {
  it.each([
    ['logs', 'Logs_20140328.PutLogEvents', '1.1', 'PutLogEvents', 'CLOUDWATCH_LOGS'],
    ['ssm', 'AmazonSSM.GetParameter', '1.1', 'GetParameter', 'SSM'],
    ['cognito-idp', 'AWSCognitoIdentityProviderService.ListUserPools', '1.1', 'ListUserPools', 'COGNITO_IDENTITY_PROVIDER'],
    ['dynamodb', 'DynamoDB_20120810.GetItem', '1.0', 'GetItem', 'DYNAMODB'],
    ['sqs', 'AmazonSQS.SendMessage', '1.0', 'SendMessage', 'SQS'],
    ['ecr', 'AmazonEC2ContainerRegistry_V20150921.GetAuthorizationToken', '1.1', 'GetAuthorizationToken', 'ECR'],
  ])('%s is refused as JSON with its action and the variable that sends it elsewhere', async (service, target, version, action, variable) => {
    const answer = await call({ service, headers: json(version, target), body: '{}' })
    expect(answer.status).toBe(501)
    expect(answer.headers.get('content-type')).toBe(`application/x-amz-json-${version}`)
    expect(JSON.parse(answer.bytes.toString())).toEqual({
      __type: 'UnsupportedOperationException',
      message: `${service} ${action} is not served by agentworks; docs/conformance.md lists what works. Set AWS_ENDPOINT_URL_${variable} to send it elsewhere.`,
    })
  })

  it.each(['iam', 'sns', 'monitoring'])('%s is refused as Query XML', async (service) => {
    const { status, bytes } = await call({ service, headers: form, body: 'Action=ListThings&Version=2010-05-08' })
    expect([status, bytes.toString()]).toEqual([
      501,
      expect.stringContaining(`<Code>UnsupportedOperationException</Code><Message>${service} ListThings is not served`),
    ])
  })

  it('is refused as CBOR where the client speaks that', async () => {
    const { status, headers, bytes } = await call({
      service: 'monitoring',
      path: '/service/GraniteServiceVersion20100801/operation/PutMetricData',
      headers: { 'smithy-protocol': 'rpc-v2-cbor', 'content-type': 'application/cbor' },
    })
    expect([status, headers.get('content-type'), headers.get('smithy-protocol')]).toEqual([501, 'application/cbor', 'rpc-v2-cbor'])
    const message =
      'monitoring PutMetricData is not served by agentworks; docs/conformance.md lists what works. Set AWS_ENDPOINT_URL_CLOUDWATCH to send it elsewhere.'
    const expected = Buffer.concat([
      Buffer.from([0xa2, 0x66]),
      Buffer.from('__type'),
      Buffer.from([0x78, 29]),
      Buffer.from('UnsupportedOperationException'),
      Buffer.from([0x67]),
      Buffer.from('message'),
      Buffer.from([0x78, message.length]),
      Buffer.from(message),
    ])
    expect(bytes.equals(expected)).toBe(true)
  })

  it.each([
    ['xray', '/TraceSegments', 'application/json', /^\{"message":"xray POST \/TraceSegments is not served/],
    ['route53', '/2013-04-01/hostedzone', 'text/xml', /^<ErrorResponse><Error>.*route53 POST/],
    ['ec2', '/', 'text/xml', /^<ErrorResponse>|^<Response><Errors>/],
    ['never-heard-of', '/x?Action', 'application/json', /AWS_ENDPOINT_URL_NEVER_HEARD_OF/],
  ])('%s is refused in its own REST form', async (service, path, type, text) => {
    const answer = await call({ service, path: path.split('?')[0] })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([501, type])
    expect(answer.bytes.toString()).toMatch(text)
  })

  it('tells nothing to those whose signature is wrong', async () => {
    const headers = { ...json('1.1', 'Logs_20140328.PutLogEvents'), 'x-amz-meta': 'a' }
    const draft = {
      method: 'POST',
      protocol: 'http:',
      hostname: 'x',
      path: '/',
      query: {},
      headers: { host: `127.0.0.1:${server.port}`, ...headers },
      body: '{}',
    }
    const { host: _host, ...sent } = (await requestSigner('logs', { sendHash: false }).sign(draft)).headers
    const answer = await fetch(server.url, { method: 'POST', headers: { ...sent, 'x-amz-meta': 'b' }, body: '{}' })
    expect([answer.status, await answer.json()]).toEqual([403, expect.objectContaining({ __type: 'InvalidSignatureException' })])
  })
})
