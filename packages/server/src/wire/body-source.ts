// The bytes of a request as they arrive, with one kind of error when the client goes away.
import type { Readable } from 'node:stream'
import { type BodyCheck, tooLarge } from './body-checks.js'
import { RequestRefused } from './sigv4-refusals.js'

/** Never destroys the request: its answer still has to go out on the same connection. */
export async function* pieces(body: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const piece of body.iterator({ destroyOnReturn: false })) yield piece as Buffer
  } catch (cause) {
    throw incomplete(cause)
  }
}

/** All of a small body, without the cost of an iterator. */
export function gather(body: Readable, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    let isWhole = false
    body.on('data', (piece: Buffer) => {
      size += piece.length
      if (size > maxBytes) reject(tooLarge(maxBytes))
      else parts.push(piece)
    })
    body.once('end', () => {
      isWhole = true
      resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size))
    })
    body.once('error', (cause) => reject(incomplete(cause)))
    // Every body closes: an error made for each of them, with its stack, is what costs most of a small request.
    body.once('close', () => isWhole || reject(incomplete(undefined)))
  })
}

export function checkAll(bytes: Buffer, checks: readonly BodyCheck[]): void {
  for (const check of checks) {
    if (bytes.length > 0) check.update(bytes)
    check.finish()
  }
}

function incomplete(cause: unknown): RequestRefused {
  return new RequestRefused('body-incomplete', 'The client went away before it had sent the whole body.', { cause })
}
