// Records by the stock JavaScript client, on the platform as a user runs it.
import {
  BatchCreateMemoryRecordsCommand,
  BatchDeleteMemoryRecordsCommand,
  BatchUpdateMemoryRecordsCommand,
  DeleteMemoryRecordCommand,
  GetMemoryRecordCommand,
  ListMemoryRecordsCommand,
  type MemoryRecordCreateInput,
  paginateListMemoryRecords,
  RetrieveMemoryRecordsCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { IAMClient } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, expect } from 'vitest'
import { brokenInputs, requestOf } from '../broken-inputs.fixture.ts'
import { userWith } from '../callers.fixture.ts'
import { errorOf } from '../invoke.fixture.ts'
import { type Clients, clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'
import { sendSigned } from '../signed-request.fixture.ts'

let platform: RunningPlatform
let clients: Clients
let memoryId: string
beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  const { memory } = await clients.control.send(
    new CreateMemoryCommand({ name: 'Records', eventExpiryDuration: 30, indexedKeys: [{ key: 'topic', type: 'STRING' }] }),
  )
  memoryId = memory?.id ?? ''
})
afterAll(() => removeDataDir(platform))

type Given = Partial<MemoryRecordCreateInput> & { text: string }

async function write(namespace: string, all: readonly Given[]): Promise<string[]> {
  const records = all.map(({ text, ...more }, n) => ({
    requestIdentifier: `r${n}`,
    namespaces: [namespace],
    timestamp: new Date(1_700_000_000_000 + n * 60_000),
    content: { text },
    ...more,
  }))
  const { successfulRecords = [], failedRecords } = await clients.data.send(new BatchCreateMemoryRecordsCommand({ memoryId, records }))
  expect(failedRecords).toEqual([])
  return successfulRecords.map(({ memoryRecordId = '' }) => memoryRecordId)
}

async function find(searchQuery: string, where: { namespace?: string; namespacePath?: string }): Promise<(string | undefined)[]> {
  const answer = await clients.data.send(new RetrieveMemoryRecordsCommand({ memoryId, ...where, searchCriteria: { searchQuery } }))
  return answer.memoryRecordSummaries?.map(({ content }) => content?.text) ?? []
}

scenario('memory.records', 'js', async () => {
  const texts = ['nul \0 🦀👩‍👩‍👧', 'שלום ‏', '私は京都へ', 'x'.repeat(16_000), 'e\u0301 é \r\n']
  const namespace = '/kept/ada/'
  const metadata = { topic: { stringValue: 'music' } }
  const ids = await write(namespace, [{ text: 'the first', metadata }, ...texts.map((text) => ({ text }))])
  const [first = '', second = ''] = ids
  const seen: (string | undefined)[] = []
  for await (const page of paginateListMemoryRecords({ client: clients.data, pageSize: 2 }, { memoryId, namespacePath: '/kept' }))
    seen.push(...(page.memoryRecordSummaries ?? []).map(({ content }) => content?.text))
  expect(seen).toEqual(['the first', ...texts].toReversed())
  const filter = { left: { metadataKey: 'topic' }, operator: 'EQUALS_TO' as const, right: { metadataValue: { stringValue: 'music' } } }
  const filtered = await clients.data.send(new ListMemoryRecordsCommand({ memoryId, namespace, metadataFilters: [filter] }))
  expect(filtered.memoryRecordSummaries).toMatchObject([{ memoryRecordId: first, namespaces: [namespace], metadata }])
  const moved = { memoryRecordId: second, timestamp: new Date(), content: { text: 'changed' }, namespaces: ['/kept/bob/'] }
  await clients.data.send(new BatchUpdateMemoryRecordsCommand({ memoryId, records: [moved] }))
  const { memoryRecord } = await clients.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId: second }))
  expect(memoryRecord).toMatchObject({ content: { text: 'changed' }, namespaces: ['/kept/bob/'] })
  expect(memoryRecord?.createdAt).toEqual(new Date(1_700_000_060_000))
  await clients.data.send(new DeleteMemoryRecordCommand({ memoryId, memoryRecordId: second }))
  expect(await errorOf(clients.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId: second })))).toMatchObject({
    name: 'ResourceNotFoundException',
    status: 404,
  })
  expect(await find('changed', { namespace: '/kept/bob/' })).toEqual([])
})

scenario('memory.records.partly', 'js', async () => {
  const namespace = '/partly/'
  const [kept = '', gone = ''] = await write(namespace, [{ text: 'kept' }, { text: 'gone' }])
  const none = `mem-${'0'.repeat(36)}`
  const deleted = await clients.data.send(
    new BatchDeleteMemoryRecordsCommand({
      memoryId,
      records: [{ memoryRecordId: none }, { memoryRecordId: kept, namespace: '/x/' }, { memoryRecordId: gone }],
    }),
  )
  expect(deleted.successfulRecords).toEqual([{ memoryRecordId: gone, status: 'SUCCEEDED' }])
  expect(deleted.failedRecords).toMatchObject([none, kept].map((memoryRecordId) => ({ memoryRecordId, status: 'FAILED', errorCode: 404 })))
  const timestamp = new Date()
  const updated = await clients.data.send(
    new BatchUpdateMemoryRecordsCommand({
      memoryId,
      records: [
        { memoryRecordId: gone, timestamp },
        { memoryRecordId: kept, timestamp, metadata: { topic: { numberValue: 1 } }, content: { text: 'half' } },
      ],
    }),
  )
  expect(updated.failedRecords).toMatchObject([
    { memoryRecordId: gone, errorCode: 404 },
    { memoryRecordId: kept, errorCode: 400, errorMessage: expect.stringContaining('metadata.topic') },
  ])
  expect(await find('half', { namespace })).toEqual(['kept'])
  const created = { requestIdentifier: 'a', namespaces: [namespace], timestamp, content: { text: 'once' } }
  const strange = { ...created, requestIdentifier: 'b', memoryStrategyId: 'nobody-0123456789' }
  const call = { memoryId, records: [created, strange], clientToken: 'one-token-for-this-batch-of-records' }
  const first = await clients.data.send(new BatchCreateMemoryRecordsCommand(call))
  expect(first.failedRecords).toMatchObject([{ requestIdentifier: 'b', status: 'FAILED', errorCode: 404 }])
  const again = await clients.data.send(new BatchCreateMemoryRecordsCommand(call))
  expect(again.successfulRecords).toEqual(first.successfulRecords)
  expect((await find('once', { namespace })).filter((text) => text === 'once')).toHaveLength(1)
})

scenario('memory.retrieve', 'js', async () => {
  const at = (day: string, text: string) => ({ text, timestamp: new Date(`${day}T10:00:00Z`) })
  await write('/talks/one/', [
    at('2026-03-01', 'Ada: I spent the morning painting in the garden.'),
    { text: 'Bob: Which colours do you use?', timestamp: new Date('2026-03-01T10:00:20Z') },
    { text: 'Ada: Mostly ochre.', timestamp: new Date('2026-03-01T10:00:40Z') },
    at('2026-05-02', 'Bob: I should paint again, too.'),
    at('2026-07-03', 'Ada: 私は京都へ行きます'),
  ])
  await write('/talks/two/', [{ text: 'Carl paints a fence.' }])
  const one = { namespace: '/talks/one/' }
  expect((await find('What did Ada paint?', one))[0]).toBe('Ada: I spent the morning painting in the garden.')
  expect((await find('What did Bob say of paint?', one))[0]).toBe('Bob: I should paint again, too.')
  expect((await find('Which colours does Ada use?', one)).slice(0, 2)).toContain('Ada: Mostly ochre.')
  expect((await find('京都', one))[0]).toBe('Ada: 私は京都へ行きます')
  expect((await find('What happened in May 2026?', one))[0]).toBe('Bob: I should paint again, too.')
  expect(await find('painting', { namespacePath: '/talks/' })).toContain('Carl paints a fence.')
  expect(await find('painting', one)).not.toContain('Carl paints a fence.')
})

scenario('memory.records.own', 'js', async () => {
  const iam = new IAMClient({ endpoint: platform.url, region, credentials: platform.credentials })
  const arn = `arn:aws:bedrock-agentcore:us-east-1:000000000000:memory/${memoryId}`
  const [mine = ''] = await write('/own/jane/', [{ text: 'mine' }])
  const [his = ''] = await write('/own/joe/', [{ text: 'his' }])
  const Condition = { StringEquals: { 'bedrock-agentcore:namespace': '/own/jane/' } }
  const jane = await userWith(platform, iam, 'records-jane', {
    Effect: 'Allow',
    Action: 'bedrock-agentcore:*MemoryRecord*',
    Resource: arn,
    Condition,
  })
  const searchCriteria = { searchQuery: 'mine or his' }
  const found = await jane.data.send(new RetrieveMemoryRecordsCommand({ memoryId, namespace: '/own/jane/', searchCriteria }))
  expect(found.memoryRecordSummaries?.map(({ memoryRecordId }) => memoryRecordId)).toEqual([mine])
  const denied = { name: 'AccessDeniedException', status: 403 }
  for (const where of [{ namespace: '/own/joe/' }, { namespacePath: '/own/jane/' }, {}]) {
    expect(await errorOf(jane.data.send(new RetrieveMemoryRecordsCommand({ memoryId, ...where, searchCriteria })))).toMatchObject(denied)
    expect(await errorOf(jane.data.send(new ListMemoryRecordsCommand({ memoryId, ...where })))).toMatchObject(denied)
  }
  expect(await errorOf(jane.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId: his })))).toMatchObject(denied)
  const disguised = jane.data.send(new GetMemoryRecordCommand({ memoryId, memoryRecordId: his, namespace: '/own/jane/' }))
  expect(await errorOf(disguised)).toMatchObject({ name: 'ResourceNotFoundException' })
})

const someId = `mem-${'a'.repeat(36)}`
const metadata = { topic: { stringValue: 'v' } }
const filter = { left: { metadataKey: 'topic' }, operator: 'EQUALS_TO', right: { metadataValue: { stringValue: 'v' } } }

scenario('memory.records.refused', 'raw', async () => {
  const namespace = '/refused/'
  const kept = { timestamp: 1_700_000_000, content: { text: 't' }, namespaces: [namespace], memoryStrategyId: 's-0123456789', metadata }
  const valid: Record<string, Record<string, unknown>> = {
    BatchCreateMemoryRecords: { memoryId, records: [{ requestIdentifier: 'r', ...kept }], clientToken: 'refused' },
    BatchUpdateMemoryRecords: { memoryId, records: [{ memoryRecordId: someId, sourceNamespaces: [namespace], ...kept }] },
    BatchDeleteMemoryRecords: { memoryId, records: [{ memoryRecordId: someId, namespace }] },
    GetMemoryRecord: { memoryId, memoryRecordId: someId, namespace },
    DeleteMemoryRecord: { memoryId, memoryRecordId: someId, namespace },
    ListMemoryRecords: { memoryId, namespace, memoryStrategyId: 's-0123456789', maxResults: 5, metadataFilters: [filter] },
    RetrieveMemoryRecords: {
      memoryId,
      namespacePath: namespace,
      maxResults: 5,
      searchCriteria: { searchQuery: 'q', memoryStrategyId: 's-0123456789', topK: 5, metadataFilters: [filter] },
    },
  }
  let tried = 0
  for (const [operation, whole] of Object.entries(valid))
    for (const { what, field, input } of brokenInputs(operation, whole)) {
      const answer = await sendSigned(platform, requestOf(operation, input))
      expect(answer, `${operation}: ${what}`).toMatchObject({ status: 400, type: 'ValidationException', message: expect.stringContaining(field) })
      tried += 1
    }
  expect(tried).toBeGreaterThan(80)
  const search = { searchQuery: 'q' }
  const refused: [string, Record<string, unknown>, string][] = [
    ['RetrieveMemoryRecords', { namespace, namespacePath: namespace, searchCriteria: search }, 'namespacePath'],
    ['RetrieveMemoryRecords', { namespace, searchCriteria: search, nextToken: 'nonsense' }, 'nextToken'],
    ['ListMemoryRecords', { namespace, metadataFilters: [{ ...filter, left: { metadataKey: 'unindexed' } }] }, 'metadataFilters[0].left.metadataKey'],
    ['ListMemoryRecords', { namespace, metadataFilters: [{ ...filter, operator: 'BEFORE' }] }, 'metadataFilters[0].operator'],
    ['ListMemoryRecords', { namespace, metadataFilters: [{ ...filter, operator: 'EXISTS' }] }, 'metadataFilters[0].right'],
    ['BatchDeleteMemoryRecords', { records: [{ memoryRecordId: someId }, { memoryRecordId: someId }] }, 'records[1].memoryRecordId'],
  ]
  for (const [operation, input, field] of refused)
    expect(await sendSigned(platform, requestOf(operation, { memoryId, ...input })), `${operation} ${field}`).toMatchObject({
      status: 400,
      type: 'ValidationException',
      message: expect.stringContaining(field),
    })
  for (const operation of ['GetMemoryRecord', 'DeleteMemoryRecord'])
    expect(await sendSigned(platform, requestOf(operation, valid[operation] ?? {})), operation).toMatchObject({ status: 404 })
  const elsewhere = { memoryId: 'Nobody-0123456789', namespace, searchCriteria: search }
  expect(await sendSigned(platform, requestOf('RetrieveMemoryRecords', elsewhere))).toMatchObject({ status: 404, type: 'ResourceNotFoundException' })
  expect(await find('t', { namespace })).toEqual([])
})
