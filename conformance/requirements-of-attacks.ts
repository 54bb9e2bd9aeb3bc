// What we promise about those who attack from outside.
import type { Requirement } from './requirements.ts'

export const attacks = {
  'attacks.session-ids': {
    promise: 'A session id in the hands of a caller without the right to its runtime leads nowhere, and at another runtime it is another session',
    source: 'mission; DG runtime-sessions',
    operations: ['InvokeAgentRuntime', 'StopRuntimeSession', 'InvokeAgentRuntimeCommand'],
  },
  'attacks.smuggling': {
    promise: 'A request that can be read in two ways is refused, its connection ends, and nothing behind it is taken for a request',
    source: 'mission; RFC 9112',
    operations: [],
  },
  'attacks.oversized-heads': {
    promise: 'Heads of any size are refused with 431, and long header values by name',
    source: 'mission',
    operations: [],
  },
  'attacks.bombs': {
    promise: 'Nothing compressed is unpacked on its way to an agent, and a package that grows beyond its limit ends in CREATE_FAILED',
    source: 'mission; DG quotas',
    operations: ['InvokeAgentRuntime', 'CreateAgentRuntime'],
  },
  'attacks.slow': {
    promise: 'Heads that never end are cut, 10,000 half-open connections keep nobody out, and what they took is given back',
    source: 'mission',
    operations: ['InvokeAgentRuntime'],
  },
} as const satisfies Record<string, Requirement>
