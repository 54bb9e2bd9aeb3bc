// The end of a memory: its rows go in bounded steps, the memory itself with the last. Safe to run twice: a start takes up what was left.
import { setImmediate as aTurn } from 'node:timers/promises'
import type { MemoryKey } from '#ports/memory-events.js'
import { removeTags } from '#services/tags/index.js'
import { memories, memoryArn, memoryNames } from './documents.js'
import { rowsPerDrop } from './limits.js'
import type { MemoryPorts, MemoryRows } from './ports.js'

export interface Deletions {
  /** Of a memory that is DELETING. */
  begin(memory: MemoryKey): void
  /** Takes up what an earlier process left. */
  resume(): Promise<void>
  /** Resolves when nothing is under way. */
  settled(): Promise<void>
  /** Ends after the step that is under way; the next start takes up the rest. */
  stop(): Promise<void>
}

export function deletions({ store, events, records, rows, log }: Pick<MemoryPorts, 'store' | 'events' | 'records' | 'rows' | 'log'>): Deletions {
  const underWay = new Map<string, Promise<void>>()
  let stopping = false
  const own = [events, records].map((kept): MemoryRows => ({ dropMemory: (tx, memory, limit) => kept.within(tx).dropMemory(memory, limit) }))
  const all = [...own, ...rows]

  async function remove(memory: MemoryKey): Promise<void> {
    for (const one of all) {
      let left = 1
      while (left > 0 && !stopping) {
        left = await store.transaction((tx) => one.dropMemory(tx, memory, rowsPerDrop))
        // Between two steps everybody else has a turn.
        await aTurn()
      }
    }
    if (!stopping) await store.transaction((tx) => forget(tx, memory))
  }

  function begin(memory: MemoryKey): void {
    const key = Object.values(memory).join('/')
    if (underWay.has(key) || stopping) return
    const job = remove(memory)
      .catch((fault: unknown) =>
        log.error('a memory could not be deleted', { memoryId: memory.memoryId, error: fault instanceof Error ? fault.message : String(fault) }),
      )
      .finally(() => underWay.delete(key))
    underWay.set(key, job)
  }

  const settled = async () => {
    while (underWay.size > 0) await Promise.all(underWay.values())
  }

  return {
    begin,
    async resume() {
      for (const { account, region, document } of await store.all(memories))
        if (document.status === 'DELETING') begin({ account, region, memoryId: document.id })
    },
    settled,
    async stop() {
      stopping = true
      await settled()
    },
  }
}

async function forget(tx: Parameters<MemoryRows['dropMemory']>[0], { memoryId, ...scope }: MemoryKey): Promise<void> {
  const memory = await tx.get(memories, scope, memoryId)
  if (!memory) return
  await tx.delete(memories, scope, memoryId)
  await tx.delete(memoryNames, scope, memory.name)
  await removeTags(tx, scope, memoryArn(scope, memoryId))
}
