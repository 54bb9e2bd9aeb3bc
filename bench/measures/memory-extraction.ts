// Long-term memory: from the answer to CreateEvent to the record that a search finds, asked again and again as a client of AWS would.
import { rmSync } from 'node:fs'
import { BedrockAgentCoreClient, CreateEventCommand, RetrieveMemoryRecordsCommand } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient, CreateMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { atMost, type Figure, ms } from '../figures.ts'
import { newDataDir, region, startPlatform } from '../platform.ts'
import { median, nearestRank } from '../statistics.ts'

const events = 200
const giveUpMs = 10_000

export async function measureMemoryExtraction(): Promise<Figure[]> {
  const platform = await startPlatform(newDataDir())
  try {
    const config = { endpoint: platform.url.href, region, credentials: platform.credentials }
    const data = new BedrockAgentCoreClient(config)
    const { memory } = await new BedrockAgentCoreControlClient(config).send(
      new CreateMemoryCommand({
        name: 'bench',
        eventExpiryDuration: 30,
        memoryStrategies: [
          { semanticMemoryStrategy: { name: 'facts', namespaceTemplates: ['/facts/{actorId}/'] } },
          { userPreferenceMemoryStrategy: { name: 'tastes' } },
          { summaryMemoryStrategy: { name: 'summary' } },
          { episodicMemoryStrategy: { name: 'episodes' } },
        ],
      }),
    )
    const memoryId = memory?.id ?? ''
    const times: number[] = []
    for (let n = 0; n < events; n += 1) {
      const word = `orchid${n}`
      const text = `My favourite flower of week ${n} is the ${word}. Can you find one for me?`
      const payload = [{ conversational: { role: 'USER' as const, content: { text } } }]
      const session = { memoryId, actorId: 'reader', sessionId: `week${n % 10}` }
      await data.send(new CreateEventCommand({ ...session, eventTimestamp: new Date(), payload }))
      times.push(await untilFound(data, memoryId, word))
    }
    const [usual, slow] = [median(times), nearestRank(times, 0.95)]
    return [
      { measure: `event to record found, offline, 4 strategies, p50 of ${events}`, ours: ms(usual), baseline: '', reach: atMost(usual, 300, ' ms') },
      { measure: 'event to record found, p95', ours: ms(slow), baseline: '' },
    ]
  } finally {
    await platform.stop()
    rmSync(platform.dataDir, { recursive: true, force: true })
  }
}

async function untilFound(data: BedrockAgentCoreClient, memoryId: string, word: string): Promise<number> {
  const start = performance.now()
  const command = new RetrieveMemoryRecordsCommand({ memoryId, namespace: '/facts/reader/', searchCriteria: { searchQuery: word, topK: 1 } })
  for (;;) {
    const { memoryRecordSummaries = [] } = await data.send(command)
    const taken = performance.now() - start
    if (memoryRecordSummaries[0]?.content?.text?.includes(word)) return taken
    if (taken > giveUpMs) throw new Error(`the record about ${word} was not found within ${giveUpMs} ms`)
  }
}
