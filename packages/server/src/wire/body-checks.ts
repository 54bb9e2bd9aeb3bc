// What a body must fulfil before its last piece is handed on.
import { createHash } from 'node:crypto'
import type { BodyHold } from './body-budget.js'
import { equalText } from './sigv4.js'
import { RequestRefused } from './sigv4-refusals.js'

/** Sees every piece, then throws from `finish` when a promise about the body was not kept. */
export interface BodyCheck {
  update(bytes: Buffer): void
  finish(): void
}

/** x-amz-content-sha256, which the signature covers. */
export function contentHashCheck(expected: string): BodyCheck {
  const sha256 = createHash('sha256')
  return {
    update: (bytes) => void sha256.update(bytes),
    finish() {
      if (!equalText(sha256.digest('hex'), expected)) throw contentHashMismatch()
    },
  }
}

export function contentHashMismatch(): RequestRefused {
  return new RequestRefused('content-hash-mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.")
}

/** Counts, and stops a body that goes past `maxBytes` while it is still on its way. */
export function sizeCheck(maxBytes: number, declared?: number): BodyCheck {
  let size = 0
  return {
    update(bytes) {
      size += bytes.length
      if (size > maxBytes) throw tooLarge(maxBytes)
      if (declared !== undefined && size > declared) throw wrongLength(declared, size)
    },
    finish() {
      if (declared !== undefined && size !== declared) throw wrongLength(declared, size)
    },
  }
}

/** For a body that its reader gathers: each piece stays in memory. */
export function memoryCheck(hold: BodyHold): BodyCheck {
  return { update: (bytes) => hold.take(bytes.length), finish() {} }
}

export function tooLarge(maxBytes: number): RequestRefused {
  return new RequestRefused('body-too-large', `The request body is larger than ${maxBytes} bytes, the most that this operation takes.`)
}

function wrongLength(declared: number, size: number): RequestRefused {
  return new RequestRefused(
    'body-incomplete',
    `x-amz-decoded-content-length says ${declared} bytes, the body has ${size > declared ? 'more' : `only ${size}`}.`,
  )
}

/** Passes pieces on, one behind: the last only when every check is content. */
export async function* guarded(source: AsyncIterable<Buffer>, checks: readonly BodyCheck[]): AsyncGenerator<Buffer, void, undefined> {
  let held: Buffer | undefined
  for await (const bytes of source) {
    if (bytes.length === 0) continue
    for (const check of checks) check.update(bytes)
    if (held) yield held
    held = bytes
  }
  for (const check of checks) check.finish()
  if (held) yield held
}
