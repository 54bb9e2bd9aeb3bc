// Agents joined to a memory by `deploy --memory`: two of them share it, a third one has none.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MemoryClient, memoryClient } from '@agentworks/sdk/memory'
import { BedrockAgentCoreApp } from '@agentworks/sdk/runtime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundled } from '../bundled.fixture.ts'
import { typed } from '../cli.fixture.ts'
import { errorOf, invoke, session } from '../invoke.fixture.ts'
import { clientsOf, type RunningPlatform, region, removeDataDir, startPlatform } from '../platform.fixture.ts'

let platform: RunningPlatform
let clients: ReturnType<typeof clientsOf>
let memories: MemoryClient
let memoryId: string
const folder = mkdtempSync(join(tmpdir(), 'aw-memory-agent-'))

beforeAll(async () => {
  platform = await startPlatform()
  clients = clientsOf(platform)
  memories = memoryClient({ region, endpoint: platform.url, credentials: platform.credentials })
  const preferences = { name: 'Preferences', namespaceTemplates: ['/preferences/{actorId}/'] }
  const { id = '' } = await memories.createMemoryAndWait({ name: 'shared', memoryStrategies: [{ userPreferenceMemoryStrategy: preferences }] })
  memoryId = id
  writeFileSync(join(folder, 'main.js'), await bundled('memory-agent'))
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'memory-agent', private: true, main: 'main.js' }))
}, 60_000)
afterAll(async () => {
  memories?.destroy()
  for (const client of Object.values(clients ?? {})) client.destroy()
  if (platform) await removeDataDir(platform)
  rmSync(folder, { recursive: true, force: true })
})

async function deployed(name: string, ...more: string[]): Promise<string> {
  const { code, stdout, stderr } = await typed(platform, ['deploy', folder, '--name', name, '--json', ...more])
  expect(code, stderr).toBe(0)
  return JSON.parse(stdout).agentRuntimeArn
}

describe('deploy --memory', { timeout: 60_000 }, () => {
  it('joins two agents to one memory: what one is told, the other recalls, for the same user only', async () => {
    const [waiter, cook] = [await deployed('waiter', '--memory', 'shared'), await deployed('cook', '--memory', memoryId)]
    const told = await invoke(clients, waiter, { prompt: 'I like sushi with tuna.', actorId: 'ada' }, { runtimeSessionId: session('waiter') })
    expect(told.body).toMatchObject({ turns: 0, variable: memoryId })
    const again = await invoke(clients, waiter, { prompt: 'Thank you.', actorId: 'ada' }, { runtimeSessionId: session('waiter') })
    expect(again.body).toMatchObject({ turns: 1 })
    const manager = memories.sessionManager(memoryId)
    await manager.waitForMemories({ namespace: '/preferences/ada/' }, { timeoutMs: 30_000 })
    const asked = { prompt: 'What sushi do I like?', recall: true }
    const { body } = await invoke(clients, cook, { ...asked, actorId: 'ada' }, { runtimeSessionId: session('cook') })
    expect(body).toMatchObject({ turns: 0, known: [expect.stringContaining('sushi')] })
    const stranger = await invoke(clients, cook, { ...asked, actorId: 'ben' }, { runtimeSessionId: session('cook-of-ben') })
    expect(stranger.body).toMatchObject({ known: [] })
    expect((await manager.getActor('ada').session(session('waiter')).getLastKTurns()).flat().map(({ text }) => text)).toEqual([
      'I like sushi with tuna.',
      'You said: I like sushi with tuna.',
      'Thank you.',
      'You said: Thank you.',
    ])
  })

  it('leaves no role behind when the agent goes', async () => {
    await deployed('leaving', '--memory', 'shared')
    const roles = async () => JSON.parse((await typed(platform, ['roles', 'list', '--json'])).stdout).map(({ name }: { name: string }) => name)
    expect(await roles()).toContain('AgentworksAgent-leaving')
    expect((await typed(platform, ['agents', 'delete', 'leaving'])).code).toBe(0)
    expect(await roles()).not.toContain('AgentworksAgent-leaving')
  })

  it('opens it to no other agent, and refuses a memory that is not there', async () => {
    const stranger = await deployed('stranger', '--env', `BEDROCK_AGENTCORE_MEMORY_ID=${memoryId}`)
    const refused = await errorOf(invoke(clients, stranger, { prompt: 'hello', actorId: 'ada' }, { runtimeSessionId: session('stranger') }))
    expect(refused).toBeDefined()
    const { code, stderr } = await typed(platform, ['deploy', folder, '--name', 'lost', '--memory', 'nothing'])
    expect(code).toBe(1)
    expect(stderr).toContain('there is no memory nothing')
  })
})

describe('an app with a memory', () => {
  it('keeps streams whole, keeps no turn that failed, and answers although the turn could not be kept', async () => {
    const app = new BedrockAgentCoreApp({ memory: { memoryId, client: memories, actorId: () => 'grace' }, logger: quiet })
    app.entrypoint(async function* ({ words }: { words: string[] }) {
      if (words.length === 0) throw new Error('nothing to say')
      for (const text of words) yield { text }
    })
    const running = await app.listen({ port: 0, host: '127.0.0.1' })
    try {
      const ask = (words: string[], sessionId: string) =>
        fetch(`${running.url}/invocations`, { method: 'POST', body: JSON.stringify({ words, prompt: 'speak', sessionId }) }).then((answer) =>
          answer.text(),
        )
      expect(await ask(['one ', 'two'], 'speech')).toContain('two')
      await ask([], 'speech')
      expect(await memories.session({ memoryId, actorId: 'grace', sessionId: 'speech' }).getLastKTurns()).toEqual([
        [
          { role: 'USER', text: 'speak' },
          { role: 'ASSISTANT', text: 'one two' },
        ],
      ])
      expect(await ask(['x'.repeat(100_001)], 'long')).toContain('xxx')
      expect(faults).toEqual(['the turn was not kept'])
    } finally {
      await running.close()
    }
    expect(() => new BedrockAgentCoreApp({ memory: true, env: {} })).toThrow(/BEDROCK_AGENTCORE_MEMORY_ID is not set\. Deploy with --memory NAME/)
  })
})

const faults: string[] = []
const none = () => undefined
const quiet = { debug: none, info: none, warn: none, error: (message: string) => void (message === 'the turn was not kept' && faults.push(message)) }
