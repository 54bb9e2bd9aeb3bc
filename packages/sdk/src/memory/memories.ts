// Memories themselves: made, found, changed, ended. Each with a twin that waits until it is so.
import {
  type BedrockAgentCoreControlClient,
  CreateMemoryCommand,
  type CreateMemoryInput,
  DeleteMemoryCommand,
  GetMemoryCommand,
  type Memory,
  type MemoryStrategy,
  type MemoryStrategyInput,
  type MemorySummary,
  type ModifyMemoryStrategies,
  paginateListMemories,
  UpdateMemoryCommand,
} from '@aws-sdk/client-bedrock-agentcore-control'
import { allOf } from '#client/all-pages.js'
import { type Waiting, waitFor } from './wait.js'

/** As AWS has it; `eventExpiryDuration` (days) is 90 when absent. */
export type NewMemory = Omit<CreateMemoryInput, 'eventExpiryDuration'> & { eventExpiryDuration?: number }

/** A memory, or one of its strategies, that failed, with the platform's reason; or that takes too long. */
export class MemoryNotReady extends Error {
  override readonly name = 'MemoryNotReady'
  readonly status: string

  constructor(memoryId: string, status: string, reason: string) {
    super(`memory ${memoryId} is ${status}: ${reason}`)
    this.status = status
  }
}

export interface Memories {
  createMemory(input: NewMemory): Promise<Memory>
  /** Resolves when it is ACTIVE, its strategies too. */
  createMemoryAndWait(input: NewMemory, waiting?: Waiting): Promise<Memory>
  /** The memory that has the name, as it is; a new one otherwise. Resolves when it is ACTIVE. */
  createOrGetMemory(input: NewMemory, waiting?: Waiting): Promise<Memory>
  getMemory(memoryId: string): Promise<Memory>
  getMemoryStatus(memoryId: string): Promise<string>
  getMemoryStrategies(memoryId: string): Promise<MemoryStrategy[]>
  /** All pages. */
  listMemories(): Promise<MemorySummary[]>
  deleteMemory(memoryId: string): Promise<void>
  /** Resolves when it is gone, with all that it held. */
  deleteMemoryAndWait(memoryId: string, waiting?: Waiting): Promise<void>
  addStrategy(memoryId: string, strategy: MemoryStrategyInput): Promise<Memory>
  addStrategyAndWait(memoryId: string, strategy: MemoryStrategyInput, waiting?: Waiting): Promise<Memory>
  deleteStrategy(memoryId: string, strategyId: string): Promise<Memory>
  /** Adds, changes and removes in one call. */
  updateMemoryStrategies(memoryId: string, memoryStrategies: ModifyMemoryStrategies): Promise<Memory>
  updateMemoryStrategiesAndWait(memoryId: string, memoryStrategies: ModifyMemoryStrategies, waiting?: Waiting): Promise<Memory>
}

const usualExpiryDays = 90

export function memories(control: BedrockAgentCoreControlClient): Memories {
  async function createMemory({ eventExpiryDuration = usualExpiryDays, ...input }: NewMemory): Promise<Memory> {
    return present((await control.send(new CreateMemoryCommand({ ...input, eventExpiryDuration }))).memory)
  }

  async function getMemory(memoryId: string): Promise<Memory> {
    return present((await control.send(new GetMemoryCommand({ memoryId }))).memory)
  }

  const listMemories = () => allOf(paginateListMemories({ client: control }, { maxResults: 100 }), ({ memories }) => memories)

  function untilActive(memoryId: string, waiting?: Waiting): Promise<Memory> {
    return waitFor(`memory ${memoryId} to be ACTIVE`, waiting, async () => {
      const memory = await getMemory(memoryId)
      const states = [memory.status, ...(memory.strategies ?? []).map(({ status }) => status)]
      const failed = states.find((status) => status === 'FAILED' || status === 'DELETING')
      if (failed) throw new MemoryNotReady(memoryId, failed, memory.failureReason ?? 'no reason is given')
      return states.every((status) => status === 'ACTIVE') ? memory : undefined
    })
  }

  async function updateMemoryStrategies(memoryId: string, memoryStrategies: ModifyMemoryStrategies): Promise<Memory> {
    return present((await control.send(new UpdateMemoryCommand({ memoryId, memoryStrategies }))).memory)
  }

  async function updateMemoryStrategiesAndWait(memoryId: string, memoryStrategies: ModifyMemoryStrategies, waiting?: Waiting) {
    await updateMemoryStrategies(memoryId, memoryStrategies)
    return untilActive(memoryId, waiting)
  }

  async function deleteMemory(memoryId: string): Promise<void> {
    await control.send(new DeleteMemoryCommand({ memoryId }))
  }

  return {
    createMemory,
    async createMemoryAndWait(input, waiting) {
      return untilActive((await createMemory(input)).id ?? '', waiting)
    },
    async createOrGetMemory(input, waiting) {
      const found = (await listMemories()).find((memory) => isNamed(memory, input.name))
      // Its name is free once it is gone.
      if (found?.id && found.status === 'DELETING') await untilGone(found.id, waiting)
      else if (found?.id) return untilActive(found.id, waiting)
      return untilActive((await createMemory(input)).id ?? '', waiting)
    },
    getMemory,
    getMemoryStatus: async (memoryId) => (await getMemory(memoryId)).status ?? '',
    getMemoryStrategies: async (memoryId) => (await getMemory(memoryId)).strategies ?? [],
    listMemories,
    deleteMemory,
    async deleteMemoryAndWait(memoryId, waiting) {
      await deleteMemory(memoryId)
      await untilGone(memoryId, waiting)
    },
    addStrategy: (memoryId, strategy) => updateMemoryStrategies(memoryId, { addMemoryStrategies: [strategy] }),
    addStrategyAndWait: (memoryId, strategy, waiting) => updateMemoryStrategiesAndWait(memoryId, { addMemoryStrategies: [strategy] }, waiting),
    deleteStrategy: (memoryId, memoryStrategyId) => updateMemoryStrategies(memoryId, { deleteMemoryStrategies: [{ memoryStrategyId }] }),
    updateMemoryStrategies,
    updateMemoryStrategiesAndWait,
  }

  function untilGone(memoryId: string, waiting?: Waiting): Promise<true> {
    return waitFor(`memory ${memoryId} to be gone`, waiting, async () => ((await isThere(memoryId)) ? undefined : true))
  }

  async function isThere(memoryId: string): Promise<boolean> {
    try {
      await getMemory(memoryId)
      return true
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return false
      throw error
    }
  }
}

/** A list tells ids only, which are the name, `-` and ten characters. */
export function isNamed({ id = '' }: MemorySummary, name: string | undefined): boolean {
  return id.slice(0, -11) === name && /^-[a-zA-Z0-9]{10}$/.test(id.slice(-11))
}

function present(memory: Memory | undefined): Memory {
  if (!memory) throw new Error('the platform answered without the memory')
  return memory
}
