// The client of memories: made and found here; what is in one is its session manager's.
import { BedrockAgentCoreClient, type MemoryRecordSummary } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control'
import type { ConnectionOptions } from '#client/connection.js'
import { exportMemory } from './export-memory.js'
import { type ImportedMemory, type ImportOptions, importMemory } from './import-memory.js'
import { type Memories, memories } from './memories.js'
import type { MemoryLine } from './memory-lines.js'
import { type MemorySession, memorySession } from './memory-session.js'
import { recall } from './recall.js'
import { type RetrievalByNamespace, type RetrievalConfig, retrieve } from './retrieval.js'
import type { SessionNames } from './session-events.js'
import { type MemorySessionManager, sessionManager } from './session-manager.js'

/** Where and as whom; what is absent is found as the AWS SDK finds it. */
export type MemoryClientOptions = Pick<ConnectionOptions, 'region' | 'endpoint' | 'credentials'> & {
  /** The time of new events that say none; for tests. */
  now?: () => Date
}

export interface MemoryClient extends Memories, Disposable {
  /** All that is in one memory. */
  sessionManager(memoryId: string): MemorySessionManager
  session(names: SessionNames): MemorySession
  /**
   * What any strategy of the memory has learned of the actor, in whatever session: the namespaces are found by the strategies' templates.
   * Those that are not the actor's own are left out.
   */
  recall(names: SessionNames, query: string, config?: RetrievalConfig): Promise<MemoryRecordSummary[]>
  /** What was learned, from each of the namespaces with its own measure; the best first. */
  retrieve(names: SessionNames, query: string, retrieval: RetrievalByNamespace): Promise<MemoryRecordSummary[]>
  /** Everything in a memory as lines of JSON: the memory, its events, its records. */
  exportMemory(memoryId: string): AsyncGenerator<MemoryLine, void, undefined>
  /** Makes a memory of such lines, or fills one that is there. Safe to repeat within a day: what is there already is not made twice. */
  importMemory(lines: AsyncIterable<MemoryLine> | Iterable<MemoryLine>, options?: ImportOptions): Promise<ImportedMemory>
  /** Closes the connections. */
  destroy(): void
}

export function memoryClient({ region, endpoint, credentials, now = () => new Date() }: MemoryClientOptions = {}): MemoryClient {
  const config = { ...(region && { region }), ...(endpoint && { endpoint }), ...(credentials && { credentials }) }
  const control = new BedrockAgentCoreControlClient(config)
  const data = new BedrockAgentCoreClient(config)
  const ofControl = memories(control)
  function destroy() {
    control.destroy()
    data.destroy()
  }
  return {
    ...ofControl,
    sessionManager: (memoryId) => sessionManager(data, memoryId, now),
    session: (names) => memorySession({ data, now }, names),
    recall: async (names, query, config) => recall(data, await ofControl.getMemoryStrategies(names.memoryId), names, query, config),
    retrieve: (names, query, retrieval) => retrieve(data, names, query, retrieval),
    exportMemory: (memoryId) => exportMemory(ofControl, data, memoryId),
    importMemory: (lines, options) => importMemory(ofControl, data, lines, options),
    destroy,
    [Symbol.dispose]: destroy,
  }
}

/** The sessions of one memory, when nothing else is wanted: `memorySessionManager({ memoryId })`. */
export function memorySessionManager({ memoryId, ...options }: MemoryClientOptions & { memoryId: string }): MemorySessionManager & Disposable {
  const client = memoryClient(options)
  return { ...client.sessionManager(memoryId), [Symbol.dispose]: client.destroy }
}
