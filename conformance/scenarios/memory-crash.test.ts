// kill -9 while events are made and a memory is deleted: what was acknowledged is there, and what was begun goes on.
import { type BedrockAgentCoreClient, CreateEventCommand, GetEventCommand, paginateListEvents } from '@aws-sdk/client-bedrock-agentcore'
import { CreateMemoryCommand, DeleteMemoryCommand, GetMemoryCommand } from '@aws-sdk/client-bedrock-agentcore-control'
import { expect } from 'vitest'
import { errorOf } from '../invoke.fixture.ts'
import { type Clients, clientsOf, newDataDir, type RunningPlatform, removeDataDir, startPlatform } from '../platform.fixture.ts'
import { scenario } from '../scenario.fixture.ts'

const rounds = 3
const writers = 8

scenario(
  'memory.survives',
  'js',
  async ({ onTestFinished }) => {
    const dataDir = newDataDir()
    let platform: RunningPlatform | undefined
    onTestFinished(() => (platform ? removeDataDir(platform) : undefined))
    const acknowledged = new Map<string, string>()
    let memoryId = ''
    let doomed: string | undefined
    for (let round = 0; round < rounds; round += 1) {
      platform = await startPlatform(dataDir)
      const clients = impatient(platform)
      if (memoryId === '') memoryId = await newMemory(clients, 'Kept')
      if (doomed !== undefined) await expect.poll(() => isGone(clients, doomed ?? ''), { timeout: 30_000 }).toBe(true)
      doomed = await newMemory(clients, `Doomed${round}`)
      await write(clients.data, { memoryId: doomed, sessionId: 'doomed', round, until: 50 })
      await clients.control.send(new DeleteMemoryCommand({ memoryId: doomed }))
      // Each writer goes on until it is cut off; the kill comes when a number of events that differs by round is there.
      const enough = acknowledged.size + 40 + 17 * round
      const { promise: isEnough, resolve } = Promise.withResolvers<void>()
      const told = (eventId: string, text: string) => {
        acknowledged.set(eventId, text)
        if (acknowledged.size >= enough) resolve()
      }
      const all = Array.from({ length: writers }, (_, n) => write(clients.data, { memoryId, sessionId: `w${n}`, round, told }))
      await isEnough
      await platform.kill()
      await Promise.all(all)
    }
    platform = await startPlatform(dataDir)
    const clients = clientsOf(platform)
    const found = new Map<string, string>()
    for (let n = 0; n < writers; n += 1) {
      const session = { memoryId, actorId: 'a', sessionId: `w${n}` }
      for await (const page of paginateListEvents({ client: clients.data, pageSize: 100 }, session))
        for (const { eventId = '', payload } of page.events ?? []) found.set(eventId, payload?.[0]?.conversational?.content?.text ?? '')
    }
    for (const [eventId, text] of acknowledged) expect(found.get(eventId), eventId).toBe(text)
    const [eventId = ''] = acknowledged.keys()
    expect(await errorOf(clients.data.send(new GetEventCommand({ memoryId: doomed, actorId: 'a', sessionId: 'doomed', eventId })))).toMatchObject({
      status: 404,
    })
    await expect.poll(() => isGone(clients, doomed ?? ''), { timeout: 30_000 }).toBe(true)
  },
  180_000,
)

/** A client that is cut off should hear so, not retry into the next platform. */
function impatient(platform: RunningPlatform): Clients {
  const clients = clientsOf(platform)
  clients.control.config.maxAttempts = () => Promise.resolve(1)
  clients.data.config.maxAttempts = () => Promise.resolve(1)
  return clients
}

async function newMemory({ control }: Clients, name: string): Promise<string> {
  const { memory } = await control.send(new CreateMemoryCommand({ name, eventExpiryDuration: 30 }))
  return memory?.id ?? ''
}

interface Writing {
  memoryId: string
  sessionId: string
  round: number
  told?: (eventId: string, text: string) => void
  until?: number
}

/** One event after another, until there are enough or the platform is gone. */
async function write(data: BedrockAgentCoreClient, { memoryId, sessionId, round, told, until = Number.POSITIVE_INFINITY }: Writing) {
  for (let n = 0; n < until; n += 1) {
    const text = `${sessionId} ${round} ${n}`
    const payload = [{ conversational: { content: { text }, role: 'USER' as const } }]
    const event = { memoryId, actorId: 'a', sessionId, eventTimestamp: new Date(n), payload }
    const made = await data.send(new CreateEventCommand(event)).catch(() => undefined)
    if (!made?.event?.eventId) return
    told?.(made.event.eventId, text)
  }
}

async function isGone({ control }: Clients, memoryId: string): Promise<boolean> {
  return (await errorOf(control.send(new GetMemoryCommand({ memoryId })))).name === 'ResourceNotFoundException'
}
