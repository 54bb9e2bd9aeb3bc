// Objects: named byte sequences too large for the store (artifacts of buckets).
import type { Readable } from 'node:stream'

export interface StoredObject {
  /** Names the bytes for `read` and `remove`; opaque. */
  handle: string
  size: number
  /** Lower-case hex. */
  md5: string
  sha256: string
}

export interface ObjectBytes {
  /**
   * Writes the whole stream to disk and resolves once it is durable. Rejects with the stream's own error, or with
   * PortError('objects', 'too-large') past `maxBytes`; either way nothing is left behind.
   */
  write(body: Readable, options: { maxBytes: number }): Promise<StoredObject>
  /** Byte range is inclusive on both ends. PortError('objects', 'missing') when the handle is unknown. */
  read(handle: string, range?: { start: number; end: number }): Promise<Readable>
  /** The path on this host, for readers that need random access (zip). */
  path(handle: string): string
  /** Safe to call twice. */
  remove(handle: string): Promise<void>
  /** Every handle whose bytes are durable, in no order: so that the owner can remove what no row names any more. */
  handles(): AsyncIterable<string>
}
