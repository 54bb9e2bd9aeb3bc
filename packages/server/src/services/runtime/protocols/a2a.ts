// A2A over JSON-RPC, both 0.3 and 1.0: messages pass through unread. developer guide: runtime-a2a-protocol-contract.
import type { ErrorCode } from '#kernel/errors.js'
import { rpcError } from './json-rpc.js'
import { type AgentProtocol, loopback } from './protocol.js'

const port = 9000

export const agentCardPath = '/.well-known/agent-card.json'

const answers: Partial<Record<ErrorCode, { code: number; status: number }>> = {
  ResourceNotFoundException: { code: -32051, status: 404 },
  ValidationException: { code: -32052, status: 400 },
  RequestEntityTooLargeException: { code: -32052, status: 413 },
  ThrottlingException: { code: -32053, status: 429 },
  ServiceQuotaExceededException: { code: -32053, status: 429 },
  ConflictException: { code: -32054, status: 409 },
  RetryableConflictException: { code: -32054, status: 409 },
  RuntimeClientError: { code: -32055, status: 424 },
  GatewayTimeoutException: { code: -32055, status: 504 },
}
const otherAnswer = { code: -32603, status: 500 }

/** Who may not call hears AWS's own refusal: the agent and its protocol are none of their business. */
const plain: readonly ErrorCode[] = ['UnauthorizedException', 'AccessDeniedException']

export const a2a: AgentProtocol = {
  serverProtocol: 'A2A',
  port,
  path: '/',
  host: loopback(port),
  accept: '*/*',
  isJsonOnly: true,
  hasPing: true,
  // The official Python SDK reads A2A_PORT and ignores PORT, on purpose.
  environment: { PORT: String(port), A2A_PORT: String(port) },
  // Without A2A-Version a server of 1.0 takes the request for one of 0.3.
  ownHeaders: ['A2A-Version', 'A2A-Extensions', 'X-A2A-Extensions'],
  refusal(error, id) {
    if (plain.includes(error.code)) return undefined
    const { code, status } = answers[error.code] ?? otherAnswer
    // `message` beside `error` is for AWS's SDKs, which look for it there.
    return { status, contentType: 'application/json', body: JSON.stringify({ ...rpcError(id, code, error.message), message: error.message }) }
  },
}
