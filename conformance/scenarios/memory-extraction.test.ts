// Strategies at work by the stock JavaScript client, on the platform as a user runs it: offline, without a model.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  BatchCreateMemoryRecordsCommand,
  CreateEventCommand,
  IngestDataCommand,
  ListMemoryExtractionJobsCommand,
  ListMemoryRecordsCommand,
  RetrieveMemoryRecordsCommand,
  StartMemoryExtractionJobCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand, type CreateMemoryCommandInput } from '@aws-sdk/client-bedrock-agentcore-control'
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam'
import { CreateBucketCommand, GetObjectCommand } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, expect } from 'vitest'
import { brokenInputs, requestOf } from '../broken-inputs.fixture.ts'
import { errorOf } from '../invoke.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'

/** What the topic's endpoint was sent, and what it answers. */
const endpoint = { status: 200, refused: 0, got: [] as { Type: string; Token?: string; Message: string; TopicArn: string; MessageId: string }[] }
const listener = createServer((request, response) => {
  let text = ''
  request.setEncoding('utf8').on('data', (piece: string) => (text += piece))
  request.on('end', () => {
    if (endpoint.status === 200) endpoint.got.push(JSON.parse(text))
    else endpoint.refused += 1
    response.writeHead(endpoint.status).end()
  })
})
let endpointUrl: string
let platform: RunningPlatform
let clients: Clients
beforeAll(async () => {
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(listener.address() as AddressInfo).port}`
  endpointUrl = `http://${place}/news`
  platform = await startPlatform(newDataDir(), { AGENTWORKS_ALLOW_EGRESS: place })
  clients = clientsOf(platform)
})
afterAll(async () => {
  await removeDataDir(platform)
  listener.close()
  listener.closeAllConnections()
})

const inTime = { timeout: 30_000 }

async function newMemory({ control }: Clients, name: string, memoryStrategies: CreateMemoryCommandInput['memoryStrategies'], more: object = {}) {
  const { memory } = await control.send(
    new CreateMemoryCommand({ name, eventExpiryDuration: 30, memoryExecutionRoleArn: roleArn, memoryStrategies, ...more }),
  )
  return { memoryId: memory?.id ?? '', strategyIds: memory?.strategies?.map(({ strategyId = '' }) => strategyId) ?? [] }
}

const said = (text: string) => [{ conversational: { content: { text }, role: 'USER' as const } }]

/** Answered when what was said can be found. */
function say({ data }: Clients, memoryId: string, text: string, at = Date.now()) {
  const command = new CreateEventCommand({ memoryId, actorId: 'ada', sessionId: 's1', eventTimestamp: new Date(at), payload: said(text) })
  return data.send(waiting(command))
}

function waiting<Command extends { middlewareStack: CreateEventCommand['middlewareStack'] | ListMemoryExtractionJobsCommand['middlewareStack'] }>(
  command: Command,
  seconds = '30',
): Command {
  const stack = command.middlewareStack as CreateEventCommand['middlewareStack']
  stack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, { 'x-agentworks-wait-for-extraction': seconds })
      return next(args)
    },
    { step: 'build' },
  )
  return command
}

async function recordsOf({ data }: Clients, memoryId: string, namespacePath = '/') {
  const { memoryRecordSummaries = [] } = await data.send(new ListMemoryRecordsCommand({ memoryId, namespacePath, maxResults: 100 }))
  return memoryRecordSummaries.map(({ content, metadata = {} }) => ({ text: content?.text ?? '', isOutdated: 'x-agentworks-outdatedAt' in metadata }))
}

scenario('memory.extraction', 'js', async () => {
  const { memoryId, strategyIds } = await newMemory(clients, 'Learning', [
    { semanticMemoryStrategy: { name: 'facts', namespaceTemplates: ['/facts/{actorId}/'] } },
    { userPreferenceMemoryStrategy: { name: 'tastes', namespaceTemplates: ['/tastes/{actorId}/'] } },
    { summaryMemoryStrategy: { name: 'summary' } },
    { episodicMemoryStrategy: { name: 'episodes', namespaceTemplates: ['/episodes/{actorId}/{sessionId}/'] } },
  ])
  await say(clients, memoryId, 'I live in Lisbon. I prefer trains to flights.', 1_000_000)
  await say(clients, memoryId, 'I moved to Porto.', 2_000_000)
  expect(await recordsOf(clients, memoryId, '/facts/ada/')).toEqual([
    { text: '{"fact":"The user moved to Porto."}', isOutdated: false },
    { text: '{"fact":"The user prefers trains to flights."}', isOutdated: false },
    { text: '{"fact":"The user lives in Lisbon."}', isOutdated: true },
  ])
  expect((await recordsOf(clients, memoryId, '/tastes/')).map(({ text }) => text)).toEqual([
    '{"context":"The user said: \\"I prefer trains to flights.\\"","preference":"The user prefers trains to flights.","categories":["travel"]}',
  ])
  const summary = await recordsOf(clients, memoryId, `/strategy/${strategyIds[2]}/actor/ada/session/s1/`)
  expect(summary).toHaveLength(1)
  expect(summary[0]?.text).toMatch(/<topic name="[^"]+">\nThe user: I live in Lisbon\.[\s\S]*The user: I moved to Porto\./)
  const { memoryRecordSummaries = [] } = await clients.data.send(
    new RetrieveMemoryRecordsCommand({
      memoryId,
      namespace: '/facts/ada/',
      searchCriteria: { searchQuery: 'Does Ada like to travel by train?', topK: 1 },
    }),
  )
  expect(memoryRecordSummaries[0]?.content?.text).toContain('trains')
})

scenario('memory.extraction.wait', 'js', async () => {
  const { memoryId } = await newMemory(clients, 'Waited', [{ semanticMemoryStrategy: { name: 'facts' } }])
  const event = { memoryId, actorId: 'ada', sessionId: 's1', eventTimestamp: new Date(), payload: said('I live in Lisbon.') }
  for (const seconds of ['0', '301', 'soon', '1.5'])
    expect(await errorOf(clients.data.send(waiting(new CreateEventCommand(event), seconds))), seconds).toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('x-agentworks-wait-for-extraction'),
    })
  for (let n = 0; n < 5; n += 1) await clients.data.send(new CreateEventCommand({ ...event, payload: said(`My locker ${n} is number ${n}00.`) }))
  expect((await clients.data.send(waiting(new ListMemoryExtractionJobsCommand({ memoryId })))).jobs).toEqual([])
  expect(await recordsOf(clients, memoryId)).toHaveLength(5)
})

scenario(
  'memory.extraction.survives',
  'js',
  async ({ onTestFinished }) => {
    const dataDir = newDataDir()
    let running = await startPlatform(dataDir)
    onTestFinished(() => removeDataDir(running))
    let memoryId = ''
    const wanted = new Set<string>()
    for (let round = 0; round < 3; round += 1) {
      const connected = clientsOf(running)
      connected.data.config.maxAttempts = () => Promise.resolve(1)
      if (memoryId === '') ({ memoryId } = await newMemory(connected, 'Kept', [{ semanticMemoryStrategy: { name: 'facts' } }]))
      const enough = Promise.withResolvers<void>()
      let acknowledged = 0
      const writers = Array.from({ length: 4 }, async (_, writer) => {
        for (let n = 0; ; n += 1) {
          const text = `My key ${round}x${writer}x${n} is in drawer ${n}.`
          const data = { memoryId, actorId: 'ada', sessionId: `s${writer}` }
          const sent = await (n % 3 === 0
            ? connected.data.send(new IngestDataCommand({ ...data, contentTimestamp: new Date(n), source: { inline: { payload: said(text) } } }))
            : connected.data.send(new CreateEventCommand({ ...data, eventTimestamp: new Date(n), payload: said(text) }))
          ).catch(() => undefined)
          if (!sent) return
          wanted.add(text.replace('My', "The user's"))
          acknowledged += 1
          if (acknowledged === 12 + 5 * round) enough.resolve()
        }
      })
      await enough.promise
      await running.kill()
      await Promise.all(writers)
      running = await startPlatform(dataDir)
    }
    const connected = clientsOf(running)
    expect((await connected.data.send(waiting(new ListMemoryExtractionJobsCommand({ memoryId }), '60'))).jobs).toEqual([])
    const found: string[] = []
    for (let nextToken: string | undefined, first = true; first || nextToken !== undefined; first = false) {
      const page = await connected.data.send(new ListMemoryRecordsCommand({ memoryId, namespacePath: '/', maxResults: 100, nextToken }))
      found.push(...(page.memoryRecordSummaries ?? []).map(({ content }) => (JSON.parse(content?.text ?? '{}') as { fact: string }).fact))
      nextToken = page.nextToken
    }
    expect(new Set(found).size).toBe(found.length)
    for (const fact of wanted) expect(found).toContain(fact)
  },
  120_000,
)

scenario('memory.ingest', 'js', async () => {
  const { data } = clients
  const { memoryId, strategyIds } = await newMemory(clients, 'Ingesting', [
    { semanticMemoryStrategy: { name: 'facts' } },
    {
      customMemoryStrategy: {
        name: 'own',
        configuration: { semanticOverride: { extraction: { appendToPrompt: 'Where people live.', modelId: 'anthropic:none' } } },
      },
    },
  ])
  const { sessionId } = await data.send(
    new IngestDataCommand({ memoryId, actorId: 'ada', contentTimestamp: new Date(), source: { inline: { payload: said('I live in Lisbon.') } } }),
  )
  expect(sessionId).toMatch(/^[a-zA-Z0-9][a-zA-Z0-9-_]*$/)
  const { jobs = [] } = await data.send(waiting(new ListMemoryExtractionJobsCommand({ memoryId })))
  expect(jobs).toMatchObject([
    {
      status: 'FAILED',
      strategyId: strategyIds[1],
      actorId: 'ada',
      sessionId,
      failureReason: expect.stringMatching(/^CUSTOM_MODEL_BEDROCK_VALIDATION_EXCEPTION: .*ANTHROPIC_API_KEY/),
    },
  ])
  expect(await recordsOf(clients, memoryId)).toHaveLength(1)
  const jobId = jobs[0]?.jobID ?? ''
  expect((await data.send(new StartMemoryExtractionJobCommand({ memoryId, extractionJob: { jobId } }))).jobId).toBe(jobId)
  await expect
    .poll(async () => (await data.send(new ListMemoryExtractionJobsCommand({ memoryId }))).jobs?.map(({ jobID }) => jobID), inTime)
    .toEqual([jobId])
})

scenario('memory.ingest.refused', 'raw', async () => {
  const valid: Record<string, Record<string, unknown>> = {
    IngestData: {
      memoryId: 'Unknown-0123456789',
      actorId: 'a',
      sessionId: 's',
      contentTimestamp: 1,
      source: { inline: { payload: said('x') } },
      metadata: { k: { stringValue: 'v' } },
      extractionConfig: { namespaceVariables: { team: 'a' } },
    },
    ListMemoryExtractionJobs: {
      memoryId: 'Unknown-0123456789',
      maxResults: 10,
      filter: { strategyId: 'S-0123456789', sessionId: 's', actorId: 'a', status: 'FAILED' },
    },
    StartMemoryExtractionJob: { memoryId: 'Unknown-0123456789', extractionJob: { jobId: 'j' } },
  }
  for (const [operation, whole] of Object.entries(valid)) {
    for (const { what, field, input } of brokenInputs(operation, whole))
      expect(await sendSigned(platform, requestOf(operation, input)), `${operation}: ${what}`).toMatchObject({
        status: 400,
        type: 'ValidationException',
        message: expect.stringContaining(field),
      })
    expect(await sendSigned(platform, requestOf(operation, whole)), operation).toMatchObject({ status: 404, type: 'ResourceNotFoundException' })
  }
  const { memoryId } = await newMemory(clients, 'Strict', [{ semanticMemoryStrategy: { name: 'facts', namespaceTemplates: ['/{team}/'] } }], {
    namespaceKeys: [{ key: 'team' }],
  })
  const data = { memoryId, actorId: 'a', contentTimestamp: new Date() }
  const tooLarge = new IngestDataCommand({ ...data, source: { inline: { payload: [...said('x'.repeat(60_000)), ...said('y'.repeat(60_000))] } } })
  expect(await errorOf(clients.data.send(tooLarge))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('source.inline.payload'),
  })
  expect(await errorOf(clients.data.send(new IngestDataCommand({ ...data, source: { inline: { payload: said('x') } } })))).toMatchObject({
    name: 'ValidationException',
    message: expect.stringContaining('namespaceVariables'),
  })
})

const allow = (Action: string[], Resource: string[]) => JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, Resource }] })

/** The part of SNS that is here, as its Query protocol says it. */
async function sns(action: string, parameters: Record<string, string>, status = 200): Promise<string> {
  const answer = await snsAnswer(action, parameters)
  expect(answer.status, `${action}: ${answer.body}`).toBe(status)
  return answer.body
}

function snsAnswer(Action: string, parameters: Record<string, string>) {
  const body = new URLSearchParams({ Action, Version: '2010-03-31', ...parameters }).toString()
  return sendSigned(platform, { path: '/', body, service: 'sns', headers: { 'content-type': 'application/x-www-form-urlencoded' } })
}

scenario('memory.topics.refused', 'raw', async () => {
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:strict'
  await sns('CreateTopic', { Name: 'strict' })
  const here = { TopicArn, Protocol: 'http', Endpoint: endpointUrl }
  const refused: [action: string, parameters: Record<string, string>, field: string][] = [
    ['CreateTopic', { Name: 'a b' }, 'Name'],
    ['CreateTopic', { Name: 'ordered.fifo' }, 'Name'],
    ['CreateTopic', { Name: 'x', 'Tags.member.1.Key': 'k', 'Tags.member.1.Value': 'v' }, 'Tags'],
    ['Subscribe', { ...here, TopicArn: 'strict' }, 'TopicArn'],
    ['Subscribe', { ...here, Protocol: 'email' }, 'Protocol'],
    ['Subscribe', { ...here, Protocol: 'https' }, 'Endpoint'],
    ['Subscribe', { ...here, Endpoint: 'http://169.254.169.254/latest' }, '--allow-egress 169.254.169.254:80'],
    ['Subscribe', { ...here, Endpoint: endpointUrl.replace('http://', 'http://user:word@') }, 'Endpoint'],
    ['Subscribe', { ...here, Endpoint: `${endpointUrl}/${'x'.repeat(2_048)}` }, 'Endpoint'],
    ['ConfirmSubscription', { TopicArn, Token: 'guessed' }, 'Token'],
    ['Unsubscribe', { SubscriptionArn: 'none' }, 'SubscriptionArn'],
  ]
  for (const [action, parameters, field] of refused)
    expect(await snsAnswer(action, parameters), `${action} ${field}`).toMatchObject({ status: 400, message: expect.stringContaining(field) })
  expect(await snsAnswer('Subscribe', { ...here, TopicArn: `${TopicArn}er` })).toMatchObject({ status: 404 })
  expect(await snsAnswer('Unsubscribe', { SubscriptionArn: `${TopicArn}:none` })).toMatchObject({ status: 404 })
  expect(await snsAnswer('Publish', { TopicArn, Message: 'x' })).toMatchObject({ status: 501, message: expect.stringContaining('Publish') })
  expect(await sns('ListSubscriptionsByTopic', { TopicArn })).not.toContain('<Endpoint>')
  await sns('DeleteTopic', { TopicArn })
  expect(await sns('ListTopics', {})).not.toContain('strict')
})

scenario('memory.self-managed', 'js', async () => {
  const topicArn = /<TopicArn>(.*)<\/TopicArn>/.exec(await sns('CreateTopic', { Name: 'talks' }))?.[1] ?? ''
  expect(topicArn).toBe('arn:aws:sns:us-east-1:000000000000:talks')
  // Policies speak of one ARN; by another partition's nobody comes past them.
  await sns('Subscribe', { TopicArn: topicArn.replace('arn:aws:', 'arn:aws-cn:'), Protocol: 'http', Endpoint: endpointUrl }, 404)
  expect(await sns('Subscribe', { TopicArn: topicArn, Protocol: 'http', Endpoint: endpointUrl })).toContain('pending confirmation')
  const token = endpoint.got[0]?.Token ?? ''
  expect(endpoint.got).toMatchObject([{ Type: 'SubscriptionConfirmation', TopicArn: topicArn }])
  expect(await sns('ListSubscriptionsByTopic', { TopicArn: topicArn })).toContain('PendingConfirmation')
  await sns('ConfirmSubscription', { TopicArn: topicArn, Token: token })
  expect(await sns('ListSubscriptionsByTopic', { TopicArn: topicArn })).toContain(`${topicArn}:`)

  const iam = new IAMClient({ endpoint: platform.url, region: 'us-east-1', credentials: platform.credentials })
  const trust = { Effect: 'Allow', Principal: { Service: 'bedrock-agentcore.amazonaws.com' }, Action: 'sts:AssumeRole' }
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: [trust] })
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'Memory', AssumeRolePolicyDocument }))
  await clients.s3.send(new CreateBucketCommand({ Bucket: 'talks' }))
  const selfManagedConfiguration = {
    triggerConditions: [{ messageBasedTrigger: { messageCount: 2 } }],
    historicalContextWindowSize: 1,
    invocationConfiguration: { topicArn, payloadDeliveryBucketName: 'talks' },
  }
  const own = { customMemoryStrategy: { name: 'own', configuration: { selfManagedConfiguration } } }
  const { memoryId, strategyIds } = await newMemory(clients, 'OwnWay', [own], { memoryExecutionRoleArn: Role?.Arn })
  const add = (text: string, at: number) =>
    clients.data.send(new CreateEventCommand({ memoryId, actorId: 'ada', sessionId: 's1', eventTimestamp: new Date(at), payload: said(text) }))
  await add('one', 0)
  await add('two', 1)
  // The memory acts as its role: what that may not, is not done, and can be done when it may.
  const failed = async () => (await clients.data.send(new ListMemoryExtractionJobsCommand({ memoryId }))).jobs ?? []
  await expect.poll(async () => (await failed()).map(({ failureReason }) => failureReason), inTime).toEqual([expect.stringContaining('s3:PutObject')])
  await iam.send(new PutRolePolicyCommand({ RoleName: 'Memory', PolicyName: 'p', PolicyDocument: allow(['s3:PutObject', 'sns:Publish'], ['*']) }))
  await clients.data.send(new StartMemoryExtractionJobCommand({ memoryId, extractionJob: { jobId: (await failed())[0]?.jobID ?? '' } }))
  await expect.poll(() => endpoint.got.length, inTime).toBe(2)
  await add('three', 2)
  const news = JSON.parse(endpoint.got[1]?.Message ?? '{}') as { jobId: string; s3PayloadLocation: string; memoryId: string; strategyId: string }
  expect(news).toMatchObject({ memoryId, strategyId: strategyIds[0] })

  // Away for a while: the job is tried again until the subscriber is back.
  endpoint.status = 503
  await add('four', 3)
  await expect.poll(() => endpoint.refused, inTime).toBe(1)
  endpoint.status = 200
  await expect.poll(() => endpoint.got.length, inTime).toBe(3)
  const second = JSON.parse(endpoint.got[2]?.Message ?? '{}') as typeof news
  const Key = second.s3PayloadLocation.replace('s3://talks/', '')
  const object = await clients.s3.send(new GetObjectCommand({ Bucket: 'talks', Key }))
  const message = (text: string, timestamp: number) => ({ role: 'USER', content: { text }, timestamp })
  expect(JSON.parse((await object.Body?.transformToString()) ?? '{}')).toEqual({
    requestId: second.jobId,
    accountId: '000000000000',
    memoryId,
    actorId: 'ada',
    sessionId: 's1',
    strategyId: strategyIds[0],
    startingTimestamp: 2,
    endingTimestamp: 3,
    currentContext: [message('three', 2), message('four', 3)],
    historicalContext: [message('two', 1)],
  })
  const record = {
    requestIdentifier: 'r',
    namespaces: ['/own/ada/'],
    content: { text: 'Ada counts.' },
    timestamp: new Date(),
    memoryStrategyId: strategyIds[0],
  }
  const { successfulRecords } = await clients.data.send(new BatchCreateMemoryRecordsCommand({ memoryId, records: [record] }))
  expect(successfulRecords).toHaveLength(1)
})
