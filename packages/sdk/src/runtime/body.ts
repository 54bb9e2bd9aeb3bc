// Reads a request body whole, within a limit, as text.
import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { type BodyParser, mediaType } from './content-types.js'
import { HttpError } from './http-error.js'

/** The runtime itself takes at most 100 MB a request; a limit here only guards an app that is reached directly. */
const bodyLimitBytes = 100 * 1024 * 1024

export async function readPayload(request: IncomingMessage, parsers: ReadonlyMap<string, BodyParser>): Promise<unknown> {
  const contentType = request.headers['content-type'] ?? ''
  // Everything without a parser of its own is taken for JSON, whatever it calls itself, as the Python SDK does.
  const parser = parsers.size > 0 ? parsers.get(mediaType(contentType)) : undefined
  const bytes = await readBytes(request)
  return parser ? parsed(parser, bytes, contentType) : json(bytes)
}

async function parsed(parser: BodyParser, bytes: Buffer, contentType: string): Promise<unknown> {
  try {
    return await parser(bytes, contentType)
  } catch (error) {
    if (error instanceof HttpError) throw error
    throw new HttpError(400, `Invalid ${mediaType(contentType)}`, { details: error instanceof Error ? error.message : String(error) })
  }
}

function json(bytes: Buffer): unknown {
  if (bytes.length === 0) throw notJson('the body is empty; send a JSON document, `{}` if there is nothing to say')
  if (!isUtf8(bytes)) throw new HttpError(400, 'Invalid encoding', { details: 'the body is not valid UTF-8' })
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (error) {
    throw notJson(error instanceof Error ? error.message : String(error))
  }
}

function readBytes(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const tooLarge = () => {
      request.pause()
      reject(new HttpError(413, 'Payload too large', { details: `the body is over the limit of ${bodyLimitBytes} bytes` }))
    }
    if (Number(request.headers['content-length'] ?? 0) > bodyLimitBytes) return tooLarge()
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size > bodyLimitBytes) return tooLarge()
      chunks.push(chunk)
    })
    request.once('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)))
    request.once('error', reject)
  })
}

function notJson(details: string): HttpError {
  return new HttpError(400, 'Invalid JSON', { details })
}
