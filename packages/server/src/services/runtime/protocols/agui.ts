// AG-UI: the HTTP contract, with server-sent events of the AG-UI kinds. developer guide: runtime-agui-protocol-contract.
import { type Readable, Transform } from 'node:stream'
import type { ErrorCode } from '#kernel/errors.js'
import { type AgentProtocol, loopback } from './protocol.js'

const port = 8080

const answers: Partial<Record<ErrorCode, { code: string; status: number }>> = {
  UnauthorizedException: { code: 'UNAUTHORIZED', status: 401 },
  AccessDeniedException: { code: 'ACCESS_DENIED', status: 403 },
  ValidationException: { code: 'VALIDATION_ERROR', status: 400 },
  RequestEntityTooLargeException: { code: 'VALIDATION_ERROR', status: 413 },
  ConflictException: { code: 'SESSION_BUSY', status: 409 },
  RetryableConflictException: { code: 'SESSION_BUSY', status: 409 },
  ThrottlingException: { code: 'RATE_LIMIT_EXCEEDED', status: 429 },
  ServiceQuotaExceededException: { code: 'SERVICE_QUOTA_EXCEEDED', status: 429 },
  RuntimeClientError: { code: 'AGENT_ERROR', status: 200 },
  GatewayTimeoutException: { code: 'AGENT_ERROR', status: 200 },
}
const otherAnswer = { code: 'INTERNAL_ERROR', status: 500 }

/** A longer event is passed on in pieces as it comes. */
const longestHeld = 1_048_576

const runError = (code: string, message: string) => JSON.stringify({ type: 'RUN_ERROR', message, code })

export const agui: AgentProtocol = {
  serverProtocol: 'AGUI',
  port,
  path: '/invocations',
  webSocketPath: '/ws',
  host: loopback(port),
  accept: 'text/event-stream',
  isJsonOnly: false,
  hasPing: true,
  environment: { PORT: String(port) },
  ownHeaders: [],
  refusal(error) {
    // AWS names no event for it.
    if (error.code === 'ResourceNotFoundException') return undefined
    const { code, status } = answers[error.code] ?? otherAnswer
    const event = runError(code, error.message)
    // An agent that failed is a run that failed: an event in the stream that the client reads anyway.
    if (status === 200) return { status, contentType: 'text/event-stream', body: `data: ${event}\n\n` }
    return { status, contentType: 'application/json', body: event }
  },
}

/** A stream that the agent breaks off ends with the event that says so, instead of a cut connection. */
export function endedInEvents(answer: Readable, why: (fault: Error) => string): Readable {
  const events = wholeEvents()
  answer.pipe(events)
  answer.once('error', (fault) => {
    if (!events.destroyed) events.breakOff(`data: ${runError('AGENT_ERROR', why(fault))}\n\n`)
  })
  events.once('close', () => answer.destroy())
  return events
}

/** Of an event without its end nothing can be made, and what came after it would be taken for its rest. */
function wholeEvents() {
  let open: Buffer = Buffer.alloc(0)
  const events = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const bytes = open.length === 0 ? chunk : Buffer.concat([open, chunk])
      const end = bytes.length > longestHeld ? bytes.length : endOfEvents(bytes)
      open = bytes.subarray(end)
      done(null, end > 0 ? bytes.subarray(0, end) : undefined)
    },
    flush: (done) => done(null, open),
  })
  const breakOff = (last: string) => {
    open = Buffer.from(last)
    events.end()
  }
  return Object.assign(events, { breakOff })
}

/** Past the blank line that ends the last whole event. */
function endOfEvents(bytes: Buffer): number {
  return Math.max(...['\n\n', '\r\n\r\n', '\r\r'].map((blank) => bytes.lastIndexOf(blank) + (bytes.includes(blank) ? blank.length : 1)))
}
