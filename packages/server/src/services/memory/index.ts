// The door of memory.
import { parseArn } from '#kernel/arn.js'
import type { TagOwner } from '#services/tags/index.js'
import { deletions } from './deletions.js'
import { memories } from './documents.js'
import { eventOperations } from './events.js'
import { explainRetrieval } from './explain.js'
import { extraction } from './extraction/index.js'
import { extractionState } from './extraction-state.js'
import { memoryOperations } from './memories.js'
import type { MemoryPorts } from './ports.js'
import { withinQuotas } from './quotas.js'
import { recordBatches } from './record-batches.js'
import { recordOperations } from './records.js'
import { sweep } from './sweep.js'

export type { ExplainedRetrieval, RetrievalQuestion } from './explain.js'
export type { SelfManagedDeliveries } from './extraction/delivery.js'
export type { MemoryModels } from './extraction/models.js'
export type { ExtractionState } from './extraction-state.js'
export type { EventFollower, MemoryPorts, MemoryRows } from './ports.js'

export function memory(given: MemoryPorts) {
  const learning = extraction(given)
  const ports = { ...given, followers: [learning.follower, ...given.followers], rows: [learning.rows, ...given.rows] }
  const ending = deletions(ports)
  return {
    operations: withinQuotas(ports.clock, ports.quotas, {
      ...memoryOperations(ports, ending),
      ...eventOperations(ports),
      ...recordOperations(ports),
      ...recordBatches(ports),
      ...learning.operations,
    }),
    taggable: { owns: ownsMemory } satisfies TagOwner,
    explain: explainRetrieval(ports),
    extractionState: extractionState(ports),
    /** Takes up what an earlier process left unfinished, and drops what expires; the returned function ends both. */
    async recover(): Promise<() => Promise<void>> {
      await ending.resume()
      await learning.start()
      const endSweep = sweep(ports).keepSwept()
      return async () => {
        await learning.stop()
        await endSweep()
        await ending.stop()
      }
    },
    /** Resolves when no deletion is under way. */
    settled: () => ending.settled(),
  }
}

const ownsMemory: TagOwner['owns'] = async (reader, scope, arn) => {
  const parsed = parseArn(arn)
  const [kind, id = '', ...more] = parsed?.resource.split('/') ?? []
  const isHere = parsed?.service === 'bedrock-agentcore' && parsed.account === scope.account && parsed.region === scope.region
  return isHere && kind === 'memory' && more.length === 0 && (await reader.get(memories, scope, id)) !== undefined
}
