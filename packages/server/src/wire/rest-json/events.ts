// Event streams out. Failures after the head travel in-band: the status is gone.
import type { Operation, Shape } from '@agentworks/model'
import { ServiceError } from '#kernel/errors.js'
import { eventFrame, eventStreamType } from '#wire/event-stream.js'
import type { Exchange } from '#wire/exchange.js'
import { finish, pump } from './pump.js'
import type { OutputTools } from './write-output.js'

interface EventStream {
  operation: Operation
  shape: Extract<Shape, { kind: 'union' }>
  head: { status: number; headers: Record<string, string | number> }
  exchange: Exchange
  tools: OutputTools
}

type Event = Record<string, unknown>

/**
 * The first event is awaited before the head is sent: what fails before anything was said is still an ordinary error
 * with a status of its own, which clients retry.
 */
export async function writeEvents(source: AsyncIterable<Event>, stream: EventStream): Promise<void> {
  const { exchange, head, tools } = stream
  const { response, signal } = exchange
  let isHeadSent = false
  const onFirst = () => {
    isHeadSent = true
    response.writeHead(head.status, { ...head.headers, 'content-type': eventStreamType })
  }
  try {
    const ending = await pump(source[Symbol.asyncIterator](), (event) => eventBytes(event, stream), { response, signal, onFirst })
    if (ending === 'gone') return
    if (ending === 'draining') throw new ServiceError('ServiceUnavailableException', 'The platform is stopping.')
  } catch (thrown) {
    if (!isHeadSent) throw thrown
    response.write(failureFrame(tools.asServiceError(thrown, exchange), stream))
  }
  await finish(response)
}

function eventBytes(event: Event, { shape, tools }: EventStream): Buffer | undefined {
  const name = Object.keys(event).find((arm) => event[arm] !== undefined && shape.members[arm])
  const member = name === undefined ? undefined : shape.members[name]
  if (name === undefined || !member) return undefined
  const body = jsonBytes(tools.writers.of(member.shape)(event[name]))
  return isError(tools.model.shapes[member.shape]) ? exceptionFrame(name, body) : eventFrame({ ':event-type': name, ...jsonEvent('event') }, body)
}

/** A failure that the stream's union has is a typed exception, any other an error with a code. */
function failureFrame(error: ServiceError, { operation, shape, tools }: EventStream): Buffer {
  const { name, body } = tools.renderError(error, operation)
  const arm = Object.entries(shape.members).find(([, member]) => member.shape === name)?.[0]
  if (arm !== undefined) return exceptionFrame(arm, body)
  return eventFrame({ ':error-code': name, ':error-message': error.message.slice(0, 1024), ':message-type': 'error' }, Buffer.alloc(0))
}

function exceptionFrame(arm: string, body: Buffer): Buffer {
  return eventFrame({ ':exception-type': arm, ...jsonEvent('exception') }, body)
}

function jsonEvent(messageType: 'event' | 'exception'): Record<string, string> {
  return { ':content-type': 'application/json', ':message-type': messageType }
}

function jsonBytes(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value))
}

function isError(shape: Shape | undefined): boolean {
  return shape?.kind === 'structure' && shape.status !== undefined
}
