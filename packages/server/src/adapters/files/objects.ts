// Objects as files. Bytes go to `incoming` first and get their name by a rename once they are on disk, so that a name
// that can be seen always leads to the whole object.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync } from 'node:fs'
import { type FileHandle, mkdir, open, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { PortError } from '#kernel/errors.js'
import { type Ids, randomIds } from '#kernel/ids.js'
import type { ObjectBytes } from '#ports/objects.js'

/** 256 folders, so that none gets slow to read. */
const folderPattern = /^[0-9a-f]{2}$/
const handlePattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export function fileObjects(dir: string, { ids = randomIds }: { ids?: Pick<Ids, 'uuid'> } = {}): ObjectBytes {
  const incoming = join(dir, 'incoming')
  // What a killed platform left half-written: one platform owns a data folder, so nobody is writing there now.
  rmSync(incoming, { recursive: true, force: true })
  mkdirSync(incoming, { recursive: true, mode: 0o700 })

  const path = (handle: string) => {
    if (!handlePattern.test(handle)) throw missing(handle)
    return join(dir, handle.slice(0, 2), handle)
  }

  return {
    path,

    async write(body, { maxBytes }) {
      const handle = ids.uuid()
      const temporary = join(incoming, handle)
      try {
        const facts = await receive(body, temporary, maxBytes)
        await publish(temporary, path(handle))
        return { handle, ...facts }
      } catch (error) {
        await rm(temporary, { force: true })
        throw asPortError(error)
      }
    },

    async read(handle, range) {
      const file = await open(path(handle), 'r').catch((cause) => {
        throw isCode(cause, 'ENOENT') ? missing(handle) : cause
      })
      return file.createReadStream(range)
    },

    async remove(handle) {
      await rm(path(handle), { force: true })
    },

    async *handles() {
      for (const folder of await readdir(dir)) {
        if (!folderPattern.test(folder)) continue
        for (const name of await readdir(join(dir, folder))) if (handlePattern.test(name)) yield name
      }
    },
  }
}

async function receive(body: Readable, temporary: string, maxBytes: number): Promise<{ size: number; md5: string; sha256: string }> {
  const md5 = createHash('md5')
  const sha256 = createHash('sha256')
  let size = 0
  const file = await open(temporary, 'wx', 0o600)
  try {
    for await (const chunk of body) {
      const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : (chunk as Uint8Array)
      size += bytes.length
      if (size > maxBytes) throw new PortError('objects', 'too-large', `the object is larger than ${maxBytes} bytes`)
      md5.update(bytes)
      sha256.update(bytes)
      await writeAll(file, bytes)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { size, md5: md5.digest('hex'), sha256: sha256.digest('hex') }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) offset += (await file.write(bytes, offset)).bytesWritten
}

async function publish(temporary: string, final: string): Promise<void> {
  const folder = join(final, '..')
  const isNew = (await mkdir(folder, { recursive: true, mode: 0o700 })) !== undefined
  await rename(temporary, final)
  await syncFolder(folder)
  if (isNew) await syncFolder(join(folder, '..'))
}

/** A name is durable only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function missing(handle: string): PortError {
  return new PortError('objects', 'missing', `no object has the handle ${JSON.stringify(handle.slice(0, 64))}`)
}

function asPortError(error: unknown): unknown {
  if (!isCode(error, 'ENOSPC') && !isCode(error, 'EDQUOT')) return error
  return new PortError('objects', 'no-space', 'the disk of the data folder is full; free some space and try again', { retryable: true, cause: error })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
