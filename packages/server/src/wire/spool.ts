// The spool: where a body waits whose hash must be known before its signature can be checked (boto3 sends none).
// Small ones wait in memory, larger ones in files without a name, bounded in number and bytes over all requests.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { type FileHandle, open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import type { Ids } from '#kernel/ids.js'
import { type BodyHold, isSessionKey } from './body-budget.js'
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
  take(body: AsyncIterable<Buffer>, owner: SpoolOwner): Promise<Spooled>
  usage(): { files: number; bytes: number }
}

/** Who waits. Anybody can name an access key id, so one id must never fill the spool for the others. */
export interface SpoolOwner {
  accessKeyId: string
  /** Counts what is kept in memory; emptied when the body moves to a file. */
  memory: BodyHold
}

interface SpoolShare {
  files: number
  bytes: number
}

export interface SpoolLimits {
  memoryBytes: number
  maxFiles: number
  maxBytes: number
  perKey: SpoolShare
  perSession: SpoolShare
}

const mib = 1024 ** 2
const spoolLimits: SpoolLimits = {
  memoryBytes: mib,
  maxFiles: 64,
  maxBytes: 2048 * mib,
  perKey: { files: 16, bytes: 1024 * mib },
  perSession: { files: 4, bytes: 256 * mib },
}
/** The disk or a quota has no room: the client's to try again, no defect of ours. */
const noRoom = new Set(['ENOSPC', 'EDQUOT', 'EFBIG'])

/** `dir` belongs to the spool alone: what an earlier process left there is removed. */
export function fileSpool({ dir, ids, limits = spoolLimits }: { dir: string; ids: Pick<Ids, 'uuid'>; limits?: SpoolLimits }): Spool {
  rmSync(dir, { recursive: true, force: true })
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const used: SpoolShare = { files: 0, bytes: 0 }
  const shares = new Map<string, SpoolShare>()

  async function openFile({ accessKeyId }: SpoolOwner): Promise<SpoolFile> {
    const own = shares.get(accessKeyId) ?? { files: 0, bytes: 0 }
    const most = isSessionKey(accessKeyId) ? limits.perSession : limits.perKey
    if (used.files >= limits.maxFiles || own.files >= most.files) throw full()
    shares.set(accessKeyId, own)
    used.files += 1
    own.files += 1
    let size = 0
    const giveBack = () => {
      used.files -= 1
      used.bytes -= size
      own.files -= 1
      own.bytes -= size
      if (own.files === 0) shares.delete(accessKeyId)
    }
    const handle = await openUnnamed(join(dir, ids.uuid())).catch((error) => {
      giveBack()
      throw asFull(error)
    })
    let isReleased = false
    return {
      handle,
      async append(bytes) {
        if (used.bytes + bytes.length > limits.maxBytes || own.bytes + bytes.length > most.bytes) throw full()
        const start = size
        // Before the write: what one that fails has counted goes back with the rest.
        size += bytes.length
        used.bytes += bytes.length
        own.bytes += bytes.length
        try {
          for (let offset = 0; offset < bytes.length; )
            offset += (await handle.write(bytes, offset, bytes.length - offset, start + offset)).bytesWritten
        } catch (error) {
          throw asFull(error)
        }
      },
      async release() {
        if (isReleased) return
        isReleased = true
        giveBack()
        await handle.close()
      },
    }
  }

  return {
    usage: () => ({ ...used }),

    async take(body, owner) {
      const sha256 = createHash('sha256')
      const kept: Buffer[] = []
      let size = 0
      let file: SpoolFile | undefined
      try {
        for await (const bytes of body) {
          sha256.update(bytes)
          size += bytes.length
          if (!file && size > limits.memoryBytes) {
            file = await openFile(owner)
            for (const earlier of kept.splice(0)) await file.append(earlier)
            owner.memory.release()
          }
          if (file) await file.append(bytes)
          else {
            owner.memory.take(bytes.length)
            kept.push(bytes)
          }
        }
      } catch (error) {
        await file?.release()
        throw error
      }
      return file ? inFile(file, size, sha256.digest('hex')) : inMemory(Buffer.concat(kept), sha256.digest('hex'))
    },
  }
}

/** Without its name at once: whatever ends this process, the bytes go with it. */
async function openUnnamed(path: string): Promise<FileHandle> {
  const handle = await open(path, 'wx+', 0o600)
  try {
    await rm(path)
    return handle
  } catch (error) {
    await handle.close()
    throw error
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

function full(cause?: unknown): RequestRefused {
  return new RequestRefused(
    'spool-full',
    'Too many large requests without x-amz-content-sha256 are waiting to be checked. Try again, or send the hash of the body.',
    { cause },
  )
}

function asFull(error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return noRoom.has(code) ? full(error) : error
}
