// memory create | list | get | delete
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { table } from '#core/output.js'
import { withProgress } from '#core/progress.js'
import { withMemories, withMemory } from '#core/with-memory.js'

export interface CreateMemoryOptions {
  strategy: string[]
  expiry: number
  description?: string
}

const strategies: Readonly<Record<string, (name: string) => object>> = {
  semantic: (name) => ({ semanticMemoryStrategy: { name, namespaceTemplates: ['/facts/{actorId}/'] } }),
  preference: (name) => ({ userPreferenceMemoryStrategy: { name, namespaceTemplates: ['/preferences/{actorId}/'] } }),
  summary: (name) => ({ summaryMemoryStrategy: { name, namespaceTemplates: ['/summaries/{actorId}/{sessionId}/'] } }),
  episodic: (name) => ({
    episodicMemoryStrategy: {
      name,
      namespaceTemplates: ['/episodes/{actorId}/{sessionId}/'],
      reflectionConfiguration: { namespaceTemplates: ['/episodes/{actorId}/'] },
    },
  }),
}

export async function createMemory(invoked: Invoked, name: string, { strategy, expiry, description }: CreateMemoryOptions): Promise<void> {
  const { out, world } = invoked
  const memoryStrategies = [...new Set(strategy)].map((kind) => {
    const made = strategies[kind]
    if (!made) throw wrongUsage(`--strategy ${kind} is not known`, `--strategy ${Object.keys(strategies).join(', or ')}`)
    return made(kind) as never
  })
  const memory = await withProgress(world.stderr, `creating ${name}`, () =>
    withMemories(invoked, (memories) =>
      memories.createMemoryAndWait({
        name,
        eventExpiryDuration: expiry,
        ...(description !== undefined && { description }),
        ...(memoryStrategies.length > 0 && { memoryStrategies }),
      }),
    ),
  )
  out.document(memory)
  out.line(`created ${memory.id}: ${memory.arn}`)
  for (const { name, namespaceTemplates = [] } of memory.strategies ?? []) out.line(`${name}: learns into ${namespaceTemplates.join(' ')}`)
  out.line(out.spell(`next: agentworks deploy ./my-agent --memory ${name}`))
}

export async function listMemories(invoked: Invoked): Promise<void> {
  const { out } = invoked
  const memories = await withMemories(invoked, (client) => client.listMemories())
  out.document(memories)
  if (memories.length === 0) return out.line(out.spell('no memory yet; agentworks memory create NAME makes one'))
  const rows = memories.map(({ id = '', status = '', updatedAt }) => [id, status, updatedAt?.toISOString() ?? '-'])
  for (const line of table(['ID', 'STATUS', 'UPDATED'], rows)) out.line(line)
}

export async function getMemory(invoked: Invoked, wanted: string): Promise<void> {
  const { out } = invoked
  const memory = await withMemory(invoked, wanted, (client, memoryId) => client.getMemory(memoryId))
  out.document(memory)
  out.line(`${memory.id}: ${memory.status}, events are kept for ${memory.eventExpiryDuration} days`)
  const rows = (memory.strategies ?? []).map((one) => [one.name ?? '', one.type ?? '', one.status ?? '', (one.namespaceTemplates ?? []).join(' ')])
  if (rows.length > 0) for (const line of table(['STRATEGY', 'TYPE', 'STATUS', 'NAMESPACE'], rows)) out.line(line)
}

export async function deleteMemory(invoked: Invoked, wanted: string): Promise<void> {
  const { out, world } = invoked
  const id = await withProgress(world.stderr, `deleting ${wanted}`, () =>
    withMemory(invoked, wanted, async (client, memoryId) => {
      await client.deleteMemoryAndWait(memoryId, { signal: world.stopped })
      return memoryId
    }),
  )
  out.document({ memoryId: id, deleted: true })
  out.line(`deleted ${id} with all that it held`)
}
