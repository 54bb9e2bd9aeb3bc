// Lines and counted bytes out of a stream of pieces.
import { RequestRefused } from './sigv4-refusals.js'

/** Size lines, signatures and trailers are short; anything longer is not what it claims to be. */
const maxLine = 4096

export function chunkReader(source: AsyncIterable<Buffer>) {
  const pieces = source[Symbol.asyncIterator]()
  let rest: Buffer = Buffer.alloc(0)

  async function next(): Promise<Buffer | undefined> {
    const { done, value } = await pieces.next()
    return done ? undefined : value
  }

  /** Up to CRLF, which is left out; `undefined` when the stream ended before. */
  async function untilBreak(): Promise<string | undefined> {
    for (;;) {
      const at = rest.indexOf('\r\n')
      if (at >= 0 && at <= maxLine) {
        const line = rest.toString('latin1', 0, at)
        rest = rest.subarray(at + 2)
        return line
      }
      if (rest.length > maxLine)
        throw new RequestRefused('chunk-malformed', `The aws-chunked body is not well formed: a line is longer than ${maxLine} bytes.`)
      const more = await next()
      if (!more) return undefined
      rest = rest.length === 0 ? more : Buffer.concat([rest, more])
    }
  }

  return {
    async line(): Promise<string> {
      const line = await untilBreak()
      if (line === undefined) throw incomplete()
      return line
    },

    /** Like `line`, but the end of the stream counts as an empty one: some clients leave the last CRLF out. */
    async lastLine(): Promise<string> {
      const line = await untilBreak()
      if (line === undefined && rest.length > 0) throw incomplete()
      return line ?? ''
    },

    async exactly(size: number): Promise<Buffer> {
      const parts: Buffer[] = []
      let left = size
      while (left > 0) {
        const part = await this.atMost(left)
        left -= part.length
        parts.push(part)
      }
      return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts)
    },

    /** At least one byte, at most `size`. */
    async atMost(size: number): Promise<Buffer> {
      while (rest.length === 0) {
        const more = await next()
        if (!more) throw incomplete()
        rest = more
      }
      const part = rest.subarray(0, size)
      rest = rest.subarray(part.length)
      return part
    },

    async isAtEnd(): Promise<boolean> {
      while (rest.length === 0) {
        const more = await next()
        if (!more) return true
        rest = more
      }
      return false
    },
  }
}

function incomplete(): RequestRefused {
  return new RequestRefused('body-incomplete', 'The request body ended before its last chunk.')
}
