// The request body as bytes, bounded, and as JSON.
import { isUtf8 } from 'node:buffer'
import { type Readable, Transform } from 'node:stream'
import { cannotParse, ServiceError } from '#kernel/errors.js'
import type { VerifiedBody } from '#wire/exchange.js'

/** Reads to the end, so that a signature that covers the body is checked even where the body says nothing. */
export function collect(body: VerifiedBody, limit: number): Promise<Buffer> {
  const { bytes, length } = body
  if ((bytes?.length ?? length ?? 0) > limit) return Promise.reject(tooLarge(limit))
  if (bytes) return Promise.resolve(bytes)
  // Not before: it is made when it is first asked for, and most bodies need none.
  const { stream } = body
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    const finish = (settle: () => void) => {
      stream.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose)
      settle()
    }
    const onData = (chunk: Buffer) => {
      size += chunk.length
      chunks.push(chunk)
      if (size <= limit) return
      // Not destroyed: that would cut the connection before the refusal is written.
      stream.pause()
      finish(() => reject(tooLarge(limit)))
    }
    const onEnd = () => finish(() => resolve(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)))
    const onError = (error: Error) => finish(() => reject(error instanceof ServiceError ? error : endedEarly(error)))
    const onClose = () => finish(() => reject(endedEarly(undefined)))
    stream.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose)
  })
}

/** Hands the bytes on as they come. A body without a known length is counted on its way and cut at the limit. */
export function streamed({ stream, length }: VerifiedBody, limit: number): Readable {
  if (length !== undefined && length > limit) throw tooLarge(limit)
  // An operation may never read its payload: a client that leaves then must not bring the process down.
  if (length !== undefined) return stream.on('error', () => undefined)
  let size = 0
  const counted = new Transform({
    transform(chunk: Buffer, _, done) {
      size += chunk.length
      if (size > limit) done(tooLarge(limit))
      else done(null, chunk)
    },
  })
  counted.on('error', () => undefined)
  // Not stream.pipeline: it would destroy the request, and its connection before the answer is written.
  stream.on('error', (error) => counted.destroy(error))
  stream.on('close', () => stream.readableEnded || counted.destroy(endedEarly(undefined)))
  return stream.pipe(counted)
}

export function parseJson(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw cannotParse('The request body is not UTF-8.')
  try {
    return JSON.parse(bytes.toString())
  } catch (cause) {
    // The parser's own message quotes the text, which may hold secrets.
    throw cannotParse('The request body is not valid JSON.', cause)
  }
}

function tooLarge(limit: number): ServiceError {
  return cannotParse(`The request body is larger than ${limit} bytes, the most that this operation takes.`)
}

function endedEarly(cause: unknown): ServiceError {
  return cannotParse('The request body ended before it was complete.', cause)
}
