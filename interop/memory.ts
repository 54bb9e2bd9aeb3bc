// The official memory clients, unmodified: the flows that their README documents, and their session manager under Strands.
import { deepEqual, equal, match, ok } from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Results } from './results.ts'
import { lastWords, runProgram } from './run-program.ts'
import { pythonWith } from './third-party.ts'

const guest = (name: string) => join(import.meta.dirname, 'guests/python-memory', name)

interface World {
  results: Results
  env: Record<string, string>
  scratch: string
}

export async function memorySuites(world: World): Promise<void> {
  const { results } = world
  await results.test('MemorySessionManager and MemoryClient of the Python SDK run their documented flows', () => documentedFlows(world))
  await results.test('AgentCoreMemorySessionManager under Strands restores a talk, and brings what was learned into another', () =>
    underStrands(world),
  )
}

async function told({ env, scratch }: World, program: string): Promise<Record<string, unknown>> {
  const python = await pythonWith('python-memory', guest('requirements.txt'), readFileSync(guest('requirements.txt'), 'utf8'))
  const ran = await runProgram(python, [guest(program)], { env, cwd: scratch, limitMs: 45_000 })
  if (ran.code !== 0) throw new Error(lastWords(ran))
  return JSON.parse(ran.stdout.trim().split('\n').at(-1) ?? '')
}

async function documentedFlows(world: World): Promise<void> {
  const { found, llm, client, ...rest } = await told(world, 'memory.py')
  deepEqual(rest, {
    strategies: ['SEMANTIC', 'SUMMARIZATION', 'USER_PREFERENCE'],
    again: true,
    status: 'ACTIVE',
    // The SDK has the newest first.
    turns: [
      ['Order #12345', "lookup_order('12345')", 'Found it! Your order ships tomorrow.'],
      ['I love eating apples and cherries', 'Apples are very good for you!'],
      ["What's your favorite thing about apples?", 'I enjoy their flavor and nutritional benefits'],
    ],
    branches: [
      ['main', 2],
      ['premium-option', 1],
    ],
    branch: [true],
    actors: ['user-123'],
    sessions: ['session-456'],
    event: true,
    everyone: true,
    record: true,
    deleted: true,
    left: 0,
    gone: true,
  })
  match(String(found), /apples and cherries/)
  deepEqual(llm, [true, true, true])
  deepEqual(client, { events: 3, branches: ['main', 'other'], merged: 3, tree: ['main', 'other'], turns: [['Bye']], memories: true })
}

async function underStrands(world: World): Promise<void> {
  const { said, restored, context } = (await told(world, 'strands_memory.py')) as Record<string, string[]>
  equal(restored?.[0], 'I like sushi with tuna')
  deepEqual(
    restored,
    said?.filter((text) => !text.startsWith('<user_context>')),
  )
  ok(
    context?.some((text) => text.startsWith('<user_context>') && text.includes('sushi with tuna') && !text.includes('tracking_id')),
    String(context),
  )
}
