// The table of protocol-specific errors (developer guide: runtime-troubleshooting and the protocol pages).
import { expect, test } from 'vitest'
import { type ErrorCode, ServiceError } from '#kernel/errors.js'
import { checkAccept, protocolOf } from './index.js'

const refusal = (serverProtocol: 'MCP' | 'A2A' | 'AGUI', code: ErrorCode) => {
  const answer = protocolOf({ serverProtocol }).refusal?.(new ServiceError(code, 'why'), 1)
  const body = answer && JSON.parse(answer.body.replace(/^data: /, ''))
  return answer && [answer.status, body.error?.code ?? body.code]
}

test.each<[ErrorCode, unknown, unknown, unknown]>([
  ['UnauthorizedException', [401, -32001], undefined, [401, 'UNAUTHORIZED']],
  ['AccessDeniedException', [403, -32002], undefined, [403, 'ACCESS_DENIED']],
  ['ThrottlingException', [200, -32003], [429, -32053], [429, 'RATE_LIMIT_EXCEEDED']],
  ['ServiceQuotaExceededException', [200, -32003], [429, -32053], [429, 'SERVICE_QUOTA_EXCEEDED']],
  ['ResourceNotFoundException', [200, -32004], [404, -32051], undefined],
  ['RetryableConflictException', [200, -32005], [409, -32054], [409, 'SESSION_BUSY']],
  ['ValidationException', [200, -32006], [400, -32052], [400, 'VALIDATION_ERROR']],
  ['RuntimeClientError', [200, -32010], [424, -32055], [200, 'AGENT_ERROR']],
  ['NotAcceptableException', [406, -32011], [500, -32603], [500, 'INTERNAL_ERROR']],
  ['InternalServerException', [200, -32603], [500, -32603], [500, 'INTERNAL_ERROR']],
])('%s is what each protocol calls it', (code, mcp, a2a, agui) => {
  expect([refusal('MCP', code), refusal('A2A', code), refusal('AGUI', code)]).toEqual([mcp, a2a, agui])
})

test('HTTP has no form of its own', () => {
  expect(protocolOf({}).refusal).toBeUndefined()
})

test.each([undefined, '*/*', 'application/json, text/event-stream', 'text/event-stream;q=0.5,application/*', 'TEXT/*, application/json'])(
  'Accept %s takes both forms',
  (accept) => expect(() => checkAccept(accept)).not.toThrow(),
)

test.each([
  ['application/json', 'text/event-stream is missing'],
  ['text/event-stream', 'application/json is missing'],
  ['', 'application/json and text/event-stream is missing'],
])('Accept "%s" is refused by what is missing', (accept, missing) => {
  expect(() => checkAccept(accept)).toThrow(missing)
})
