// The last output of a shell, for a client that comes back.
import { shellReplayBytes } from './limits.js'

export function shellReplay(most = shellReplayBytes) {
  const pieces: Buffer[] = []
  let size = 0
  return {
    add(piece: Buffer): void {
      // A copy: the piece may be a corner of something bigger, which it would keep in memory.
      pieces.push(Buffer.from(piece))
      size += piece.length
      while (size - (pieces[0]?.length ?? 0) >= most) size -= pieces.shift()?.length ?? 0
      // Many small pieces cost more than their bytes.
      if (pieces.length > 1_024) pieces.splice(0, pieces.length, Buffer.concat(pieces))
    },
    all(): Buffer {
      const whole = Buffer.concat(pieces)
      return whole.subarray(Math.max(0, whole.length - most))
    },
  }
}
