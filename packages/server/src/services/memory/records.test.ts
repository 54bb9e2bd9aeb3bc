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
  type MemoryRecordSummary,
  RetrieveMemoryRecordsCommand,
  type RetrieveMemoryRecordsCommandInput,
} from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand, GetMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
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

describe('which records a call is about', () => {
  it('is a namespace alone, or all beneath a path, and never both', async () => {
    const root = newSpace()
    const names = [root, `${root}a/`, `${root}a/b/`, `${root}ab/`]
    for (const name of names) await ids(name, ['a word'])
    const spacesOf = (all: Awaited<ReturnType<typeof list>>) => all.flatMap(({ namespaces = [] }) => namespaces).toSorted()
    for (const [where, wanted] of [
      [{ namespace: `${root}a/` }, [`${root}a/`]],
      [{ namespacePath: `${root}a` }, [`${root}a/`, `${root}a/b/`]],
      [{ namespacePath: root }, names.toSorted()],
      [{ namespace: `${root}nobody/` }, []],
    ] as const) {
      expect(spacesOf(await list(where))).toEqual(wanted)
      expect(spacesOf(await search('word', where))).toEqual(wanted)
    }
    await expect(search('word', { namespace: root, namespacePath: root })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('namespacePath'),
    })
  })

  it('is what metadata filters and a strategy leave, before the search', async () => {
    const namespace = newSpace()
    const content = (text: string) => ({ content: { text } })
    await ids(namespace, [
      { ...content('a cello'), metadata: { topic: { stringValue: 'music' }, stars: { numberValue: 3 }, labels: { stringListValue: ['x', 'y'] } } },
      { ...content('two cellos and a cello'), metadata: { topic: { stringValue: 'art' }, stars: { numberValue: 5 } } },
      { ...content('no metadata') },
    ])
    const filtered = (key: string, operator: 'EQUALS_TO' | 'CONTAINS' | 'GREATER_THAN' | 'NOT_EXISTS' | 'AFTER', metadataValue?: object) =>
      search('cello', {
        namespace,
        searchCriteria: {
          searchQuery: 'cello',
          metadataFilters: [{ left: { metadataKey: key }, operator, ...(metadataValue && { right: { metadataValue: metadataValue as never } }) }],
        },
      }).then(textsOf)
    expect(await filtered('topic', 'EQUALS_TO', { stringValue: 'music' })).toEqual(['a cello'])
    expect(await filtered('labels', 'CONTAINS', { stringValue: 'y' })).toEqual(['a cello'])
    expect(await filtered('stars', 'GREATER_THAN', { numberValue: 3 })).toEqual(['two cellos and a cello'])
    expect(await filtered('topic', 'NOT_EXISTS')).toEqual(['no metadata'])
    expect(await filtered('x-amz-agentcore-memory-createdAt', 'AFTER', { dateTimeValue: new Date(1_700_000_060_000) })).toEqual(['no metadata'])
    for (const [key, operator, value] of [
      ['unindexed', 'EQUALS_TO', { stringValue: 'x' }],
      ['stars', 'EQUALS_TO', { stringValue: '3' }],
      ['topic', 'GREATER_THAN', { stringValue: 'x' }],
      ['topic', 'EQUALS_TO', undefined],
    ] as const)
      await expect(filtered(key, operator, value)).rejects.toMatchObject({
        name: 'ValidationException',
        message: expect.stringContaining('metadataFilters[0]'),
      })
  })

  it('keeps of a strategy’s record what its schema or an index knows', async () => {
    const { memory } = await kit.control.send(new GetMemoryCommand({ memoryId }))
    const memoryStrategyId = memory?.strategies?.[0]?.strategyId
    const namespace = newSpace()
    const metadata = { colour: { stringValue: 'red' }, topic: { stringValue: 'art' }, unknown: { stringValue: 'dropped' } }
    await ids(namespace, [{ memoryStrategyId, metadata }, { metadata }])
    const [without, ofStrategy] = await list({ namespace })
    expect(ofStrategy?.metadata).toEqual({ colour: { stringValue: 'red' }, topic: { stringValue: 'art' } })
    expect(without?.metadata).toEqual(metadata)
    expect(await list({ namespace, memoryStrategyId })).toHaveLength(1)
  })

  it('is told by pages, each record once, and a token belongs to its list', async () => {
    const namespace = newSpace()
    const texts = Array.from({ length: 7 }, (_, n) => `cello number ${n}`)
    await ids(namespace, texts)
    const pages = async (
      page: (nextToken?: string) => Promise<{ memoryRecordSummaries?: MemoryRecordSummary[] | undefined; nextToken?: string | undefined }>,
    ) => {
      const seen: (string | undefined)[] = []
      for (let token: string | undefined, more = true; more; more = token !== undefined) {
        const { memoryRecordSummaries = [], nextToken } = await page(token)
        seen.push(...memoryRecordSummaries.map(({ content }) => content?.text))
        token = nextToken
      }
      return seen
    }
    const listed = await pages((nextToken) => kit.data.send(new ListMemoryRecordsCommand({ memoryId, namespace, maxResults: 3, nextToken })))
    expect(listed).toEqual(texts.toReversed())
    const searchCriteria = { searchQuery: 'cello', topK: 5 }
    const found = await pages((nextToken) =>
      kit.data.send(new RetrieveMemoryRecordsCommand({ memoryId, namespace, searchCriteria, maxResults: 2, nextToken })),
    )
    expect(new Set(found).size).toBe(5)
    const { nextToken } = await kit.data.send(new ListMemoryRecordsCommand({ memoryId, namespace, maxResults: 3 }))
    await expect(kit.data.send(new ListMemoryRecordsCommand({ memoryId, namespace: '/other/', nextToken }))).rejects.toMatchObject({
      name: 'ValidationException',
    })
  })
})

describe('a question', () => {
  it('finds what was said in other forms of its words, by whom it names, and what answers it', async () => {
    const namespace = newSpace()
    await ids(namespace, [
      'Ada: I spent the morning painting in the garden.',
      'Bob: Lovely! Which colours do you use when painting?',
      'Ada: Mostly blue and ochre.',
      'Bob: I should paint again, too.',
      'Ada: By the way, my sister is a nurse.',
    ])
    const first = async (question: string) => textsOf(await search(question, { namespace }))[0]
    expect(await first('What did Ada paint?')).toBe('Ada: I spent the morning painting in the garden.')
    expect(await first('What has Bob said about paint?')).toBe('Bob: I should paint again, too.')
    expect(textsOf(await search('Which colours does Ada use?', { namespace })).slice(0, 2)).toContain('Ada: Mostly blue and ochre.')
    expect(await first('nurses')).toBe('Ada: By the way, my sister is a nurse.')
  })

  it('is understood in scripts without spaces, with accents, and by the day that it names', async () => {
    const namespace = newSpace()
    const day = (date: string, text: string) => ({ content: { text }, timestamp: new Date(date) })
    await ids(namespace, [
      day('2026-01-05T09:00:00Z', '私は水曜日に京都へ行きます'),
      day('2026-02-05T09:00:00Z', 'Übung am Café in Köln'),
      day('2026-03-09T09:00:00Z', 'The meeting went well'),
      day('2026-05-09T09:00:00Z', 'The meeting went badly'),
      day('2026-07-09T09:00:00Z', 'ฉันชอบกาแฟ'),
    ])
    const first = async (question: string) => textsOf(await search(question, { namespace }))[0]
    expect(await first('京都')).toBe('私は水曜日に京都へ行きます')
    expect(await first('cafe koln')).toBe('Übung am Café in Köln')
    expect(await first('กาแฟ')).toBe('ฉันชอบกาแฟ')
    expect(await first('How was the meeting on 9 March 2026?')).toBe('The meeting went well')
    expect(await first('How was the meeting of May 2026?')).toBe('The meeting went badly')
  })

  it('always has the nearest there are, scored from 0 to 1, the best first, whatever it is made of', async () => {
    const namespace = newSpace()
    await ids(namespace, ['cello cello cello', 'a cello and an oboe', 'an oboe', 'none of these'])
    for (const question of ['cello oboe', 'the of and', '"*" NEAR(a b) OR -x:y', '🦀', '\0', "it's", 'x'.repeat(10_000), 'word '.repeat(2000)]) {
      const scores = (await search(question, { namespace })).map(({ score }) => score ?? -1)
      expect(scores).toHaveLength(4)
      expect(scores).toEqual(scores.toSorted((a, b) => b - a))
      for (const score of scores) expect(score >= 0 && score <= 1).toBe(true)
    }
    const one = await search('cello', { namespace, searchCriteria: { searchQuery: 'cello', topK: 1 } })
    expect(one).toHaveLength(1)
  })
})
