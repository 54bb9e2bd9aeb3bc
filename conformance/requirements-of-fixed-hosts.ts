// What clients are promised that know AWS's hosts only.
import type { Requirement } from './requirements.ts'

export const fixedHosts = {
  'tls.fixed-hosts': {
    promise: "Stock clients with no endpoint set, which dial AWS's own hosts, are answered by TLS on the second port",
    source: 'DG endpoints and quotas; AWS SDKs: endpoint resolution',
    operations: ['ListAgentRuntimes', 'InvokeAgentRuntime'],
  },
  'tls.presigned': {
    promise: "A WebSocket address that was presigned for AWS's host, without a port, opens",
    source: 'DG runtime-get-started-websocket',
    operations: ['InvokeAgentRuntime'],
  },
  'tls.inside': {
    promise: "Inside a session stock clients with no endpoint set, which dial AWS's own hosts, reach the platform as the session, and only so",
    source: 'AWS SDKs: endpoint resolution; contract: identity inside a session',
    operations: ['Converse'],
  },
  'tls.own-certificate': {
    promise: "The operator's own certificate is shown in place of the platform's, and the names in it are answered",
    source: 'agentworks: start --tls-cert',
    operations: [],
  },
} as const satisfies Record<string, Requirement>
