// Triggers of a self-managed strategy, by the stock client and a clock of the test's own: tokens, and a silence.
import { CreateEventCommand } from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand, type TriggerConditionInput } from '@aws-sdk/client-bedrock-agentcore-control'
import { afterAll, describe, expect, it } from 'vitest'
import { openMemory } from '#services/memory/memory.fixture.js'

const delivered: { memoryId: string; sessionId: string; currentContext: { content: { text: string } }[] }[] = []
const world = await openMemory({
  deliveries: {
    putObject: async ({ body }) => void delivered.push(JSON.parse(body)),
    publish: async () => undefined,
  },
})
afterAll(() => world.close())
let made = 0

async function memoryWith(...triggerConditions: TriggerConditionInput[]) {
  const invocationConfiguration = { topicArn: 'arn:aws:sns:us-east-1:000000000000:t', payloadDeliveryBucketName: 'bucket' }
  const configuration = { selfManagedConfiguration: { triggerConditions, invocationConfiguration } }
  const { memory } = await world.control.send(
    new CreateMemoryCommand({
      name: `m${++made}`,
      eventExpiryDuration: 30,
      memoryExecutionRoleArn: 'arn:aws:iam::000000000000:role/memory',
      memoryStrategies: [{ customMemoryStrategy: { name: 'own', configuration } }],
    }),
  )
  const memoryId = memory?.id ?? ''
  return {
    say: (text: string, sessionId = 's1') =>
      world.data.send(
        new CreateEventCommand({
          memoryId,
          actorId: 'ada',
          sessionId,
          eventTimestamp: new Date(),
          payload: [{ conversational: { role: 'USER', content: { text } } }],
        }),
      ),
    got: () =>
      delivered.filter((one) => one.memoryId === memoryId).map(({ currentContext }) => currentContext.map(({ content }) => content.text.slice(0, 5))),
    waiting: async () =>
      (await world.jobs.unfinished({ account: '000000000000', region: 'us-east-1', memoryId }, {})).map(({ due }) => due - world.time.now),
  }
}

const inTime = { timeout: 15_000, interval: 10 }

describe('a self-managed strategy', () => {
  it('delivers when a session has been silent for so long, all of it at once', async () => {
    const { say, got, waiting } = await memoryWith({ timeBasedTrigger: { idleSessionTimeout: 10 } })
    await say('one')
    world.time.now += 9_000
    await say('two')
    expect(await waiting()).toEqual([10_000])
    world.time.now += 9_000
    world.passTime()
    await say('other', 's2')
    expect(got()).toEqual([])
    world.time.now += 1_000
    world.passTime()
    await expect.poll(got, inTime).toEqual([['one', 'two']])
    // What was delivered is done a moment after it arrived.
    await expect.poll(waiting, inTime).toEqual([9_000])
  })

  it('delivers when there are so many tokens, each once', async () => {
    const { say, got, waiting } = await memoryWith({ tokenBasedTrigger: { tokenCount: 100 } })
    await say('small')
    await say('large'.repeat(100))
    await expect.poll(got, inTime).toEqual([['small', 'large']])
    await say('again')
    await expect.poll(waiting, inTime).toHaveLength(1)
    expect(got()).toHaveLength(1)
  })
})
