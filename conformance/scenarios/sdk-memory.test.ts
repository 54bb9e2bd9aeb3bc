// Our SDK's memory on a real platform: talks, branches, what was learned of them, and a memory that moves as lines of JSON.
import { type MemoryClient, memoryClient, memorySessionManager } from '@agentworks/sdk/memory'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'

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
    await client.deleteMemoryAndWait(id)
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
