// Agents on Strands with AgentCore Memory by our SDK, on a platform with the offline model. Here, since Strands is installed here.
import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { type MemoryClient, memoryClient } from '@agentworks/sdk/memory'
import { agentCoreMemoryStore, agentCoreSessionStorage } from '@agentworks/sdk/memory/strands'
import { Agent, BedrockModel, MemoryManager, SessionManager, SlidingWindowConversationManager } from '@strands-agents/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
let home: string
let platform: ChildProcess
let client: MemoryClient
let memoryId: string
let model: BedrockModel

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'strands-memory-'))
  const flags = ['--conditions=agentworks-source', '--import', join(root, 'tools/from-source.ts'), join(root, 'packages/cli/src/run.fixture.ts')]
  const env = { PATH: process.env.PATH ?? '', HOME: home, AGENTWORKS_MODEL: 'offline', AGENTWORKS_LOG_LEVEL: 'warn' }
  platform = spawn(process.execPath, [...flags, 'start', '--port', '0', '--no-factory', '--data-dir', home], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const [line] = await once(createInterface({ input: platform.stdout ?? process.stdin }), 'line')
  const access = {
    region: 'us-east-1',
    endpoint: /http\S+/.exec(line)?.[0] ?? '',
    credentials: JSON.parse(await readFile(join(home, 'access-key.json'), 'utf8')),
  }
  client = memoryClient(access)
  model = new BedrockModel({
    region: access.region,
    modelId: 'offline',
    clientConfig: { endpoint: access.endpoint, credentials: access.credentials },
  })
  const preferences = { name: 'Preferences', namespaceTemplates: ['/preferences/{actorId}/'] }
  const made = await client.createMemoryAndWait({ name: 'Strands', memoryStrategies: [{ userPreferenceMemoryStrategy: preferences }] })
  memoryId = made.id ?? ''
}, 60_000)
afterAll(async () => {
  client?.destroy()
  platform?.kill('SIGTERM')
  if (platform?.exitCode === null) await once(platform, 'exit')
  await rm(home, { recursive: true, force: true })
})

function agentOf(sessionId: string, windowSize = 40): Agent {
  const storage = { snapshot: agentCoreSessionStorage({ client, memoryId, actorId: 'ada' }) }
  const sessionManager = new SessionManager({ sessionId, storage, saveLatestOn: 'message' })
  return new Agent({ id: 'helper', model, sessionManager, conversationManager: new SlidingWindowConversationManager({ windowSize }), printer: false })
}

const json = (agent: Agent) => agent.messages.map((message) => message.toJSON())

describe('a session', { timeout: 60_000 }, () => {
  it('is taken up by the agent of another process, word for word, and reads as a talk', async () => {
    const agent = agentOf('monday')
    await agent.invoke('I like sushi with tuna.')
    await agent.invoke('Thank you.')
    const again = agentOf('monday')
    await again.initialize()
    expect(json(again)).toEqual(json(agent))
    const turns = await client.session({ memoryId, actorId: 'ada', sessionId: 'monday' }).getLastKTurns(5)
    expect(turns.map(([first]) => first?.text)).toEqual(['I like sushi with tuna.', 'Thank you.'])
  })

  it('that forgets its beginning is restored without it', async () => {
    const agent = agentOf('short', 2)
    for (const word of ['one', 'two', 'three']) await agent.invoke(word)
    const again = agentOf('short', 2)
    await again.initialize()
    // Strands trims after it has saved: what was dropped before the last save is gone.
    expect(json(again).slice(-2)).toEqual(json(agent))
    expect(JSON.stringify(json(again))).not.toContain('"one"')
  })
})

describe('a memory store', { timeout: 60_000 }, () => {
  it('brings what was learned in one talk into another, by namespaces with their own measure', async () => {
    await client.sessionManager(memoryId).waitForMemories({ namespace: '/preferences/ada/' }, { timeoutMs: 30_000 })
    const names = { client, memoryId, actorId: 'ada', sessionId: 'tuesday' }
    const retrieval = { '/preferences/{actorId}/': { topK: 3, relevanceScore: 0.05 } }
    const manager = new MemoryManager({ stores: [agentCoreMemoryStore({ ...names, retrieval, writable: true })] })
    const [found] = await manager.search('Which sushi do I like?')
    expect(found).toMatchObject({ content: expect.stringContaining('sushi'), storeName: 'agentcore' })
    expect(await agentCoreMemoryStore({ ...names, actorId: 'ben' }).search('sushi')).toEqual([])
    expect(await agentCoreMemoryStore(names).search('sushi')).toHaveLength(1)
    const agent = new Agent({ model, memoryManager: manager, printer: false })
    await agent.invoke('I prefer green tea.')
    await manager.flush()
    expect((await client.session(names).getLastKTurns(1)).flat()[0]).toEqual({ role: 'USER', text: 'I prefer green tea.' })
  })
})
