// Strategies at work without a model, by the stock client: what is said becomes records that are found again.
import { CreateEventCommand, IngestDataCommand, ListMemoryRecordsCommand, RetrieveMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand, type MemoryStrategyInput } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OpenMemory, openMemory } from '#services/memory/memory.fixture.js'
import { waitHeader } from './wait.js'

let world: OpenMemory
let made = 0
beforeAll(async () => {
  world = await openMemory()
  // Every event of this file is answered after its extraction.
  world.data.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: object }).headers, { [waitHeader]: '30' })
      return next(args)
    },
    { step: 'build' },
  )
})
afterAll(() => world.close())

async function memoryWith(strategies: MemoryStrategyInput[], more: object = {}) {
  const { memory } = await world.control.send(
    new CreateMemoryCommand({ name: `m${++made}`, eventExpiryDuration: 30, memoryStrategies: strategies, ...more }),
  )
  const memoryId = memory?.id ?? ''
  let at = 1_700_000_000
  return {
    memoryId,
    strategyIds: memory?.strategies?.map(({ strategyId = '' }) => strategyId) ?? [],
    say(text: string, { role = 'USER', time, ...more }: { role?: 'USER' | 'ASSISTANT' | 'TOOL'; time?: number; [member: string]: unknown } = {}) {
      at += 60
      const payload = [{ conversational: { role, content: { text } } }]
      return world.data.send(
        new CreateEventCommand({ memoryId, actorId: 'ada', sessionId: 's1', eventTimestamp: new Date((time ?? at) * 1_000), payload, ...more }),
      )
    },
    async records(namespacePath = '/') {
      const { memoryRecordSummaries = [] } = await world.data.send(new ListMemoryRecordsCommand({ memoryId, namespacePath, maxResults: 100 }))
      return memoryRecordSummaries.map(({ content, namespaces, metadata = {} }) => ({
        text: content?.text ?? '',
        namespace: namespaces?.[0],
        metadata,
        isOutdated: 'x-agentworks-outdatedAt' in metadata,
      }))
    },
  }
}

const facts: MemoryStrategyInput = { semanticMemoryStrategy: { name: 'facts' } }
const factsIn = (records: { text: string; isOutdated: boolean }[], isOutdated = false) =>
  records.filter((record) => record.isOutdated === isOutdated).map(({ text }) => (JSON.parse(text) as { fact: string }).fact)

describe('facts', () => {
  it('are plain statements of the user, in the namespace of the actor, found by a question', async () => {
    const { say, records, memoryId, strategyIds } = await memoryWith([facts])
    await say('Hi! I live in Lisbon. My daughter is called Mara. Can you help me?')
    await say('Sure, I can help with that. What do you need?', { role: 'ASSISTANT' })
    const namespace = `/strategy/${strategyIds[0]}/actors/ada/`
    const all = await records()
    expect(factsIn(all).toSorted()).toEqual(['The user lives in Lisbon.', "The user's daughter is called Mara."])
    expect(all.every((record) => record.namespace === namespace)).toBe(true)
    const found = await world.data.send(
      new RetrieveMemoryRecordsCommand({ memoryId, namespace, searchCriteria: { searchQuery: 'What is the name of my daughter?', topK: 1 } }),
    )
    expect(found.memoryRecordSummaries?.[0]?.content?.text).toContain('Mara')
  })

  it('are kept once, however often they are said', async () => {
    const { say, records } = await memoryWith([facts])
    for (const text of ['I live in Lisbon.', 'I live in Lisbon!', 'Hello again. I live in Lisbon.']) await say(text)
    expect(factsIn(await records())).toEqual(['The user lives in Lisbon.'])
  })

  it('that are outdated are marked, not lost; the newer one wins whichever came first', async () => {
    const inOrder = await memoryWith([facts])
    await inOrder.say('I live in Lisbon.')
    await inOrder.say('I moved to Porto.')
    expect(factsIn(await inOrder.records())).toEqual(['The user moved to Porto.'])
    expect(factsIn(await inOrder.records(), true)).toEqual(['The user lives in Lisbon.'])

    const late = await memoryWith([facts])
    await late.say('I moved to Porto.', { time: 1_700_001_000 })
    await late.say('I live in Lisbon.', { time: 1_600_000_000 })
    expect(factsIn(await late.records())).toEqual(['The user moved to Porto.'])
    expect(factsIn(await late.records(), true)).toEqual(['The user lives in Lisbon.'])
  })

  it('that are newest answer for those that they outdated, whatever their words', async () => {
    const { say, memoryId, strategyIds } = await memoryWith([facts])
    const dayLater = (n: number) => ({ time: 1_700_000_000 + n * 86_400 })
    await say('I live in Lisbon.', dayLater(0))
    await say('I like to swim where I live.', dayLater(1))
    await say('I moved to Porto.', dayLater(2))
    await say('I relocated to Braga.', dayLater(3))
    const namespace = `/strategy/${strategyIds[0]}/actors/ada/`
    const searchCriteria = { searchQuery: 'Where does the user live?', topK: 10 }
    const { memoryRecordSummaries = [] } = await world.data.send(new RetrieveMemoryRecordsCommand({ memoryId, namespace, searchCriteria }))
    const found = memoryRecordSummaries.map(({ content }) => /Braga|Porto|Lisbon|swim/.exec(content?.text ?? '')?.[0])
    expect(found.indexOf('Braga')).toBeLessThan(found.indexOf('Lisbon'))
    expect(found.indexOf('Braga')).toBeLessThan(found.indexOf('Porto'))
    expect(found).toHaveLength(4)
  })

  it('are told from questions and requests by more than the first word', async () => {
    const { say, records } = await memoryWith([facts])
    await say('When I was young I had a dog. Where is my dog now. Please book a table. Please always answer in French. Do not call me after eight.')
    await say('Can you help me; my brother and I live in Rome. I and my brother have a boat. Is there more')
    expect(factsIn(await records()).toSorted()).toEqual([
      'Do not call the user after eight.',
      "The user and the user's brother have a boat.",
      'User: Please always answer in French.',
      'When the user was young the user had a dog.',
    ])
  })

  it('of any language keep their words', async () => {
    const { say, records } = await memoryWith([facts])
    await say('Ich wohne seit Mai in Köln.')
    await say('私は東京に住んでいます。元気ですか？')
    expect(factsIn(await records()).toSorted()).toEqual(['User: Ich wohne seit Mai in Köln.', 'User: 私は東京に住んでいます。'])
  })

  it('are not taken from skipped events, from blobs, or before the strategy was there', async () => {
    const { say, records } = await memoryWith([facts])
    await say('I live in Lisbon.', { extractionMode: 'SKIP' })
    await say('', { payload: [{ blob: 'I live in Porto.' }] })
    expect(await records()).toEqual([])
  })

  it('go where the namespace variables of the event say', async () => {
    const { say, records } = await memoryWith([{ semanticMemoryStrategy: { name: 'facts', namespaceTemplates: ['/team/{team}/{actorId}/'] } }], {
      namespaceKeys: [{ key: 'team' }],
    })
    await say('I live in Lisbon.', { extractionConfig: { namespaceVariables: { team: 'blue' } } })
    expect((await records('/team/blue/')).map(({ namespace }) => namespace)).toEqual(['/team/blue/ada/'])
  })

  it('of two values of a strictly consistent key never change each other', async () => {
    const { say, records } = await memoryWith([
      {
        semanticMemoryStrategy: {
          name: 'facts',
          memoryRecordSchema: { metadataSchema: [{ key: 'tenant', type: 'STRING', extractionType: 'STRICTLY_CONSISTENT' }] },
        },
      },
    ])
    await say('I live in Lisbon.', { metadata: { tenant: { stringValue: 'a' } } })
    await say('I moved to Porto.', { metadata: { tenant: { stringValue: 'b' } } })
    const all = await records()
    expect(all.map(({ metadata, isOutdated }) => [metadata.tenant, isOutdated])).toEqual([
      [{ stringValue: 'b' }, false],
      [{ stringValue: 'a' }, false],
    ])
  })
})

describe('other strategies', () => {
  it('preferences have context, preference and categories, and a change of mind outdates', async () => {
    const { say, records } = await memoryWith([{ userPreferenceMemoryStrategy: { name: 'tastes' } }])
    await say('I prefer window seats on flights. It is raining today.')
    await say('I love jazz.')
    await say("I don't like jazz anymore.")
    const all = (await records()).map(({ text, isOutdated }) => ({ ...(JSON.parse(text) as { preference: string }), isOutdated }))
    expect(all.filter(({ isOutdated }) => !isOutdated)).toEqual([
      {
        context: 'The user said: "I don\'t like jazz anymore."',
        preference: "The user doesn't like jazz anymore.",
        categories: ['music'],
        isOutdated: false,
      },
      {
        context: 'The user said: "I prefer window seats on flights."',
        preference: 'The user prefers window seats on flights.',
        categories: ['travel'],
        isOutdated: false,
      },
    ])
    expect(all.filter(({ isOutdated }) => isOutdated).map(({ preference }) => preference)).toEqual(['The user loves jazz.'])
  })

  it('a summary is one record of the session, by topics, that grows with it', async () => {
    const { say, records } = await memoryWith([{ summaryMemoryStrategy: { name: 'summary' } }])
    await say('Our database migration is planned for Friday.')
    await say('The migration needs two hours of downtime <at night>.', { role: 'ASSISTANT' })
    const all = await records()
    expect(all).toHaveLength(1)
    expect(all[0]?.text).toBe(
      '<topic name="migration">\nThe user: Our database migration is planned for Friday.\nThe assistant: The migration needs two hours of downtime &lt;at night&gt;.\n</topic>',
    )
  })

  it('an episode is one record when the user is done, with a reflection above it', async () => {
    const { say, records, strategyIds } = await memoryWith([{ episodicMemoryStrategy: { name: 'episodes' } }])
    await say('Please book a table for two in Lisbon.')
    await say('The first restaurant failed to answer, so the second one is booked.', { role: 'ASSISTANT' })
    expect(await records()).toEqual([])
    await say('Perfect, thank you.')
    const all = await records()
    expect(all.map(({ namespace }) => namespace).toSorted()).toEqual([
      `/strategy/${strategyIds[0]}/actor/ada/`,
      `/strategy/${strategyIds[0]}/actor/ada/session/s1/`,
    ])
    const [episode, reflection] = ['<episode>', '<reflection><title>'].map((tag) => all.find(({ text }) => text.startsWith(tag))?.text)
    expect(episode).toContain('<intent>Please book a table for two in Lisbon.</intent>')
    expect(episode).toContain('<assessment>Partially</assessment>')
    expect(reflection).toContain('<confidence>0.3</confidence>')
  })

  it('data is learned from without an event', async () => {
    const { records, memoryId } = await memoryWith([facts])
    const command = new IngestDataCommand({
      memoryId,
      actorId: 'ada',
      contentTimestamp: new Date(1_700_000_000_000),
      source: { inline: { payload: [{ conversational: { role: 'USER', content: { text: 'I work as a carpenter.' } } }] } },
    })
    expect((await world.data.send(command)).sessionId).toMatch(/^[0-9a-f-]{36}$/)
    await expect.poll(async () => factsIn(await records()), { timeout: 10_000 }).toEqual(['The user works as a carpenter.'])
  })
})
