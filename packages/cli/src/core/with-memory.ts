import { isNamed, type MemoryClient, memoryClient } from '@agentworks/sdk/memory'
import { platformAccess } from './connection.js'
import { Failure } from './failure.js'
import type { Invoked } from './invoked.js'

/** Runs the work with the SDK's client of memories, and closes it. */
export async function withMemories<Result>(invoked: Invoked, work: (memories: MemoryClient) => Promise<Result>): Promise<Result> {
  using memories = memoryClient(await platformAccess(invoked))
  return await work(memories)
}

/** With the memory that a user means by a name, an id or an ARN. */
export function withMemory<Result>(invoked: Invoked, wanted: string, work: (memories: MemoryClient, memoryId: string) => Promise<Result>) {
  return withMemories(invoked, async (memories) => work(memories, await memoryNamed(memories, wanted)))
}

export async function memoryNamed(memories: Pick<MemoryClient, 'listMemories'>, wanted: string): Promise<string> {
  const all = await memories.listMemories()
  const found = all.find(({ id, arn }) => id === wanted || arn === wanted) ?? all.find((memory) => isNamed(memory, wanted))
  if (found?.id) return found.id
  throw new Failure(`there is no memory ${wanted}`, {
    why: all.length > 0 ? `there are: ${all.map(({ id }) => id).join(', ')}` : 'no memory was made yet',
    fix: `agentworks memory create ${/^[a-zA-Z]\w{0,47}$/.test(wanted) ? wanted : 'NAME'}`,
  })
}
