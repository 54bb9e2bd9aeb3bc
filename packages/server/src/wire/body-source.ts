// The bytes of a request as they arrive, with one kind of error when the client goes away and one when it stops sending.
import type { Readable } from 'node:stream'
import type { BodyHold } from './body-budget.js'
import { type BodyCheck, tooLarge } from './body-checks.js'
import { RequestRefused } from './sigv4-refusals.js'

/** How long a body is waited for that takes up memory or a file meanwhile. */
export interface Patience {
  /** Between two pieces. */
  idleMs: number
  /** For all of it: a piece now and then would hold its place for ever. */
  totalMs: number
}

export const bodyPatience: Patience = { idleMs: 30_000, totalMs: 15 * 60_000 }

/** Never destroys the request: its answer still has to go out on the same connection. Time that the reader takes is not counted as idle. */
export async function* pieces(body: Readable, patience?: Patience): AsyncGenerator<Buffer, void, undefined> {
  let cause: unknown
  let isLate = false
  let isClosed = false
  let wake = () => {}
  const onChange = () => wake()
  const onLate = () => {
    isLate = true
    wake()
  }
  // Stays: an error of a request that nobody listens to any more would end the process.
  body.on('error', (error) => {
    cause = error
    wake()
  })
  const onClose = () => {
    isClosed = true
    wake()
  }
  body.on('readable', onChange).on('end', onChange).on('close', onClose)
  const total = patience && Number.isFinite(patience.totalMs) ? setTimeout(onLate, patience.totalMs) : undefined
  try {
    for (;;) {
      const piece = body.read() as Buffer | null
      if (piece) yield piece
      if (isLate) throw stalled()
      if (piece) continue
      if (body.readableEnded) return
      // HTTP/2 ends and closes a body that was cut, and never destroys it.
      if (cause !== undefined || isClosed || body.destroyed || wasCut(body)) throw incomplete(cause)
      const changed = new Promise<void>((resolve) => {
        wake = resolve
      })
      const idle = patience && setTimeout(onLate, patience.idleMs)
      await changed
      clearTimeout(idle)
    }
  } finally {
    clearTimeout(total)
    body.off('readable', onChange).off('end', onChange).off('close', onClose)
  }
}

/** All of a small body, without the cost of an iterator. What it takes of `hold` stays taken, whatever the outcome. */
export function gather(body: Readable, { maxBytes, hold, patience }: { maxBytes: number; hold: BodyHold; patience: Patience }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = []
    let size = 0
    let isWhole = false
    const onLate = () => refuse(stalled())
    const idle = setTimeout(onLate, patience.idleMs)
    const total = setTimeout(onLate, patience.totalMs)
    const settle = () => {
      isWhole = true
      clearTimeout(idle)
      clearTimeout(total)
    }
    const refuse = (error: unknown) => {
      settle()
      body.off('data', onData)
      reject(error)
    }
    const onData = (piece: Buffer) => {
      idle.refresh()
      size += piece.length
      if (size > maxBytes) return refuse(tooLarge(maxBytes))
      try {
        hold.take(piece.length)
      } catch (error) {
        return refuse(error)
      }
      parts.push(piece)
    }
    body.on('data', onData)
    body.once('end', () => {
      settle()
      resolve(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts, size))
    })
    body.once('error', (cause) => refuse(incomplete(cause)))
    // Every body closes: an error made for each of them, with its stack, is what costs most of a small request.
    body.once('close', () => isWhole || refuse(incomplete(undefined)))
  })
}

function wasCut(body: Readable): boolean {
  return 'aborted' in body && body.aborted === true
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

function stalled(): RequestRefused {
  return new RequestRefused(
    'body-stalled',
    'The request body did not arrive in time: too long without a byte, or too long as a whole. Send it again.',
  )
}
