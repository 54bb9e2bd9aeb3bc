// MCP over streamable HTTP. developer guide: runtime-mcp-protocol-contract, runtime-troubleshooting.
import { type ErrorCode, ServiceError } from '#kernel/errors.js'
import { rpcError } from './json-rpc.js'
import { type AgentProtocol, loopback } from './protocol.js'

const port = 8000
const answerForms = ['application/json', 'text/event-stream']

const codes: Partial<Record<ErrorCode, number>> = {
  UnauthorizedException: -32001,
  AccessDeniedException: -32002,
  ThrottlingException: -32003,
  ServiceQuotaExceededException: -32003,
  ResourceNotFoundException: -32004,
  ConflictException: -32005,
  RetryableConflictException: -32005,
  ValidationException: -32006,
  RequestEntityTooLargeException: -32006,
  RuntimeClientError: -32010,
  GatewayTimeoutException: -32010,
  NotAcceptableException: -32011,
}

/** The rest is an answer of the protocol and comes with 200: clients read its body, as AWS has it. */
const withOwnStatus: readonly ErrorCode[] = ['UnauthorizedException', 'AccessDeniedException', 'MethodNotAllowedException', 'NotAcceptableException']

export const mcp: AgentProtocol = {
  serverProtocol: 'MCP',
  port,
  path: '/mcp',
  host: loopback(port),
  accept: answerForms.join(', '),
  isJsonOnly: true,
  hasPing: false,
  environment: { PORT: String(port) },
  ownHeaders: [],
  refusal: (error, id) => ({
    status: withOwnStatus.includes(error.code) ? error.status : 200,
    contentType: 'application/json',
    body: JSON.stringify(rpcError(id, codes[error.code] ?? -32603, error.message)),
  }),
}

/** A server chooses between JSON and a stream for each answer, so its client must take both. */
export function checkAccept(accept: string | undefined): void {
  const ranges = accept?.split(',').map((range) => range.split(';')[0]?.trim().toLowerCase()) ?? ['*/*']
  const missing = answerForms.filter((form) => !['*/*', form, form.replace(/\/.*/, '/*')].some((range) => ranges.includes(range)))
  if (missing.length === 0) return
  throw new ServiceError('NotAcceptableException', `Accept: must hold both ${answerForms.join(' and ')}; ${missing.join(' and ')} is missing.`)
}
