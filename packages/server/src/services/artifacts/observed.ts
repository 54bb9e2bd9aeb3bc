import { Readable } from 'node:stream'

/** The same bytes, each piece seen on its way. */
export function observed(body: Readable, see: (piece: Uint8Array) => void): Readable {
  async function* pieces() {
    for await (const piece of body) {
      see(piece)
      yield piece
    }
  }
  return Readable.from(pieces(), { objectMode: false })
}
