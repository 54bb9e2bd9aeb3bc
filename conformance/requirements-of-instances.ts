// What is promised of a runtime's instances: what they may use, how many there are, how many wait.
import type { Requirement } from './requirements.ts'

export const instances = {
  'pool.waits': {
    promise: 'Instances that a runtime wants warm are up before anybody asks, serve one session each, and follow its version, its tags and its end',
    source: 'mission',
    operations: ['CreateAgentRuntime', 'UpdateAgentRuntime', 'DeleteAgentRuntime', 'TagResource', 'UntagResource', 'InvokeAgentRuntime'],
  },
  'pool.killed': {
    promise: 'Instances that wait end with a killed platform, and wait again after its next start',
    source: 'mission',
    operations: ['InvokeAgentRuntime'],
  },
  'resources.enforced': {
    promise: 'Processors, memory and the most instances of a runtime are what its tags say: kept by the kernel, and over the maximum a quota error',
    source: 'mission; API ServiceQuotaExceededException',
    operations: ['CreateAgentRuntime', 'TagResource', 'InvokeAgentRuntime'],
  },
} as const satisfies Record<string, Requirement>
