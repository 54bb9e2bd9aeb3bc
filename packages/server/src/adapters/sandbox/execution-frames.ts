// What the platform and packages/guest/src/programs/exec.cjs say to each other: kind (1 byte), length (4 bytes, big endian), payload.
import type { Socket } from 'node:net'

export const toGuest = { start: 0, input: 1, resize: 2 } as const
export const fromGuest = { started: 0, stdout: 1, stderr: 2, exited: 3, refused: 4 } as const

/** The other end is the agent's to replace: what it sends is bounded before it is believed. */
const longestFrame = 1 << 20

export function frame(kind: number, payload: Uint8Array | string): Buffer {
  const bytes = Buffer.from(payload)
  const head = Buffer.alloc(5)
  head.writeUInt8(kind, 0)
  head.writeUInt32BE(bytes.length, 1)
  return Buffer.concat([head, bytes])
}

/** The frames of a connection, no faster than they are taken. Ends when the connection does, in whatever way. */
export async function* framesOf(socket: Socket): AsyncGenerator<{ kind: number; payload: Buffer }> {
  let kept: Buffer[] = []
  let size = 0
  // Joined only when a frame is whole: one that comes byte by byte would cost its length squared.
  let wanted = 5
  const joined = () => {
    const all = kept.length === 1 ? (kept[0] as Buffer) : Buffer.concat(kept)
    kept = [all]
    return all
  }
  try {
    for await (const bytes of socket as AsyncIterable<Buffer>) {
      kept.push(bytes)
      size += bytes.length
      while (size >= wanted) {
        const all = joined()
        const length = all.readUInt32BE(1)
        if (length > longestFrame) return
        wanted = 5 + length
        if (size < wanted) break
        const rest = all.subarray(wanted)
        yield { kind: all.readUInt8(0), payload: all.subarray(5, wanted) }
        kept = [rest]
        size = rest.length
        wanted = 5
      }
    }
  } catch {
    // A broken connection tells no more than a closed one: the process at its other end is gone.
  }
}

/** An object of named numbers and texts; anything else is an empty one. */
export function factsOf(payload: Buffer): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(payload.toString('utf8'))
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
