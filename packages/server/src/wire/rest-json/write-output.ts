// One operation's output -> status, headers and body, in one of four forms: JSON, bytes, an event stream, nothing.
import type { Member, Operation, ServiceModel, Shape } from '@agentworks/model'
import type { ServiceError } from '#kernel/errors.js'
import { jsonOf } from '#kernel/json-text.js'
import type { Exchange } from '#wire/exchange.js'
import type { ErrorRenderer } from './errors.js'
import { writeEvents } from './events.js'
import { finish, pump } from './pump.js'
import { formatTimestamp } from './timestamps.js'
import { toBuffer, type Writers } from './writers.js'

export interface OutputTools {
  model: ServiceModel
  writers: Writers
  renderError: ErrorRenderer
  /** Turns what a stream threw into something that may be told. */
  asServiceError(thrown: unknown, exchange: Exchange): ServiceError
}

export type OutputWriter = (output: Record<string, unknown>, exchange: Exchange) => Promise<void>
type Head = Record<string, string | number>
type BodyWriter = (output: Record<string, unknown>, head: { status: number; headers: Head }, exchange: Exchange) => Promise<void>

export function outputWriter(operation: Operation, tools: OutputTools): OutputWriter {
  const shape = tools.model.shapes[operation.output]
  if (shape?.kind !== 'structure') throw new Error(`the output of ${operation.name} is no structure`)
  const members = Object.entries(shape.members)
  const statusMember = members.find(([, member]) => member.at === 'status')?.[0]
  const headers = members.flatMap(([name, member]) => (member.at === 'header' ? [headerWriter(name, member, tools.model)] : []))
  const writeBody = bodyWriter(operation, shape.members, tools)

  return (output, exchange) => {
    const head: Head = { 'x-amzn-requestid': exchange.requestId }
    for (const { name, wire, write } of headers) {
      const value = output[name]
      if (value !== undefined && value !== null) head[wire] = write(value)
    }
    const status = statusMember === undefined ? undefined : output[statusMember]
    return writeBody(output, { status: typeof status === 'number' ? status : operation.code, headers: head }, exchange)
  }
}

function headerWriter(name: string, member: Member, model: ServiceModel) {
  const shape = model.shapes[member.shape]
  return { name, wire: (member.wire ?? name).toLowerCase(), write: headerText(shape) }
}

function headerText(shape: Shape | undefined): (value: unknown) => string {
  if (shape?.kind === 'timestamp') {
    const format = formatTimestamp[shape.format === 'default' ? 'http-date' : shape.format]
    return (value) => String(format(value as number))
  }
  // What an agent answered may hold what no header can; node would throw, and the whole answer would be lost.
  return (value) => String(value).replaceAll(/[^\t\x20-\x7e\x80-\xff]/g, '?')
}

function bodyWriter(operation: Operation, members: Readonly<Record<string, Member>>, tools: OutputTools): BodyWriter {
  const payload = Object.entries(members).find(([, member]) => member.at === 'payload')
  if (payload) return payloadWriter(operation, payload[0], payload[1], tools)
  if (operation.code === 204) return async (_, head, exchange) => answer(exchange, head, undefined)
  const inBody = Object.fromEntries(Object.entries(members).filter(([, member]) => member.at === undefined))
  const write = tools.writers.members(inBody)
  return async (output, head, exchange) => answer(exchange, asJson(head), jsonOf(write(output)))
}

function payloadWriter(operation: Operation, name: string, { shape: shapeName }: Member, tools: OutputTools): BodyWriter {
  const shape = tools.model.shapes[shapeName]
  switch (shape?.kind) {
    case 'union':
      return (output, head, exchange) =>
        writeEvents(output[name] as AsyncIterable<Record<string, unknown>>, { operation, shape, head, exchange, tools })
    case 'blob-stream':
      return (output, head, exchange) => writeBytes(output[name] as AsyncIterable<Uint8Array> | undefined, head, exchange)
    case 'blob':
      return async (output, head, exchange) => answer(exchange, head, toBuffer((output[name] ?? new Uint8Array()) as Uint8Array))
    default:
      return async (output, head, exchange) => {
        const value = output[name]
        return answer(exchange, asJson(head), JSON.stringify(value === undefined ? {} : tools.writers.of(shapeName)(value)))
      }
  }
}

function asJson(head: { status: number; headers: Head }) {
  return { status: head.status, headers: { 'content-type': 'application/json', ...head.headers } }
}

/** Resolves when the answer is flushed or the client is gone. Text goes out in one write with its head, bytes in two. */
function answer({ response }: Exchange, { status, headers }: { status: number; headers: Head }, body: Buffer | string | undefined): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve)
    const bytes = body === undefined ? undefined : Buffer.byteLength(body)
    if (bytes !== undefined) headers['content-length'] = bytes
    response.writeHead(status, headers)
    // Text of ASCII alone is the same in Latin-1, which node sends without making three times its room first.
    response.end(body, bytes === body?.length ? 'latin1' : 'utf8', () => resolve())
  })
}

/** The head goes out before the first byte comes: a client may wait for it. A source that fails cuts the connection. */
async function writeBytes(
  source: AsyncIterable<Uint8Array> | undefined,
  { status, headers }: { status: number; headers: Head },
  exchange: Exchange,
): Promise<void> {
  const whole = source ? alreadyWhole(source) : Buffer.alloc(0)
  if (whole) return answer(exchange, { status, headers }, whole)
  if (!source) return
  const { response, signal } = exchange
  response.writeHead(status, headers)
  if ('flushHeaders' in response && typeof response.flushHeaders === 'function') response.flushHeaders()
  const pieces = source[Symbol.asyncIterator]()
  const ending = await pump(pieces, (piece) => (piece.length > 0 ? piece : undefined), { response, signal })
  if (ending === 'ended') return finish(response)
  // A readable that waits for its own source does not hear return().
  if ('destroy' in source && typeof source.destroy === 'function') source.destroy()
  response.destroy()
}

/** A source that may be there as a whole already: most agents answer in one piece. Sent with its head, it costs one write instead of three. */
interface MaybeWhole {
  whole(): Buffer | undefined
}

function alreadyWhole(source: AsyncIterable<Uint8Array> | MaybeWhole): Buffer | undefined {
  return 'whole' in source ? source.whole() : undefined
}
