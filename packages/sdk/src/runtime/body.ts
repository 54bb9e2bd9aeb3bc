// Reads a request body whole, within a limit, and makes the payload of it.
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { type BodyParser, mediaType } from './content-types.js'
import { HttpError } from './http-error.js'

/** The runtime itself takes at most 100 MB a request; a limit here only guards an app that is reached directly. */
const bodyLimitBytes = 100 * 1024 * 1024

/** `undefined` for everything without a parser of its own: it is taken for JSON, whatever it calls itself, as the Python SDK does. */
export function parserFor(request: IncomingMessage, parsers: ReadonlyMap<string, BodyParser>): ((body: Buffer) => Promise<unknown>) | undefined {
  if (parsers.size === 0) return undefined
  const contentType = request.headers['content-type'] ?? ''
  const parser = parsers.get(mediaType(contentType))
  return parser && ((body) => parsed(parser, body, contentType))
}

async function parsed(parser: BodyParser, body: Buffer, contentType: string): Promise<unknown> {
  try {
    return await parser(body, contentType)
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, `Invalid ${mediaType(contentType)}`, { details: error instanceof Error ? error.message : String(error) })
  }
}

export function jsonOf(body: Buffer): unknown {
  if (body.length === 0) throw notJson('the body is empty; send a JSON document, `{}` if there is nothing to say')
  if (!isUtf8(body)) throw new HttpError(400, 'Invalid encoding', { details: 'the body is not valid UTF-8' })
  try {
    return JSON.parse(body.toString('utf8'))
  } catch (error) {
    throw notJson(error instanceof Error ? error.message : String(error))
  }
}

/** Calls back once, with the fault or with the body. */
export function readBody(request: IncomingMessage, done: (fault: unknown, body: Buffer) => void): void {
  let pieces: Buffer[] | undefined = []
  let size = 0
  const stop = (fault: unknown) => {
    if (!pieces) return
    pieces = undefined
    done(fault, nothing)
  }
  const tooLarge = () => {
    request.pause()
    stop(new HttpError(413, 'Payload too large', { details: `the body is over the limit of ${bodyLimitBytes} bytes` }))
  }
  if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) {
    tooLarge()
    return
  }
  request.on('data', (piece: Buffer) => {
    size += piece.length
    if (size > bodyLimitBytes) tooLarge()
    else pieces?.push(piece)
  })
  request.on('error', stop)
  request.on('end', () => {
    if (!pieces) return
    const body = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)
    pieces = undefined
    done(undefined, body)
  })
}

const nothing = Buffer.alloc(0)

function notJson(details: string): HttpError {
  return new HttpError(400, 'Invalid JSON', { details })
}
