// Our SDK's memory on a real platform: talks, branches, what was learned of them, and a memory that moves as lines of JSON.

import { InvalidCall, type MemoryClient, type MemoryLine, memoryClient, memorySessionManager, WaitTimedOut } from '@agentworks/sdk/memory'
import { BatchCreateMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'

let platform: RunningPlatform
let client: MemoryClient
let memoryId: string

beforeAll(async () => {
  platform = await startPlatform()
  client = memoryClient({ region, endpoint: platform.url, credentials: platform.credentials })
  const made = await client.createMemoryAndWait({ name: 'Talks', eventExpiryDuration: 30 })
  memoryId = made.id ?? ''
}, 60_000)
afterAll(async () => {
  client?.destroy()
  if (platform) await removeDataDir(platform)
})

let sessions = 0
const newSession = (actorId = 'ada') => client.session({ memoryId, actorId, sessionId: `talk-${++sessions}` })

describe('a memory', () => {
  it('is made once under its name, gets a strategy, and is gone after it was deleted', async () => {
    const made = await client.createOrGetMemory({ name: 'Once' })
    expect(made).toMatchObject({ name: 'Once', status: 'ACTIVE', eventExpiryDuration: 90 })
    const id = made.id ?? ''
    expect((await client.createOrGetMemory({ name: 'Once' })).id).toBe(id)
    await client.addStrategyAndWait(id, { semanticMemoryStrategy: { name: 'Facts' } })
    const [strategy] = await client.getMemoryStrategies(id)
    expect(strategy).toMatchObject({ name: 'Facts', type: 'SEMANTIC', status: 'ACTIVE' })
    await client.deleteStrategy(id, strategy?.strategyId ?? '')
    expect(await client.getMemoryStrategies(id)).toEqual([])
    await client.deleteMemory(id)
    // A name whose memory is still going is waited for.
    const anew = await client.createOrGetMemory({ name: 'Once' })
    expect(anew.id).not.toBe(id)
    await client.deleteMemoryAndWait(anew.id ?? '')
    expect((await client.listMemories()).map((memory) => memory.id)).not.toContain(id)
  })
})

describe('a session', () => {
  it('gives back its last turns, oldest first, each with all that followed the question', async () => {
    const session = newSession()
    for (const name of ['one', 'two', 'three'])
      await session.addTurns([
        { role: 'USER', text: name },
        { role: 'TOOL', text: `looked up ${name}` },
        { role: 'ASSISTANT', text: `said ${name}` },
      ])
    const turns = await session.getLastKTurns(2)
    expect(turns.map((turn) => turn.map(({ text }) => text))).toEqual([
      ['two', 'looked up two', 'said two'],
      ['three', 'looked up three', 'said three'],
    ])
    expect(await session.getLastKTurns(9)).toHaveLength(3)
    expect(await session.getLastKTurns(0)).toEqual([])
  })

  it('reads as far back as it takes: a turn may be longer than a page', async () => {
    const session = newSession()
    await session.addTurns([{ role: 'USER', text: 'tell me everything' }])
    for (let at = 0; at < 105; at += 1) await session.addTurns([{ role: 'ASSISTANT', text: `part ${at}` }])
    const [turn] = await session.getLastKTurns(1)
    expect(turn).toHaveLength(106)
  })

  it('makes one event of a call that is sent twice, and keeps what is no talk', async () => {
    const session = newSession()
    const first = await session.addTurns([{ role: 'USER', text: 'hello' }], {
      clientToken: 'the-same-token-for-both-calls-000001',
      metadata: { source: 'web' },
    })
    const again = await session.addTurns([{ role: 'USER', text: 'hello' }], {
      clientToken: 'the-same-token-for-both-calls-000001',
      metadata: { source: 'web' },
      eventTimestamp: first.eventTimestamp ?? new Date(),
    })
    expect(again.eventId).toBe(first.eventId)
    const blob = await session.addBlob({ step: 3, done: [true] })
    expect((await session.getEvent(blob.eventId ?? '')).payload).toEqual([{ blob: { step: 3, done: [true] } }])
    const source = { left: { metadataKey: 'source' }, operator: 'EQUALS_TO' as const, right: { metadataValue: { stringValue: 'web' } } }
    expect((await session.listEvents({ eventMetadata: [source] })).map(({ eventId }) => eventId)).toEqual([first.eventId])
    await session.deleteEvent(first.eventId ?? '')
    expect((await session.listEvents()).map(({ eventId }) => eventId)).toEqual([blob.eventId])
  })

  it('forks from an event, and tells each branch with what it forked from', async () => {
    const session = newSession()
    const asked = await session.addTurns([{ role: 'USER', text: 'which colour?' }])
    await session.addTurns([{ role: 'ASSISTANT', text: 'red' }])
    const fork = await session.forkConversation({
      rootEventId: asked.eventId ?? '',
      branchName: 'blue',
      messages: [{ role: 'ASSISTANT', text: 'blue' }],
    })
    await session.forkConversation({ rootEventId: fork.eventId ?? '', branchName: 'sky', messages: [{ role: 'USER', text: 'as the sky' }] })
    expect((await session.listBranches()).map(({ name, eventCount }) => [name, eventCount])).toEqual([
      ['main', 2],
      ['blue', 1],
      ['sky', 1],
    ])
    expect((await session.mergeBranchContext('sky')).map(({ text }) => text)).toEqual(['which colour?', 'blue', 'as the sky'])
    expect((await session.listBranchEvents('blue')).map(({ eventId }) => eventId)).toEqual([fork.eventId])
    expect((await session.getLastKTurns(5)).flat().map(({ text }) => text)).toEqual(['which colour?', 'red'])
    const tree = await session.getConversationTree()
    expect(tree).toMatchObject({ name: 'main', branches: [{ name: 'blue', branches: [{ name: 'sky', branches: [] }] }] })
    expect(await session.listEvents({ allBranches: true })).toHaveLength(4)
  })

  it('has an actor, who has sessions', async () => {
    const [first, second] = [newSession('grace'), newSession('grace')]
    await first.addTurns([{ role: 'USER', text: 'hello' }])
    await second.addTurns([{ role: 'USER', text: 'hello again' }])
    const ids = (await first.getActor().listSessions()).map(({ sessionId }) => sessionId)
    expect(ids.toSorted()).toEqual([first.sessionId, second.sessionId].toSorted())
    using manager = memorySessionManager({ memoryId, region, endpoint: platform.url, credentials: platform.credentials })
    expect((await manager.listActors()).map(({ actorId }) => actorId)).toContain('grace')
    const going = manager.createMemorySession({ actorId: 'grace', sessionId: first.sessionId })
    expect((await going.getLastKTurns()).flat()).toEqual([{ role: 'USER', text: 'hello' }])
  })
})

describe('what was learned', () => {
  const namespaces = ['/facts/ada/']
  let facts: string

  beforeAll(async () => {
    const { id = '', strategies = [] } = await client.createMemoryAndWait({
      name: 'Learned',
      indexedKeys: [{ key: 'topic', type: 'STRING' }],
      memoryStrategies: [{ semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] } }],
    })
    facts = id
    const memoryStrategyId = strategies[0]?.strategyId
    const records = [
      { text: 'Ada likes sushi with tuna', topic: 'food' },
      { text: 'Ada lives in Lisbon', topic: 'place' },
      { text: 'Her dog is called Max', topic: 'pets' },
    ].map(({ text, topic }, at) => ({
      requestIdentifier: `r${at}`,
      namespaces,
      content: { text },
      timestamp: new Date('2026-01-31T09:30:00.123Z'),
      memoryStrategyId,
      metadata: { topic: { stringValue: topic } },
    }))
    const { data } = clientsOf(platform)
    expect((await data.send(new BatchCreateMemoryRecordsCommand({ memoryId: facts, records }))).failedRecords).toEqual([])
    data.destroy()
  })

  it('is found, listed, read and forgotten', async () => {
    const manager = client.sessionManager(facts)
    const [best] = await manager.searchLongTermMemories({ query: 'what sushi does she like?', namespacePath: '/facts/', topK: 2 })
    expect(best?.content?.text).toBe('Ada likes sushi with tuna')
    expect(await manager.listLongTermMemoryRecords({ namespace: '/facts/ada/', maxResults: 2 })).toHaveLength(2)
    expect((await manager.getMemoryRecord(best?.memoryRecordId ?? '')).content?.text).toBe('Ada likes sushi with tuna')
    expect(await manager.waitForMemories({ namespacePath: '/facts' }, { timeoutMs: 10_000 })).toHaveLength(3)
    await expect(manager.waitForMemories({ namespacePath: '/none' }, { timeoutMs: 50 })).rejects.toThrow(WaitTimedOut)
    await expect(manager.searchLongTermMemories({ query: 'x', namespace: '/a/', namespacePath: '/' })).rejects.toThrow(InvalidCall)
  })

  it('is at hand for a model, whose answer is kept with the question', async () => {
    const session = client.session({ memoryId: facts, actorId: 'ada', sessionId: 'lunch' })
    const turn = await session.processTurnWithLlm({
      userInput: 'Which sushi do I like?',
      llm: (_question, memories) => `I know: ${memories.map(({ content }) => content?.text).join('; ')}`,
      retrieval: { '/facts/{actorId}/': { topK: 1, relevanceScore: 0.01 } },
    })
    expect(turn.response).toBe('I know: Ada likes sushi with tuna')
    expect(await session.getLastKTurns(1)).toEqual([
      [
        { role: 'USER', text: 'Which sushi do I like?' },
        { role: 'ASSISTANT', text: turn.response },
      ],
    ])
    const unknown = { userInput: 'x', llm: () => 'y', retrieval: { '/facts/{memoryStrategyId}/': {} } }
    await expect(session.processTurnWithLlm(unknown)).rejects.toThrow(/memoryStrategyId.*Name the strategy/)
    expect(await session.getLastKTurns()).toHaveLength(1)
  })

  it('moves with the talks as lines of JSON into another memory: once, however often', async () => {
    const session = client.session({ memoryId: facts, actorId: 'ada', sessionId: 'moving' })
    const root = await session.addTurns([{ role: 'USER', text: 'שלום \0 🦀' }], {
      metadata: { source: 'web' },
      eventTimestamp: new Date('2026-01-30T10:00:00.007Z'),
    })
    await session.addBlob({ any: ['thing', 1.5, null] })
    await session.forkConversation({ rootEventId: root.eventId ?? '', branchName: 'other', messages: [{ role: 'ASSISTANT', text: 'hello' }] })
    const lines: MemoryLine[] = []
    for await (const line of client.exportMemory(facts)) lines.push(JSON.parse(JSON.stringify(line)))
    const imported = await client.importMemory(lines, { name: 'Moved' })
    expect(imported).toMatchObject({ events: lines.filter((line) => 'event' in line).length, records: 3, failed: [] })
    await client.importMemory(lines, { memoryId: imported.memoryId })
    const moved = client.session({ ...session, memoryId: imported.memoryId, actorId: 'ada', sessionId: 'moving' })
    const strip = (events: Awaited<ReturnType<typeof moved.listEvents>>) =>
      events.map(({ payload, metadata, eventTimestamp, branch }) => ({ payload, metadata, eventTimestamp, branch: branch?.name }))
    expect(strip(await moved.listEvents({ allBranches: true }))).toEqual(strip(await session.listEvents({ allBranches: true })))
    const learned = await client.sessionManager(imported.memoryId).listLongTermMemoryRecords({ namespacePath: '/' })
    expect(learned.map(({ content, createdAt }) => [content?.text, createdAt?.getTime()]).toSorted()).toEqual(
      ['Ada likes sushi with tuna', 'Ada lives in Lisbon', 'Her dog is called Max'].map((text) => [text, Date.parse('2026-01-31T09:30:00.123Z')]),
    )
    expect(learned.every(({ metadata, memoryStrategyId }) => metadata?.topic && memoryStrategyId?.startsWith('Facts-'))).toBe(true)
    await expect(client.importMemory(lines.slice(1))).rejects.toThrow(/^line 1: /)
    await expect(client.importMemory([])).rejects.toThrow(InvalidCall)
    const [head] = lines as [MemoryLine]
    const into = { memoryId: imported.memoryId }
    for (const odd of [{ event: {} }, { event: null }, { record: { text: 'x', memoryRecordId: 'y', createdAt: 'yesterday', namespaces: [] } }, {}])
      await expect(client.importMemory([head, odd as never], into)).rejects.toThrow(/^line 2/)
    await expect(client.importMemory([{ agentworksMemory: 1 } as never], into)).rejects.toThrow(/^line 1/)
  })

  it('that is no longer true moves as such, and points at what took its place', async () => {
    const facts = { semanticMemoryStrategy: { name: 'Facts', namespaceTemplates: ['/facts/{actorId}/'] } }
    const { id = '' } = await client.createMemoryAndWait({ name: 'Homes', memoryStrategies: [facts] })
    const session = client.session({ memoryId: id, actorId: 'ada', sessionId: 'homes' })
    await session.addTurns([{ role: 'USER', text: 'I live in Lisbon.' }], { waitForExtraction: 30, eventTimestamp: new Date(1_700_000_000_000) })
    await session.addTurns([{ role: 'USER', text: 'I live in Porto.' }])
    expect(await session.waitForExtraction({ actorId: 'ada' }, { timeoutMs: 30_000 })).toEqual([])
    const lines: MemoryLine[] = []
    for await (const line of client.exportMemory(id)) lines.push(JSON.parse(JSON.stringify(line)))
    const { memoryId: moved, failed } = await client.importMemory(lines, { name: 'HomesMoved' })
    expect(failed).toEqual([])
    const [before, after] = await Promise.all(
      [id, moved].map(async (one) => {
        const records = await client.sessionManager(one).listLongTermMemoryRecords({})
        const texts = new Map(records.map(({ memoryRecordId, content }) => [memoryRecordId, content?.text]))
        return records.map(({ content, metadata }) => [content?.text, texts.get(metadata?.['x-agentworks-outdatedBy']?.stringValue)]).toSorted()
      }),
    )
    expect(before).toContainEqual([expect.stringContaining('Lisbon'), expect.stringContaining('Porto')])
    expect(after).toEqual(before)
  })

  it('is forgotten by namespace', async () => {
    const manager = client.sessionManager(facts)
    expect(await manager.deleteAllLongTermMemoriesInNamespace('/facts/ada/')).toEqual({ deleted: 3, failed: [] })
    expect(await manager.listLongTermMemoryRecords({})).toEqual([])
  })
})
