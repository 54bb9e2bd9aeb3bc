// Jobs of the extraction by the stock client: models that fail, restarts, what is listed and started again.
import {
  CreateEventCommand,
  DeleteEventCommand,
  IngestDataCommand,
  ListMemoryExtractionJobsCommand,
  ListMemoryRecordsCommand,
  StartMemoryExtractionJobCommand,
} from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand, type MemoryStrategyInput, UpdateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, describe, expect, it } from 'vitest'
import { ServiceError } from '#kernel/errors.js'
import { type OpenMemory, openMemory } from '#services/memory/memory.fixture.js'
import type { Question } from './models.js'

/** A model of the test's own: what it was asked, and what it answers next. */
function scriptedModel() {
  const asked: Question[] = []
  const state: { answer: (question: Question) => Promise<string> } = { answer: async () => '[]' }
  return {
    asked,
    state,
    models: {
      providerOf: () => 'scripted',
      ask(question: Question) {
        asked.push(question)
        return state.answer(question)
      },
    },
  }
}

const model = scriptedModel()
const world = await openMemory({ models: model.models })
afterAll(() => world.close())
let made = 0

async function memoryWith(strategy: MemoryStrategyInput, { control }: Pick<OpenMemory, 'control'> = world) {
  const { memory } = await control.send(
    new CreateMemoryCommand({
      name: `m${++made}`,
      eventExpiryDuration: 30,
      memoryStrategies: [strategy],
      memoryExecutionRoleArn: 'arn:aws:iam::000000000000:role/memory',
    }),
  )
  return { memoryId: memory?.id ?? '', strategyId: memory?.strategies?.[0]?.strategyId ?? '' }
}

const facts: MemoryStrategyInput = { semanticMemoryStrategy: { name: 'facts' } }

async function say(memoryId: string, text: string, { data }: Pick<OpenMemory, 'data'> = world) {
  const payload = [{ conversational: { role: 'USER' as const, content: { text } } }]
  const event = { memoryId, actorId: 'ada', sessionId: 's1', eventTimestamp: new Date(1_700_000_000_000), payload }
  return (await data.send(new CreateEventCommand(event))).event?.eventId ?? ''
}

async function failedJobs(memoryId: string, filter?: { strategyId: string }) {
  return (await world.data.send(new ListMemoryExtractionJobsCommand({ memoryId, filter }))).jobs ?? []
}

async function texts(memoryId: string, { data }: Pick<OpenMemory, 'data'> = world) {
  const { memoryRecordSummaries = [] } = await data.send(new ListMemoryRecordsCommand({ memoryId, namespacePath: '/' }))
  return memoryRecordSummaries.map(({ content }) => content?.text ?? '')
}

const inTime = { timeout: 15_000, interval: 10 }

/** Until the job has failed for good; the waits between its attempts go by at once. */
async function failed(memoryId: string) {
  await expect
    .poll(async () => {
      world.time.now += 60_000
      world.passTime()
      return (await failedJobs(memoryId)).length
    }, inTime)
    .toBe(1)
  const [job] = await failedJobs(memoryId)
  if (!job) throw new Error('no job')
  return job
}

describe('a job whose model fails', () => {
  it.each([
    ['answers nonsense', async (): Promise<string> => 'I am afraid I cannot.', 'CUSTOM_MODEL_BEDROCK_MODEL_ERROR', 4],
    ['answers another form', async (): Promise<string> => '[{"truth":"x"}]', 'CUSTOM_MODEL_BEDROCK_MODEL_ERROR', 4],
    ['throttles', () => Promise.reject(new ServiceError('ThrottlingException', 'slow down')), 'CUSTOM_MODEL_BEDROCK_THROTTLING', 4],
    ['says nothing', () => new Promise<string>(() => {}), 'CUSTOM_MODEL_BEDROCK_MODEL_TIMEOUT', 4],
    ['is not known', () => Promise.reject(new ServiceError('ResourceNotFoundException', 'no such')), 'CUSTOM_MODEL_BEDROCK_RESOURCE_NOT_FOUND', 1],
    ['is not allowed', () => Promise.reject(new ServiceError('AccessDeniedException', 'no')), 'CUSTOM_MODEL_BEDROCK_ACCESS_DENIED', 1],
  ] as const)('that %s is listed with its cause, has written nothing, and can be started again', async (_, answer, code, attempts) => {
    const { memoryId, strategyId } = await memoryWith(facts)
    model.asked.length = 0
    model.state.answer = answer
    const eventId = await say(memoryId, 'I live in Lisbon.')
    const job = await failed(memoryId)
    expect(model.asked).toHaveLength(attempts)
    expect(job).toMatchObject({
      status: 'FAILED',
      failureReason: expect.stringMatching(new RegExp(`^${code}: `)),
      strategyId,
      actorId: 'ada',
      sessionId: 's1',
      messages: { messagesList: [{ eventId, messageIndex: 0 }] },
    })
    expect(await texts(memoryId)).toEqual([])

    model.state.answer = async () => '```json\n[{"fact": "Ada lives in Lisbon."}]\n```'
    const start = new StartMemoryExtractionJobCommand({ memoryId, extractionJob: { jobId: job.jobID ?? '' } })
    expect((await world.data.send(start)).jobId).toBe(job.jobID)
    await expect.poll(() => texts(memoryId), inTime).toEqual(['{"fact":"Ada lives in Lisbon."}'])
    expect(await failedJobs(memoryId)).toEqual([])
    await expect(world.data.send(new StartMemoryExtractionJobCommand({ memoryId, extractionJob: { jobId: job.jobID ?? '' } }))).rejects.toMatchObject(
      {
        name: 'ResourceNotFoundException',
      },
    )
  })
})

describe('a model', () => {
  it('is asked by the override, and decides what becomes of a fact beside known ones', async () => {
    const { memoryId } = await memoryWith({
      customMemoryStrategy: {
        name: 'own',
        configuration: {
          semanticOverride: {
            extraction: { appendToPrompt: 'Only where people live.', modelId: 'extractor' },
            consolidation: { appendToPrompt: 'Be strict.', modelId: 'decider' },
          },
        },
      },
    })
    model.asked.length = 0
    model.state.answer = async () => '[{"fact": "Ada lives in Lisbon."}]'
    await say(memoryId, 'I live in Lisbon.')
    await expect.poll(() => texts(memoryId), inTime).toHaveLength(1)
    model.state.answer = async ({ modelId, prompt }) => {
      if (modelId === 'extractor') return '[{"fact": "Ada lives in Porto."}]'
      const recordId = /"recordId":"(mem-[^"]+)"/.exec(prompt)?.[1]
      return JSON.stringify({ operation: 'UpdateMemory', recordId, memory: { fact: 'Ada lives in Porto, before in Lisbon.' } })
    }
    await say(memoryId, 'I moved to Porto.')
    await expect.poll(() => texts(memoryId), inTime).toHaveLength(2)
    expect(await texts(memoryId)).toContain('{"fact":"Ada lives in Porto, before in Lisbon."}')
    expect(model.asked.map(({ modelId, roleArn }) => [modelId, roleArn])).toEqual([
      ['extractor', 'arn:aws:iam::000000000000:role/memory'],
      ['extractor', 'arn:aws:iam::000000000000:role/memory'],
      ['decider', 'arn:aws:iam::000000000000:role/memory'],
    ])
    expect(model.asked[0]?.system).toMatch(/^Only where people live\.\n\nAnswer with nothing but a JSON array/)
    expect(model.asked[1]?.prompt).toContain('Said before')
  })

  it('finds metadata, of which only what the rules allow is kept', async () => {
    const allowedValues = ['home', 'work']
    const { memoryId } = await memoryWith({
      semanticMemoryStrategy: {
        name: 'facts',
        memoryRecordSchema: {
          metadataSchema: [
            {
              key: 'area',
              type: 'STRING',
              extractionConfig: { llmExtractionConfig: { definition: 'Of life', validation: { stringValidation: { allowedValues } } } },
            },
            { key: 'year', type: 'NUMBER', extractionConfig: { llmExtractionConfig: { definition: 'Since when' } } },
          ],
        },
      },
    })
    model.state.answer = async () =>
      JSON.stringify([
        { fact: 'One.', metadata: { area: 'home', year: 2020, other: 'x' } },
        { fact: 'Two.', metadata: { area: 'elsewhere', year: 'soon' } },
      ])
    await say(memoryId, 'I live in Lisbon since 2020.')
    await expect.poll(() => texts(memoryId), inTime).toHaveLength(2)
    const { memoryRecordSummaries = [] } = await world.data.send(new ListMemoryRecordsCommand({ memoryId, namespacePath: '/' }))
    const found = memoryRecordSummaries.map(({ metadata = {} }) => [metadata.area, metadata.year, metadata.other])
    expect(found).toContainEqual([{ stringValue: 'home' }, { numberValue: 2020 }, undefined])
    expect(found).toContainEqual([undefined, undefined, undefined])
    expect(model.asked.at(-1)?.system).toContain('- area (STRING): Of life')
  })

  it('writes summaries, episodes and reflections in their forms', async () => {
    const summary = await memoryWith({ summaryMemoryStrategy: { name: 'sum' } })
    model.state.answer = async () => '{"summary": [{"topic": "Move & more", "text": "Ada moves."}]}'
    await say(summary.memoryId, 'I move.')
    await expect.poll(() => texts(summary.memoryId), inTime).toEqual(['<topic name="Move &amp; more">\nAda moves.\n</topic>'])

    const episodes = await memoryWith({ episodicMemoryStrategy: { name: 'ep' } })
    const episode = { complete: true, situation: 's', intent: 'i', assessment: 'Yes', justification: 'j', reflection: 'r', turns: [{ action: 'a' }] }
    const reflection = { operator: 'add', title: 't', use_cases: 'u', hints: 'h', confidence: 0.8 }
    model.state.answer = async ({ prompt }) => (prompt.startsWith('The episode') ? JSON.stringify([reflection]) : JSON.stringify(episode))
    await say(episodes.memoryId, 'Done.')
    await expect.poll(() => texts(episodes.memoryId), inTime).toHaveLength(2)
    expect((await texts(episodes.memoryId)).join('\n')).toContain('<confidence>0.8</confidence>')
  })
})

describe('a job', () => {
  it('fails at once, by name, where the event does not bring what the namespace needs', async () => {
    const { memory } = await world.control.send(
      new CreateMemoryCommand({
        name: `m${++made}`,
        eventExpiryDuration: 30,
        namespaceKeys: [{ key: 'team' }],
        memoryStrategies: [{ semanticMemoryStrategy: { name: 'facts', namespaceTemplates: ['/{team}/{actorId}/'] } }],
      }),
    )
    await say(memory?.id ?? '', 'I live in Lisbon.')
    const [job] = await failedJobs(memory?.id ?? '')
    expect(job?.failureReason).toMatch(/needs \{team\}; send extractionConfig\.namespaceVariables/)
  })

  it('ends without a word when its event was deleted, or its strategy, while it ran', async () => {
    for (const end of ['event', 'strategy']) {
      const { memoryId, strategyId } = await memoryWith(facts)
      const answer = Promise.withResolvers<string>()
      model.asked.length = 0
      model.state.answer = () => answer.promise
      const eventId = await say(memoryId, 'I live in Lisbon.')
      await expect.poll(() => model.asked.length, inTime).toBe(1)
      if (end === 'event') await world.data.send(new DeleteEventCommand({ memoryId, actorId: 'ada', sessionId: 's1', eventId }))
      else
        await world.control.send(
          new UpdateMemoryCommand({ memoryId, memoryStrategies: { deleteMemoryStrategies: [{ memoryStrategyId: strategyId }] } }),
        )
      answer.resolve('[{"fact": "Ada lives in Lisbon."}]')
      const key = { account: '000000000000', region: 'us-east-1', memoryId }
      await expect.poll(() => world.jobs.unfinished(key, {}), inTime).toEqual([])
      // What was read before its event went is kept: DeleteEvent takes no record along, on AWS neither.
      expect(await texts(memoryId)).toHaveLength(end === 'event' ? 1 : 0)
      expect(await failedJobs(memoryId)).toEqual([])
    }
  })

  it('is listed by filter and page, and refused where it is not there', async () => {
    const { memoryId, strategyId } = await memoryWith(facts)
    model.state.answer = () => Promise.reject(new ServiceError('AccessDeniedException', 'no'))
    const data = (text: string) =>
      new IngestDataCommand({
        memoryId,
        actorId: 'ada',
        contentTimestamp: new Date(),
        source: { inline: { payload: [{ conversational: { role: 'USER', content: { text } } }] } },
      })
    for (const text of ['One is here.', 'Two is here.', 'Three is here.']) await world.data.send(data(text))
    await expect.poll(() => failedJobs(memoryId), inTime).toHaveLength(3)
    const first = await world.data.send(new ListMemoryExtractionJobsCommand({ memoryId, maxResults: 2 }))
    const second = await world.data.send(new ListMemoryExtractionJobsCommand({ memoryId, maxResults: 2, nextToken: first.nextToken }))
    expect([first.jobs?.length, second.jobs?.length, second.nextToken]).toEqual([2, 1, undefined])
    expect(await failedJobs(memoryId, { strategyId })).toHaveLength(3)
    expect(await failedJobs(memoryId, { strategyId: 'other-0123456789' })).toEqual([])
    for (const refused of [
      new StartMemoryExtractionJobCommand({ memoryId, extractionJob: { jobId: 'nothing' } }),
      new ListMemoryExtractionJobsCommand({ memoryId: 'none-0123456789' }),
    ])
      await expect(world.data.send(refused as StartMemoryExtractionJobCommand)).rejects.toMatchObject({ name: 'ResourceNotFoundException' })
    await expect(
      world.data.send(new ListMemoryExtractionJobsCommand({ memoryId, nextToken: first.nextToken, filter: { actorId: 'bob' } })),
    ).rejects.toMatchObject({ name: 'ValidationException' })
  })

  it('that was under way when the platform stopped is done by the next one, once', async () => {
    const hanging = scriptedModel()
    hanging.state.answer = () => new Promise(() => {})
    const before = await openMemory({ models: hanging.models })
    const { memoryId } = await memoryWith(facts, before)
    await say(memoryId, 'I live in Lisbon.', before)
    await expect.poll(() => hanging.asked.length, inTime).toBe(1)
    await before.store.close()
    const after = await openMemory({ dir: before.dir })
    await expect.poll(() => texts(memoryId, after), inTime).toEqual(['{"fact":"The user lives in Lisbon."}'])
    await before.server[Symbol.asyncDispose]()
    await after.close()
  })
})
