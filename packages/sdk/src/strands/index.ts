// The door of `@agentworks/sdk/memory/strands`: AgentCore Memory for agents on Strands. Strands itself is the agent's own; its interfaces are
// met by their form, so that its versions may change.
export { type AgentCoreMemoryStore, type AgentCoreMemoryStoreOptions, agentCoreMemoryStore } from './memory-store.js'
export { type AgentCoreSessionStorageOptions, agentCoreSessionStorage } from './session-storage.js'
export type { StrandsSnapshot, StrandsSnapshotStorage } from './snapshot.js'
