// Memories and their events by the stock JavaScript client, on the platform as a user runs it.
import {
  type BedrockAgentCoreClient,
  CreateEventCommand,
  type CreateEventCommandInput,
  DeleteEventCommand,
  GetEventCommand,
  ListActorsCommand,
  ListEventsCommand,
  ListSessionsCommand,
  paginateListEvents,
} from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateMemoryCommand,
  DeleteMemoryCommand,
  GetMemoryCommand,
  ListMemoriesCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UpdateMemoryCommand,
  waitUntilMemoryCreated,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { IAMClient } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect } from 'vitest'
import { brokenInputs, requestOf } from '../broken-inputs.fixture.ts'
import { userWith } from '../callers.fixture.ts'
import { errorOf } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, region, removeDataDir, roleArn, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'

let platform: RunningPlatform
let clients: Clients
let memoryId: string
beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  memoryId = await newMemory(clients, 'Shared')
})
afterAll(() => removeDataDir(platform))

async function newMemory({ control }: Clients, name: string): Promise<string> {
  const { memory } = await control.send(new CreateMemoryCommand({ name, eventExpiryDuration: 30 }))
  return memory?.id ?? ''
}

const say = (text: string) => [{ conversational: { content: { text }, role: 'USER' as const } }]

async function add(data: BedrockAgentCoreClient, event: Omit<CreateEventCommandInput, 'eventTimestamp'> & { at?: number }) {
  const { at = Date.now(), ...rest } = event
  const made = await data.send(new CreateEventCommand({ ...rest, eventTimestamp: new Date(at) }))
  if (!made.event) throw new Error('there is no event in the answer')
  return made.event
}

const gone = async (id: string) => {
  const answer = await errorOf(clients.control.send(new GetMemoryCommand({ memoryId: id })))
  return answer.name === 'ResourceNotFoundException'
}

scenario('memory.manage', 'js', async () => {
  const { control } = clients
  const { memory } = await control.send(
    new CreateMemoryCommand({
      name: 'Managed',
      description: 'of a scenario',
      eventExpiryDuration: 90,
      memoryExecutionRoleArn: roleArn,
      indexedKeys: [{ key: 'priority', type: 'NUMBER' }],
      tags: { team: 'a' },
      memoryStrategies: [
        { semanticMemoryStrategy: { name: 'Facts' } },
        { summaryMemoryStrategy: { name: 'Summaries' } },
        { userPreferenceMemoryStrategy: { name: 'Likes', namespaces: ['/likes/{actorId}/'] } },
        { episodicMemoryStrategy: { name: 'Episodes' } },
        {
          customMemoryStrategy: {
            name: 'Own',
            configuration: { semanticOverride: { extraction: { appendToPrompt: 'Only colours.', modelId: 'offline' } } },
          },
        },
      ],
    }),
  )
  const id = memory?.id ?? ''
  await waitUntilMemoryCreated({ client: control, maxWaitTime: 10 }, { memoryId: id })
  expect((await control.send(new GetMemoryCommand({ memoryId: id }))).memory).toEqual(memory)
  const types = memory?.strategies?.map(({ type }) => type)
  expect(types).toEqual(['SEMANTIC', 'SUMMARIZATION', 'USER_PREFERENCE', 'EPISODIC', 'CUSTOM'])
  const strategies = { deleteMemoryStrategies: [{ memoryStrategyId: memory?.strategies?.[1]?.strategyId }] }
  const updated = await control.send(new UpdateMemoryCommand({ memoryId: id, eventExpiryDuration: 10, memoryStrategies: strategies }))
  expect(updated.memory).toMatchObject({ eventExpiryDuration: 10, description: 'of a scenario', status: 'ACTIVE' })
  expect(updated.memory?.strategies).toHaveLength(4)
  const { memories } = await control.send(new ListMemoriesCommand({ maxResults: 100 }))
  expect(memories).toContainEqual(expect.objectContaining({ id, arn: memory?.arn, status: 'ACTIVE' }))
  await control.send(new TagResourceCommand({ resourceArn: memory?.arn, tags: { stage: 'b' } }))
  expect((await control.send(new ListTagsForResourceCommand({ resourceArn: memory?.arn }))).tags).toEqual({ team: 'a', stage: 'b' })
  expect(await control.send(new DeleteMemoryCommand({ memoryId: id }))).toMatchObject({ status: 'DELETING' })
  await expect.poll(() => gone(id), { timeout: 30_000 }).toBe(true)
})

scenario('memory.events', 'js', async () => {
  const { data } = clients
  const session = { memoryId, actorId: 'users/ada:1', sessionId: 'events' }
  const payload = [...say('\0 🦀 שלום مرحبا \u2028'), { blob: { any: ['thing', 1.5, null] } }, { json: { content: { deep: { deeper: true } } } }]
  const first = await add(data, { ...session, at: 1_000.4, payload, metadata: { place: { stringValue: 'web' } } })
  const later = await add(data, { ...session, at: 1_001, payload: say('later') })
  const same = await add(data, { ...session, at: 1_001, payload: say('the same time, after it') })
  expect(first).toMatchObject({ ...session, payload, metadata: { place: { stringValue: 'web' } }, eventTimestamp: new Date(1_000) })
  expect((await data.send(new GetEventCommand({ ...session, eventId: first.eventId }))).event).toEqual(first)
  expect((await data.send(new ListEventsCommand(session))).events).toEqual([same, later, first])
  const paged = []
  for await (const page of paginateListEvents({ client: data, pageSize: 1 }, { ...session, includePayloads: false }))
    paged.push(...(page.events ?? []))
  expect(paged).toEqual([same, later, first].map((event) => ({ ...event, payload: [] })))
  const left = { metadataKey: 'place' }
  const filtered = async (expression: object) =>
    (await data.send(new ListEventsCommand({ ...session, filter: { eventMetadata: [expression as never] } }))).events?.map(({ eventId }) => eventId)
  expect(await filtered({ left, operator: 'EQUALS_TO', right: { metadataValue: { stringValue: 'web' } } })).toEqual([first.eventId])
  expect(await filtered({ left, operator: 'NOT_EXISTS' })).toEqual([same.eventId, later.eventId])
  expect((await data.send(new ListActorsCommand({ memoryId }))).actorSummaries).toContainEqual({ actorId: session.actorId })
  expect((await data.send(new ListSessionsCommand(session))).sessionSummaries).toMatchObject([{ sessionId: 'events', actorId: session.actorId }])
  await data.send(new DeleteEventCommand({ ...session, eventId: later.eventId }))
  expect(await errorOf(data.send(new GetEventCommand({ ...session, eventId: later.eventId })))).toMatchObject({
    name: 'ResourceNotFoundException',
    status: 404,
  })
})

scenario('memory.branches', 'js', async () => {
  const { data } = clients
  const session = { memoryId, actorId: 'ada', sessionId: 'branches' }
  await add(data, { ...session, at: 1, payload: say('one') })
  const root = await add(data, { ...session, at: 2, payload: say('two') })
  await add(data, { ...session, at: 3, payload: say('three') })
  await add(data, { ...session, at: 4, payload: say('another two'), branch: { name: 'retry', rootEventId: root.eventId } })
  const texts = async (name: string, includeParentBranches: boolean) => {
    const { events } = await data.send(new ListEventsCommand({ ...session, filter: { branch: { name, includeParentBranches } } }))
    return events?.map(({ payload }) => payload?.[0]?.conversational?.content?.text)
  }
  expect(await texts('retry', false)).toEqual(['another two'])
  expect(await texts('retry', true)).toEqual(['another two', 'two', 'one'])
  expect(await texts('main', true)).toEqual(['three', 'two', 'one'])
  const foreign = add(data, { ...session, sessionId: 'elsewhere', payload: say('x'), branch: { name: 'b', rootEventId: root.eventId } })
  await expect(foreign).rejects.toMatchObject({ name: 'ValidationException', reason: 'EventInOtherSession' })
})

scenario('memory.once', 'js', async () => {
  const session = { memoryId, actorId: 'ada', sessionId: 'once' }
  const event = { ...session, at: 5, payload: say('once'), clientToken: 'the-same-token-for-all-of-these-0001' }
  const made = await Promise.all(Array.from({ length: 20 }, () => add(clients.data, event)))
  expect(new Set(made.map(({ eventId }) => eventId)).size).toBe(1)
  expect((await clients.data.send(new ListEventsCommand(session))).events).toHaveLength(1)
  await expect(add(clients.data, { ...event, payload: say('another') })).rejects.toMatchObject({
    name: 'ValidationException',
    reason: 'IdempotentParameterMismatchException',
  })
})

scenario('memory.own', 'js', async () => {
  const iam = new IAMClient({ endpoint: platform.url, region, credentials: platform.credentials })
  const arn = `arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/${memoryId}`
  const own = { StringEquals: { 'bedrock-agentcore:actorId': 'jane' } }
  const jane = await userWith(platform, iam, 'jane', { Effect: 'Allow', Action: 'bedrock-agentcore:*Event*', Resource: arn, Condition: own })
  const session = { memoryId, actorId: 'jane', sessionId: 'own' }
  const { eventId } = await add(jane.data, { ...session, payload: say('mine') })
  const other = await add(clients.data, { ...session, actorId: 'joe', payload: say('his') })
  expect((await jane.data.send(new ListEventsCommand(session))).events).toHaveLength(1)
  const denied = { name: 'AccessDeniedException', status: 403 }
  const joe = { ...session, actorId: 'joe' }
  for (const id of [memoryId, arn]) {
    expect(await errorOf(jane.data.send(new ListEventsCommand({ ...joe, memoryId: id })))).toMatchObject(denied)
    expect(await errorOf(jane.data.send(new GetEventCommand({ ...joe, memoryId: id, eventId: other.eventId })))).toMatchObject(denied)
  }
  expect(await errorOf(jane.data.send(new ListSessionsCommand(session)))).toMatchObject(denied)
  const stolen = jane.data.send(new GetEventCommand({ ...session, eventId: other.eventId }))
  expect(await errorOf(stolen)).toMatchObject({ name: 'ResourceNotFoundException' })
  // Another partition's ARN would be a name that no policy of the owner speaks of.
  const foreign = clients.data.send(new GetEventCommand({ ...session, memoryId: arn.replace('arn:aws:', 'arn:aws-cn:'), eventId }))
  expect(await errorOf(foreign)).toMatchObject({ name: 'ResourceNotFoundException' })
})

const someEvent = '0000000000000000001#abc'
const strategy = { name: 'S', description: 'd', namespaces: ['/a/{actorId}/{sessionId}/'] }
const metadataKey = { left: { metadataKey: 'k' }, operator: 'EQUALS_TO', right: { metadataValue: { stringValue: 'v' } } }

/** Whole inputs, of which each rule of each member is broken in turn. */
const valid: Record<string, Record<string, unknown>> = {
  CreateMemory: {
    name: 'Broken',
    eventExpiryDuration: 30,
    description: 'd',
    memoryExecutionRoleArn: roleArn,
    clientToken: 'broken',
    indexedKeys: [{ key: 'k', type: 'STRING' }],
    namespaceKeys: [{ key: 'team', validation: { allowedValues: ['a'], regexPattern: 'a' } }],
    tags: { k: 'v' },
    memoryStrategies: [
      {
        summaryMemoryStrategy: {
          ...strategy,
          memoryRecordSchema: { metadataSchema: [{ key: 'k', type: 'STRING', extractionType: 'LLM_INFERRED' }] },
        },
      },
    ],
  },
  UpdateMemory: {
    memoryId: 'Unknown-0123456789',
    description: 'd',
    eventExpiryDuration: 30,
    addIndexedKeys: [{ key: 'k', type: 'STRING' }],
    memoryStrategies: { modifyMemoryStrategies: [{ memoryStrategyId: 'S-0123456789', namespaceTemplates: ['/a/'] }] },
  },
  GetMemory: { memoryId: 'Unknown-0123456789', view: 'full' },
  ListMemories: { maxResults: 10 },
  DeleteMemory: { memoryId: 'Unknown-0123456789', clientToken: 't' },
  CreateEvent: {
    memoryId: 'Unknown-0123456789',
    actorId: 'a',
    sessionId: 's',
    eventTimestamp: 1,
    payload: [{ conversational: { content: { text: 'x' }, role: 'USER' } }],
    branch: { name: 'b', rootEventId: someEvent },
    metadata: { k: { stringValue: 'v' } },
    extractionMode: 'SKIP',
    extractionConfig: { namespaceVariables: { team: 'a' } },
  },
  ListEvents: {
    memoryId: 'Unknown-0123456789',
    actorId: 'a',
    sessionId: 's',
    includePayloads: true,
    maxResults: 10,
    filter: { branch: { name: 'b', includeParentBranches: true }, eventMetadata: [metadataKey] },
  },
  GetEvent: { memoryId: 'Unknown-0123456789', actorId: 'a', sessionId: 's', eventId: someEvent },
  DeleteEvent: { memoryId: 'Unknown-0123456789', actorId: 'a', sessionId: 's', eventId: someEvent },
  ListActors: { memoryId: 'Unknown-0123456789', maxResults: 10 },
  ListSessions: { memoryId: 'Unknown-0123456789', actorId: 'a', maxResults: 10, filter: { eventFilter: 'HAS_EVENTS' } },
}

scenario('memory.refused', 'raw', async () => {
  let tried = 0
  for (const [operation, whole] of Object.entries(valid)) {
    for (const { what, field, input } of brokenInputs(operation, whole)) {
      const answer = await sendSigned(platform, requestOf(operation, input))
      expect(answer, `${operation}: ${what}`).toMatchObject({ status: 400, type: 'ValidationException', message: expect.stringContaining(field) })
      tried += 1
    }
  }
  expect(tried).toBeGreaterThan(150)
  for (const operation of ['GetMemory', 'DeleteMemory', 'ListActors', 'GetEvent', 'DeleteEvent', 'ListEvents', 'ListSessions'])
    expect(await sendSigned(platform, requestOf(operation, valid[operation] ?? {})), operation).toMatchObject({
      status: 404,
      type: 'ResourceNotFoundException',
    })
  const { memories } = await clients.control.send(new ListMemoriesCommand({ maxResults: 100 }))
  expect(memories?.filter(({ id }) => id?.startsWith('Broken'))).toEqual([])
})
