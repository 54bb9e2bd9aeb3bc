// Bad input gets the modelled error, says field, cause and fix, and is never a 500.
import { InvokeAgentRuntimeCommand, StopRuntimeSessionCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateAgentRuntimeCommand, GetAgentRuntimeCommand, GetGatewayCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { codeArtifact, createAgent } from '../agents.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { type Raw, sendAsIs, sendSigned } from '../signed-request.fixture.ts'

let platform: RunningPlatform
let clients: Clients
let agentRuntimeArn: string

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  ;({ agentRuntimeArn } = await createAgent(clients, { name: 'target' }))
})
afterAll(() => removeDataDir(platform))

const send = (raw: Raw) => sendSigned(platform, raw)

const create = (member: Record<string, unknown>) =>
  JSON.stringify({ agentRuntimeName: 'x', agentRuntimeArtifact: codeArtifact('target.zip'), roleArn, ...member })

describe('signatures', () => {
  it.each<[string, Partial<Raw>, string]>([
    ['an unknown key', { credentials: { accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'x' } }, 'UnrecognizedClientException'],
    ['a date ten minutes old', { at: new Date(Date.now() - 600_000) }, 'InvalidSignatureException'],
    ['a date ten minutes ahead', { at: new Date(Date.now() + 600_000) }, 'InvalidSignatureException'],
    ['a body that was not signed', { body: '{}', sentBody: '{"a":1}' }, 'InvalidSignatureException'],
  ])('refuses %s with 403', async (_what, raw, type) => {
    expect(await send({ path: '/runtimes/', ...raw })).toMatchObject({ status: 403, type })
  })

  it('refuses a wrong secret with 403', async () => {
    const credentials = { ...platform.credentials, secretAccessKey: 'wrong' }
    expect(await send({ path: '/runtimes/', credentials })).toMatchObject({ status: 403, type: 'InvalidSignatureException' })
  })

  it('refuses an unsigned request, and says how to sign', async () => {
    expect(await sendAsIs(platform, 'POST', '/runtimes/', { headers: { host: '127.0.0.1' } })).toMatchObject({
      status: 403,
      type: 'MissingAuthenticationTokenException',
      message: expect.stringMatching(/agentworks env/),
    })
  })

  it('answers no host name but its own', async () => {
    expect(await sendAsIs(platform, 'POST', '/runtimes/', { headers: { host: 'evil.example' } })).toMatchObject({ status: 421 })
  })
})

describe('bodies', () => {
  it.each([
    ['malformed JSON', '{"agentRuntimeName":', 400],
    ['a JSON array', '[]', 400],
    ['a JSON string', '"x"', 400],
    ['null', 'null', 400],
    ['nothing', '', 400],
    ['a number for a string', create({ agentRuntimeName: 5 }), 400],
    [
      'a string for a list',
      create({
        agentRuntimeArtifact: { codeConfiguration: { code: { s3: { bucket: 'bucket', prefix: 'x' } }, runtime: 'NODE_22', entryPoint: 'main.js' } },
      }),
      400,
    ],
    ['two union members', create({ agentRuntimeArtifact: { ...codeArtifact('x'), containerConfiguration: { containerUri: 'x' } } }), 400],
    ['no union member', create({ agentRuntimeArtifact: {} }), 400],
    ['a number out of range', create({ lifecycleConfiguration: { maxLifetime: 59 } }), 400],
    ['a fraction for an integer', create({ lifecycleConfiguration: { maxLifetime: 60.5 } }), 400],
    [
      'an unknown enum value',
      create({
        agentRuntimeArtifact: { codeConfiguration: { code: { s3: { bucket: 'bucket', prefix: 'x' } }, runtime: 'PERL_5', entryPoint: ['x'] } },
      }),
      400,
    ],
    [
      '51 environment variables',
      create({ environmentVariables: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`V${index}`, 'x'])) }),
      400,
    ],
    ['deep nesting', `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}`, 400],
  ])('refuses %s', async (_what, body, status) => {
    const answer = await send({ method: 'PUT', path: '/runtimes/', body })
    expect(answer).toMatchObject({ status, type: 'ValidationException' })
    expect(answer.message.length).toBeGreaterThan(10)
  })

  it('names every broken member at once', async () => {
    const answer = await send({
      method: 'PUT',
      path: '/runtimes/',
      body: create({ agentRuntimeName: '1bad', lifecycleConfiguration: { maxLifetime: 1 } }),
    })
    expect(answer.message).toMatch(/agentRuntimeName/)
    expect(answer.message).toMatch(/lifecycleConfiguration\.maxLifetime/)
  })

  it('tolerates members that the model does not have, as AWS does', async () => {
    const answer = await send({ method: 'PUT', path: '/runtimes/', body: create({ agentRuntimeName: 'tolerant', someFutureMember: { a: 1 } }) })
    expect(answer.status).toBe(202)
  })
})

describe('labels', () => {
  it('refuses an empty one instead of taking it for the list', async () => {
    await expect(clients.control.send(new GetGatewayCommand({ gatewayIdentifier: '' }))).rejects.toThrow()
    expect(await send({ method: 'GET', path: '/runtimes//' })).toMatchObject({ status: 400, type: 'ValidationException' })
  })

  it.each(['/runtimes/../', '/runtimes/./', '/runtimes/%ZZ/', '/runtimes/%/'])('refuses %s', async (path) => {
    const answer = await send({ method: 'GET', path })
    expect([400, 403]).toContain(answer.status)
  })

  it('does not let a body key stand in for a label', async () => {
    const answer = await send({ method: 'PUT', path: '/runtimes/other-0123456789/', body: create({ agentRuntimeId: agentRuntimeArn.split('/')[1] }) })
    expect(answer).toMatchObject({ status: 404, message: expect.stringMatching(/other-0123456789/) })
  })

  it('answers 404 to a route that is none', async () => {
    expect(await send({ method: 'GET', path: '/no/such/route' })).toMatchObject({ status: 404, type: 'UnknownOperationException' })
  })
})

describe('what the documents show and AWS refuses', () => {
  it('says the rule and the corrected name for a runtime name with hyphens', async () => {
    const refused = clients.control.send(
      new CreateAgentRuntimeCommand({ agentRuntimeName: 'strands-agent-runtime', agentRuntimeArtifact: codeArtifact('target.zip'), roleArn }),
    )
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(/strands_agent_runtime/) })
  })

  it('says the rule and a longer id for a session id that is too short', async () => {
    const refused = clients.data.send(
      new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId: 'unique-session-123', payload: Buffer.from('{}') }),
    )
    await expect(refused).rejects.toMatchObject({ name: 'ValidationException', message: expect.stringMatching(/33.*unique-session-123-/s) })
  })

  it('says which network mode PRIVATE is', async () => {
    const refused = clients.control.send(
      new CreateAgentRuntimeCommand({
        agentRuntimeName: 'private',
        agentRuntimeArtifact: codeArtifact('target.zip'),
        roleArn,
        networkConfiguration: { networkMode: 'PRIVATE' as never },
      }),
    )
    await expect(refused).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringMatching(/networkMode.*PRIVATE is called VPC/s),
    })
  })
})

describe('invocations', () => {
  it.each([32, 257])('refuses a session id of %i characters', async (length) => {
    await expect(
      clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId: 'a'.repeat(length), payload: Buffer.from('{}') })),
    ).rejects.toMatchObject({ name: 'ValidationException' })
    await expect(clients.data.send(new StopRuntimeSessionCommand({ agentRuntimeArn, runtimeSessionId: 'a'.repeat(length) }))).rejects.toMatchObject({
      name: 'ValidationException',
    })
  })

  it.each([
    ['an ARN of another account', 'arn:aws:bedrock-agentcore:us-east-1:111111111111:runtime/target-0123456789', 404],
    ['an ARN of another Region', 'arn:aws:bedrock-agentcore:eu-west-1:000000000000:runtime/target-0123456789', 404],
    ['an unknown ARN', 'arn:aws:bedrock-agentcore:us-east-1:000000000000:runtime/target-0123456789', 404],
    ['an ARN of something else', 'arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/target-0123456789', 400],
    ['no ARN', 'arn:aws', 400],
  ])('answers %s with its own error', async (_what, arn, status) => {
    await expect(clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn: arn, payload: Buffer.from('{}') }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: status },
    })
  })

  it('answers an unknown qualifier with 404', async () => {
    await expect(
      clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, qualifier: 'nowhere', payload: Buffer.from('{}') })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })

  it('ends cleanly when the client goes away mid-stream, and the session goes on', async () => {
    const runtimeSessionId = `leaving-${'0'.repeat(33)}`
    const answer = await clients.data.send(
      new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId, payload: Buffer.from('{"stream":50}') }),
    )
    const stream = answer.response as unknown as AsyncIterable<Uint8Array>
    for await (const piece of stream) {
      expect(piece.length).toBeGreaterThan(0)
      break
    }
    const next = await clients.data.send(new InvokeAgentRuntimeCommand({ agentRuntimeArn, runtimeSessionId, payload: Buffer.from('{}') }))
    expect(JSON.parse((await next.response?.transformToString()) ?? '{}')).toMatchObject({ count: 2 })
  })
})

describe('the members that do not execute yet', () => {
  it.each([
    [
      'authorizerConfiguration.customJWTAuthorizer.allowedWorkloadConfiguration',
      {
        authorizerConfiguration: {
          customJWTAuthorizer: {
            discoveryUrl: 'https://a.example/.well-known/openid-configuration',
            allowedClients: ['a'],
            allowedWorkloadConfiguration: { workloadIdentities: ['abc'] },
          },
        },
      },
    ],
    [
      'filesystemConfigurations',
      {
        filesystemConfigurations: [
          {
            s3FilesAccessPoint: {
              accessPointArn: 'arn:aws:s3files:us-east-1:000000000000:file-system/fs-0123456789abcdef0/access-point/fsap-0123456789abcdef0',
              mountPath: '/mnt/data',
            },
          },
        ],
      },
    ],
    ['platformVersion', { platformVersion: 'V2' }],
    [
      'versionId',
      {
        agentRuntimeArtifact: {
          codeConfiguration: {
            code: { s3: { bucket: 'conformance-agents', prefix: 'target.zip', versionId: 'abc' } },
            runtime: 'NODE_22',
            entryPoint: ['main.js'],
          },
        },
      },
    ],
  ])('are refused by name: %s', async (name, member) => {
    const answer = await send({ method: 'PUT', path: '/runtimes/', body: create(member) })
    expect(answer).toMatchObject({ status: 400, type: 'ValidationException' })
    expect(answer.message).toContain(name)
  })
})

describe('no input leads to a 500', () => {
  it('whatever bytes come in a signed body', async () => {
    for (const body of [
      '\u0000',
      '{"a":"\\ud800"}',
      '{"__proto__":{"a":1}}',
      '{"constructor":1}',
      '1e999',
      `{"agentRuntimeName":"${'x'.repeat(200_000)}"}`,
    ]) {
      const answer = await send({ method: 'PUT', path: '/runtimes/', body })
      expect(answer.status, body.slice(0, 40)).toBe(400)
    }
  })

  it('whatever page token comes', async () => {
    for (const nextToken of [
      'x',
      'e30',
      Buffer.from('{"v":1,"after":5}').toString('base64url'),
      Buffer.from('{"v":1,"after":"\\u0000\uffff"}').toString('base64url'),
    ]) {
      const answer = await send({ path: `/runtimes/?nextToken=${nextToken}` })
      expect([200, 400]).toContain(answer.status)
    }
  })

  it('and the log of the platform has no failed request', async () => {
    await expect(clients.control.send(new GetAgentRuntimeCommand({ agentRuntimeId: 'none-0123456789' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    expect(platform.log()).not.toMatch(/request failed/)
  })
})
