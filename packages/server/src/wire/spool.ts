// The spool: where a body waits whose hash must be known before its signature can be checked (boto3 sends none).
// Small ones wait in memory, larger ones in files without a name, bounded in number and bytes over all requests.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Ids } from '#kernel/ids.js'
import { RequestRefused } from './sigv4-refusals.js'

export interface Spooled {
  sha256: string
  size: number
  /** Set when it never left memory. */
  bytes: Buffer | undefined
  stream(): Readable
  /** Safe to call twice. */
  release(): Promise<void>
}

export interface Spool {
  /** Takes all of `body`. Rejects with its error, or with ThrottlingException when the spool is full; nothing stays then. */
  take(body: AsyncIterable<Buffer>): Promise<Spooled>
  usage(): { files: number; bytes: number }
}

export interface SpoolLimits {
  memoryBytes: number
  maxFiles: number
  maxBytes: number
}

const spoolLimits: SpoolLimits = { memoryBytes: 1024 ** 2, maxFiles: 64, maxBytes: 2 * 1024 ** 3 }

/** `dir` belongs to the spool alone: what an earlier process left there is removed. */
export function fileSpool({ dir, ids, limits = spoolLimits }: { dir: string; ids: Pick<Ids, 'uuid'>; limits?: SpoolLimits }): Spool {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const used = { files: 0, bytes: 0 }

  async function openFile(): Promise<SpoolFile> {
    if (used.files >= limits.maxFiles) throw full()
    used.files += 1
    let size = 0
    const path = join(dir, ids.uuid())
    const handle = await open(path, 'wx+', 0o600).catch((error) => {
      used.files -= 1
      throw error
    })
    // Without its name at once: whatever ends this process, the bytes go with it.
    await rm(path)
    let isReleased = false
    return {
      handle,
      async append(bytes) {
        if (used.bytes + bytes.length > limits.maxBytes) throw full()
        used.bytes += bytes.length
        for (let offset = 0; offset < bytes.length; ) offset += (await handle.write(bytes, offset, bytes.length - offset, size + offset)).bytesWritten
        size += bytes.length
      },
      async release() {
        if (isReleased) return
        isReleased = true
        used.files -= 1
        used.bytes -= size
        await handle.close()
      },
    }
  }

  return {
    usage: () => ({ ...used }),

    async take(body) {
      const sha256 = createHash('sha256')
      const kept: Buffer[] = []
      let size = 0
      let file: SpoolFile | undefined
      try {
        for await (const bytes of body) {
          sha256.update(bytes)
          size += bytes.length
          if (!file && size > limits.memoryBytes) {
            file = await openFile()
            for (const earlier of kept.splice(0)) await file.append(earlier)
          }
          if (file) await file.append(bytes)
          else kept.push(bytes)
        }
      } catch (error) {
        await file?.release()
        throw error
      }
      return file ? inFile(file, size, sha256.digest('hex')) : inMemory(Buffer.concat(kept), sha256.digest('hex'))
    },
  }
}

interface SpoolFile {
  handle: FileHandle
  append(bytes: Buffer): Promise<void>
  release(): Promise<void>
}

function inMemory(bytes: Buffer, sha256: string): Spooled {
  return { sha256, size: bytes.length, bytes, stream: () => Readable.from([bytes], { objectMode: false }), release: async () => {} }
}

function inFile(file: SpoolFile, size: number, sha256: string): Spooled {
  let reader: Readable | undefined
  return {
    sha256,
    size,
    bytes: undefined,
    stream() {
      reader = file.handle.createReadStream({ start: 0, autoClose: false })
      return reader
    },
    async release() {
      reader?.destroy()
      await file.release()
    },
  }
}

function full(): RequestRefused {
  return new RequestRefused(
    'spool-full',
    'Too many large requests without x-amz-content-sha256 are waiting to be checked. Try again, or send the hash of the body.',
  )
}
