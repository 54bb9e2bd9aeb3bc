// Long-term memory by stock clients: records go in, come back letter for letter, and are found by what they say.
import {
  BatchCreateMemoryRecordsCommand,
  BatchDeleteMemoryRecordsCommand,
  BatchUpdateMemoryRecordsCommand,
  DeleteMemoryRecordCommand,
  GetMemoryRecordCommand,
  ListMemoryRecordsCommand,
  type ListMemoryRecordsCommandInput,
  type MemoryRecordCreateInput,
  RetrieveMemoryRecordsCommand,
  type RetrieveMemoryRecordsCommandInput,
} from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenMemory, openMemory } from './memory.fixture.js'

let kit: OpenMemory
let memoryId: string
beforeAll(async () => {
  kit = await openMemory()
  const { memory } = await kit.control.send(
    new CreateMemoryCommand({
      name: 'Records',
      eventExpiryDuration: 30,
      indexedKeys: [
        { key: 'topic', type: 'STRING' },
        { key: 'stars', type: 'NUMBER' },
        { key: 'labels', type: 'STRINGLIST' },
      ],
      memoryStrategies: [{ semanticMemoryStrategy: { name: 'facts', memoryRecordSchema: { metadataSchema: [{ key: 'colour', type: 'STRING' }] } } }],
    }),
  )
  memoryId = memory?.id ?? ''
})
afterAll(async () => {
  expect(kit.defects).toEqual([])
  expect(kit.errors).toEqual([])
  await kit.close()
})

let spaces = 0
const newSpace = () => `/test/${++spaces}/`

async function create(namespace: string, texts: readonly (string | Partial<MemoryRecordCreateInput>)[]) {
  const records = texts.map((given, at) => ({
    requestIdentifier: `r${at}`,
    namespaces: [namespace],
    timestamp: new Date(1_700_000_000_000 + at * 60_000),
    content: { text: typeof given === 'string' ? given : 'text' },
    ...(typeof given === 'string' ? {} : given),
  }))
  return kit.data.send(new BatchCreateMemoryRecordsCommand({ memoryId, records }))
}

async function ids(namespace: string, texts: readonly (string | Partial<MemoryRecordCreateInput>)[]): Promise<string[]> {
  const { successfulRecords = [], failedRecords } = await create(namespace, texts)
  expect(failedRecords).toEqual([])
  return successfulRecords.map(({ memoryRecordId }) => memoryRecordId ?? '')
}

async function list(more: Omit<ListMemoryRecordsCommandInput, 'memoryId'>) {
  return (await kit.data.send(new ListMemoryRecordsCommand({ memoryId, ...more }))).memoryRecordSummaries ?? []
}

async function search(searchQuery: string, more: Partial<RetrieveMemoryRecordsCommandInput> = {}) {
  const { memoryRecordSummaries = [] } = await kit.data.send(
    new RetrieveMemoryRecordsCommand({ memoryId, ...more, searchCriteria: { searchQuery, ...more.searchCriteria } }),
  )
  return memoryRecordSummaries
}

const textsOf = (all: Awaited<ReturnType<typeof list>>) => all.map(({ content }) => content?.text)

describe('a record', () => {
  it('comes back letter for letter, up to 16,000 characters, and is in its namespace alone', async () => {
    const namespace = newSpace()
    const texts = ['nul \0 and 🦀👩‍👩‍👧', 'שלום ‏עולם', 'x'.repeat(16_000), 'é e\u0301 \r\n\t']
    const [first = '', ...rest] = await ids(namespace, texts)
    expect(first).toMatch(/^mem-[a-zA-Z0-9-_]{36,46}$/)
    const { memoryRecord } = await kit.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId: first, namespace }))
    expect(memoryRecord).toMatchObject({ memoryRecordId: first, content: { text: texts[0] }, namespaces: [namespace] })
    expect(memoryRecord?.createdAt?.getTime()).toBe(1_700_000_000_000)
    expect(textsOf(await list({ namespace }))).toEqual(texts.toReversed())
    const elsewhere = kit.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId: first, namespace: '/other/' }))
    await expect(elsewhere).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await kit.data.send(new DeleteMemoryRecordCommand({ memoryId, memoryRecordId: first }))
    await expect(kit.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId: first }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    expect(await list({ namespace })).toHaveLength(rest.length)
  })

  it('is found by its words the moment it was acknowledged, and by its new words after an update', async () => {
    const namespace = newSpace()
    const [one = ''] = await ids(namespace, ['Ada plays the cello', 'Ada lives in Turin'])
    expect(textsOf(await search('cello', { namespace }))[0]).toBe('Ada plays the cello')
    const { successfulRecords } = await kit.data.send(
      new BatchUpdateMemoryRecordsCommand({
        memoryId,
        records: [{ memoryRecordId: one, timestamp: new Date(), content: { text: 'Ada plays the oboe' } }],
      }),
    )
    expect(successfulRecords).toEqual([{ memoryRecordId: one, status: 'SUCCEEDED' }])
    const [best] = await search('Who plays an oboe?', { namespace })
    expect(best).toMatchObject({ memoryRecordId: one, content: { text: 'Ada plays the oboe' } })
    expect((await search('cello', { namespace })).every(({ score }) => score === 0)).toBe(true)
  })
})

describe('a batch', () => {
  it('writes what can be written and tells the rest', async () => {
    const namespace = newSpace()
    const { successfulRecords, failedRecords } = await create(namespace, [
      { metadata: { stars: { numberValue: 5 } } },
      { metadata: { stars: { stringValue: 'five' } } },
      { memoryStrategyId: 'nobody-0123456789' },
      { metadata: { 'x-amz-agentcore-memory-createdAt': { dateTimeValue: new Date() } } },
    ])
    expect(successfulRecords).toMatchObject([{ requestIdentifier: 'r0', status: 'SUCCEEDED' }])
    expect(failedRecords).toMatchObject([
      { requestIdentifier: 'r1', status: 'FAILED', errorCode: 400, errorMessage: expect.stringContaining('metadata.stars') },
      { requestIdentifier: 'r2', errorCode: 404, errorMessage: expect.stringContaining('nobody-0123456789') },
      { requestIdentifier: 'r3', errorCode: 400 },
    ])
    expect(await list({ namespace })).toHaveLength(1)
    const missing = `mem-${'0'.repeat(36)}`
    const one = successfulRecords?.[0]?.memoryRecordId ?? ''
    const gone = await kit.data.send(
      new BatchDeleteMemoryRecordsCommand({ memoryId, records: [{ memoryRecordId: missing }, { memoryRecordId: one, namespace }] }),
    )
    expect(gone.successfulRecords).toEqual([{ memoryRecordId: one, status: 'SUCCEEDED' }])
    expect(gone.failedRecords).toMatchObject([{ memoryRecordId: missing, status: 'FAILED', errorCode: 404 }])
  })
})
