// Memories and their strategies by the stock client: what is kept, what is told, and what is refused with the field's name.
import { ListEventsCommand } from '@aws-sdk/client-bedrock-agentcore'
import {
  CreateMemoryCommand,
  type CreateMemoryCommandInput,
  DeleteMemoryCommand,
  GetMemoryCommand,
  ListMemoriesCommand,
  ListTagsForResourceCommand,
  type MemoryStrategyInput,
  paginateListMemories,
  UpdateMemoryCommand,
  type UpdateMemoryCommandInput,
  waitUntilMemoryCreated,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenMemory, openMemory, scope } from './memory.fixture.js'

let kit: OpenMemory
beforeAll(async () => {
  kit = await openMemory()
})
afterAll(async () => {
  expect(kit.defects).toEqual([])
  expect(kit.errors).toEqual([])
  await kit.close()
})

const memoryExecutionRoleArn = 'arn:aws:iam::000000000000:role/Memory'
let names = 0

async function create(more: Partial<CreateMemoryCommandInput> = {}) {
  const { memory } = await kit.control.send(new CreateMemoryCommand({ name: `Memory${++names}`, eventExpiryDuration: 7, ...more }))
  if (!memory?.id) throw new Error('no memory')
  return { ...memory, id: memory.id }
}
const update = async (memoryId: string, more: Partial<UpdateMemoryCommandInput>) =>
  (await kit.control.send(new UpdateMemoryCommand({ memoryId, ...more }))).memory
const get = async (memoryId: string) => (await kit.control.send(new GetMemoryCommand({ memoryId }))).memory
const refusal = (field: string) => ({ name: 'ValidationException', message: expect.stringContaining(field) })
const prompt = { appendToPrompt: 'Look for colours.', modelId: 'offline' }

const everyKind: MemoryStrategyInput[] = [
  { semanticMemoryStrategy: { name: 'Facts', description: 'what is so' } },
  { summaryMemoryStrategy: { name: 'Sums', namespaces: ['/sums/{actorId}/{sessionId}/'] } },
  { userPreferenceMemoryStrategy: { name: 'Likes', namespaceTemplates: ['/likes/{actorId}/{team}/'] } },
  { episodicMemoryStrategy: { name: 'Episodes' } },
  {
    customMemoryStrategy: {
      name: 'Own',
      configuration: { episodicOverride: { extraction: prompt, consolidation: prompt, reflection: { ...prompt, namespaces: ['/strategy/'] } } },
    },
  },
  {
    customMemoryStrategy: {
      name: 'Self',
      configuration: {
        selfManagedConfiguration: {
          invocationConfiguration: { topicArn: 'arn:aws:sns:us-east-1:000000000000:facts', payloadDeliveryBucketName: 'facts' },
          triggerConditions: [{ messageBasedTrigger: { messageCount: 5 } }, { timeBasedTrigger: {} }],
        },
      },
    },
  },
]

describe('a memory', () => {
  it('is ACTIVE when it is acknowledged, and tells all that it was made with', async () => {
    const name = 'Everything'
    const indexedKeys = [{ key: 'priority', type: 'NUMBER' as const }]
    const namespaceKeys = [{ key: 'team', validation: { allowedValues: ['red', 'blue'] } }]
    const given = { name, description: 'of everything', memoryExecutionRoleArn, indexedKeys, namespaceKeys, clientToken: 'everything-once' }
    const made = await create({ ...given, memoryStrategies: everyKind, tags: { team: 'a' } })
    expect(await create({ ...given, memoryStrategies: everyKind, tags: { team: 'a' } })).toEqual(made)
    const { clientToken: _, ...told } = given
    expect(made).toMatchObject({ ...told, id: expect.stringMatching(/^Everything-[a-zA-Z0-9]{10}$/), eventExpiryDuration: 7, status: 'ACTIVE' })
    expect(made.arn).toBe(`arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/${made.id}`)
    expect(await get(made.id)).toEqual(made)
    expect(kit.asked).toContain(`iam:PassRole ${memoryExecutionRoleArn}`)
    expect(await waitUntilMemoryCreated({ client: kit.control, maxWaitTime: 10 }, { memoryId: made.id })).toMatchObject({ state: 'SUCCESS' })
    const { tags } = await kit.control.send(new ListTagsForResourceCommand({ resourceArn: made.arn }))
    expect(tags).toEqual({ team: 'a' })
    expect(made.strategies).toMatchObject([
      {
        name: 'Facts',
        type: 'SEMANTIC',
        status: 'ACTIVE',
        description: 'what is so',
        namespaces: ['/strategy/{memoryStrategyId}/actors/{actorId}/'],
      },
      { name: 'Sums', type: 'SUMMARIZATION', namespaces: ['/sums/{actorId}/{sessionId}/'], namespaceTemplates: ['/sums/{actorId}/{sessionId}/'] },
      { name: 'Likes', type: 'USER_PREFERENCE', namespaces: ['/likes/{actorId}/{team}/'] },
      {
        name: 'Episodes',
        type: 'EPISODIC',
        namespaces: ['/strategy/{memoryStrategyId}/actor/{actorId}/session/{sessionId}/'],
        configuration: { reflection: { episodicReflectionConfiguration: { namespaces: ['/strategy/{memoryStrategyId}/actor/{actorId}/'] } } },
      },
      {
        name: 'Own',
        type: 'CUSTOM',
        configuration: {
          type: 'EPISODIC_OVERRIDE',
          extraction: { customExtractionConfiguration: { episodicExtractionOverride: prompt } },
          consolidation: { customConsolidationConfiguration: { episodicConsolidationOverride: prompt } },
          reflection: { customReflectionConfiguration: { episodicReflectionOverride: { ...prompt, namespaces: ['/strategy/'] } } },
        },
      },
      {
        name: 'Self',
        type: 'CUSTOM',
        configuration: {
          type: 'SELF_MANAGED',
          selfManagedConfiguration: {
            triggerConditions: [{ messageBasedTrigger: { messageCount: 5 } }, { timeBasedTrigger: { idleSessionTimeout: 10 } }],
            historicalContextWindowSize: 4,
          },
        },
      },
    ])
    for (const { strategyId, name: own } of made.strategies ?? []) expect(strategyId).toMatch(new RegExp(`^${own}-[a-zA-Z0-9]{10}$`))
  })

  it('is listed by pages with the others', async () => {
    const made = [await create(), await create()].map(({ id }) => id)
    const seen: unknown[] = []
    for await (const page of paginateListMemories({ client: kit.control, pageSize: 2 }, {})) {
      expect(page.memories?.length).toBeLessThanOrEqual(2)
      seen.push(...(page.memories ?? []).map(({ id }) => id))
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(seen).toEqual(expect.arrayContaining(made))
    await expect(kit.control.send(new ListMemoriesCommand({ nextToken: 'made-up' }))).rejects.toMatchObject(refusal('nextToken'))
  })

  it('changes by what is sent, and keeps the rest', async () => {
    const { id, strategies = [] } = await create({
      description: 'before',
      memoryExecutionRoleArn,
      memoryStrategies: [
        { semanticMemoryStrategy: { name: 'Facts' } },
        { summaryMemoryStrategy: { name: 'Sums' } },
        { customMemoryStrategy: { name: 'Own', configuration: { semanticOverride: { extraction: prompt } } } },
      ],
    })
    const [facts, sums, own] = strategies.map(({ strategyId = '' }) => strategyId)
    const other = { ...prompt, appendToPrompt: 'Look for shapes.' }
    const clientToken = 'one-update-of-this-memory-alone-0001'
    const changes: Partial<UpdateMemoryCommandInput> = {
      clientToken,
      eventExpiryDuration: 9,
      addIndexedKeys: [{ key: 'colour', type: 'STRING' }],
      memoryStrategies: {
        deleteMemoryStrategies: [{ memoryStrategyId: sums }],
        modifyMemoryStrategies: [
          { memoryStrategyId: facts, description: 'new', namespaceTemplates: ['/facts/{actorId}/'] },
          {
            memoryStrategyId: own,
            configuration: { consolidation: { customConsolidationConfiguration: { semanticConsolidationOverride: other } } },
          },
        ],
        addMemoryStrategies: [{ userPreferenceMemoryStrategy: { name: 'Likes' } }],
      },
    }
    const updated = await update(id, changes)
    expect(await update(id, changes)).toEqual(updated)
    expect(await get(id)).toEqual(updated)
    expect(updated).toMatchObject({ description: 'before', eventExpiryDuration: 9, indexedKeys: [{ key: 'colour' }], memoryExecutionRoleArn })
    expect(updated?.strategies).toMatchObject([
      { strategyId: facts, description: 'new', namespaces: ['/facts/{actorId}/'] },
      {
        strategyId: own,
        configuration: {
          type: 'SEMANTIC_OVERRIDE',
          extraction: { customExtractionConfiguration: { semanticExtractionOverride: prompt } },
          consolidation: { customConsolidationConfiguration: { semanticConsolidationOverride: other } },
        },
      },
      { name: 'Likes', type: 'USER_PREFERENCE' },
    ])
  })

  it('is gone after its deletion, also when the platform was killed before the last row went', async () => {
    const first = await openMemory()
    const { memory } = await first.control.send(new CreateMemoryCommand({ name: 'Large', eventExpiryDuration: 7, tags: { a: 'b' } }))
    const memoryId = memory?.id ?? ''
    const session = { ...scope, memoryId, actorId: 'a', sessionId: 's' }
    await first.store.transaction(async (tx) => {
      for (let n = 0; n < 2_000; n++) await first.events.within(tx).append(session, { at: n, metadata: {}, payload: '[]' })
    })
    await first.control.send(new DeleteMemoryCommand({ memoryId }))
    expect(await first.control.send(new DeleteMemoryCommand({ memoryId }))).toMatchObject({ status: 'DELETING' })
    await expect(first.control.send(new UpdateMemoryCommand({ memoryId, description: 'x' }))).rejects.toMatchObject({ name: 'ConflictException' })
    await expect(first.data.send(new ListEventsCommand(session))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await first.close({ keep: true })
    const second = await openMemory({ dir: first.dir })
    await second.service.settled()
    await expect(second.control.send(new GetMemoryCommand({ memoryId }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    expect(await second.events.byArrival(session, { since: 0, limit: 1 })).toEqual([])
    await expect(second.control.send(new ListTagsForResourceCommand({ resourceArn: memory?.arn }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    expect(second.errors).toEqual([])
    await second.close()
  })
})

describe('what is refused of a memory', () => {
  const summary = (more: object): Partial<CreateMemoryCommandInput> => ({ memoryStrategies: [{ summaryMemoryStrategy: { name: 'S', ...more } }] })
  const semantic = (more: object): Partial<CreateMemoryCommandInput> => ({ memoryStrategies: [{ semanticMemoryStrategy: { name: 'S', ...more } }] })
  const schema = (...metadataSchema: object[]) => semantic({ memoryRecordSchema: { metadataSchema } })
  const strict = (key: string) => ({ key, extractionType: 'STRICTLY_CONSISTENT' })
  const custom = (configuration: object): Partial<CreateMemoryCommandInput> => ({
    memoryExecutionRoleArn,
    memoryStrategies: [{ customMemoryStrategy: { name: 'S', configuration: configuration as never } }],
  })
  const trigger = { messageBasedTrigger: { messageCount: 1 } }
  const invocationConfiguration = { topicArn: 'arn:aws:sns:us-east-1:000000000000:t', payloadDeliveryBucketName: 'bucket' }
  it.each<[string, string, Partial<CreateMemoryCommandInput>]>([
    ['a name with a dash', 'name', { name: 'a-b' }],
    ['two days', 'eventExpiryDuration', { eventExpiryDuration: 2 }],
    ['more than a year', 'eventExpiryDuration', { eventExpiryDuration: 366 }],
    ['a key of its own', 'encryptionKeyArn', { encryptionKeyArn: 'arn:aws:kms:us-east-1:000000000000:key/a' }],
    [
      'a stream',
      'streamDeliveryResources.resources[0].kinesis',
      {
        streamDeliveryResources: {
          resources: [
            { kinesis: { dataStreamArn: 'arn:aws:kinesis:us-east-1:000000000000:stream/s', contentConfigurations: [{ type: 'MEMORY_RECORDS' }] } },
          ],
        },
      },
    ],
    ['an unknown variable', '{color}', semantic({ namespaces: ['/a/{color}/'] })],
    ['two templates', 'namespaces', semantic({ namespaces: ['/a/'], namespaceTemplates: ['/b/'] })],
    ['a summary of all sessions', '{sessionId}', summary({ namespaces: ['/a/{actorId}/'] })],
    [
      'two strategies of a name',
      'named S',
      { memoryStrategies: [{ semanticMemoryStrategy: { name: 'S' } }, { summaryMemoryStrategy: { name: 'S' } }] },
    ],
    ['a key twice in a schema', 'metadataSchema', schema({ key: 'a' }, { key: 'a' })],
    ['four strict keys', 'STRICTLY_CONSISTENT', schema(...['a', 'b', 'c', 'd'].map(strict))],
    ['a strict number', 'metadataSchema[0].type', schema({ ...strict('a'), type: 'NUMBER' })],
    ['a strict key of a summary', 'extractionType', summary({ memoryRecordSchema: { metadataSchema: [strict('a')] } })],
    ['a key of the service', 'metadataSchema[0].key', schema({ key: 'x-amz-agentcore-memory-createdAt' })],
    [
      'a rule of another type',
      'stringValidation',
      schema({ key: 'a', extractionConfig: { llmExtractionConfig: { definition: 'd', validation: { numberValidation: {} } } } }),
    ],
    ['an indexed key twice', 'indexedKeys', { indexedKeys: [1, 2].map(() => ({ key: 'a', type: 'STRING' as const })) }],
    ['a namespace key twice', 'namespaceKeys[1].key', { namespaceKeys: [{ key: 'team' }, { key: 'team' }] }],
    ['no pattern', 'regexPattern', { namespaceKeys: [{ key: 'team', validation: { regexPattern: '(' } }] }],
    ['a custom strategy of nothing', 'configuration', custom(undefined as never)],
    ['a custom strategy without a role', 'memoryExecutionRoleArn', { ...custom({ semanticOverride: {} }), memoryExecutionRoleArn: undefined }],
    [
      'a trigger twice',
      'triggerConditions',
      custom({ selfManagedConfiguration: { invocationConfiguration, triggerConditions: [trigger, trigger] } }),
    ],
    [
      'a reflection beside its episodes',
      'reflectionConfiguration',
      { memoryStrategies: [{ episodicMemoryStrategy: { name: 'S', reflectionConfiguration: { namespaces: ['/elsewhere/'] } } }] },
    ],
  ])('%s', async (_what, field, more) => {
    await expect(create(more)).rejects.toMatchObject(refusal(field))
  })

  it('a name that is taken, in the words by which AWS’s SDKs find the memory', async () => {
    const { name } = await create()
    await expect(create({ name })).rejects.toMatchObject(refusal('already exists'))
  })

  it('a seventh strategy', async () => {
    const memoryStrategies = Array.from({ length: 7 }, (_, n) => ({ semanticMemoryStrategy: { name: `S${n}` } }))
    await expect(create({ memoryStrategies })).rejects.toMatchObject({ name: 'ServiceQuotaExceededException' })
  })

  it('a change that the strategy cannot have, and one of a strategy that is not there', async () => {
    const { id, strategies = [] } = await create({
      namespaceKeys: [{ key: 'team' }],
      memoryStrategies: [{ semanticMemoryStrategy: { name: 'Facts', namespaces: ['/{team}/'] } }],
    })
    const memoryStrategyId = strategies[0]?.strategyId
    const modify = (more: object, of = memoryStrategyId) =>
      update(id, { memoryStrategies: { modifyMemoryStrategies: [{ memoryStrategyId: of, ...more }] } })
    const extraction = { customExtractionConfiguration: { semanticExtractionOverride: prompt } }
    await expect(modify({ configuration: { extraction } })).rejects.toMatchObject(refusal('configuration.extraction'))
    await expect(modify({ configuration: { selfManagedConfiguration: {} } })).rejects.toMatchObject(refusal('selfManagedConfiguration'))
    await expect(modify({ namespaces: ['/{other}/'] })).rejects.toMatchObject(refusal('{other}'))
    await expect(modify({}, 'Facts-0123456789')).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await expect(update(id, { namespaceKeys: [] })).rejects.toMatchObject(refusal('namespaceKeys'))
    const both = { modifyMemoryStrategies: [{ memoryStrategyId }], deleteMemoryStrategies: [{ memoryStrategyId }] }
    await expect(update(id, { memoryStrategies: both })).rejects.toMatchObject(refusal('memoryStrategies'))
    for (const call of [get('Unknown-0123456789'), update('Unknown-0123456789', {})])
      await expect(call).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
  })
})

it('takes as many calls a second as AWS does where the operator says so', async () => {
  const limited = await openMemory({ quotas: 'aws' })
  const get = () => limited.control.send(new ListMemoriesCommand({}))
  for (let n = 0; n < 5; n++) await get()
  await expect(get()).rejects.toMatchObject({ name: 'ThrottledException', message: expect.stringContaining('AGENTWORKS_MEMORY_QUOTAS') })
  limited.time.now += 1_000
  await get()
  await limited.close()
})
