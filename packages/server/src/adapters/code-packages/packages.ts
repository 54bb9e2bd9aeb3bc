// Code packages on disk: DIR/SHA256/code is the unpacked folder. It gets its name, by a rename, once it is whole.
import { randomUUID } from 'node:crypto'
import { chmod, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PortError } from '#kernel/errors.js'
import type { CodePackage, CodePackages } from '#ports/code-packages.js'
import { biggestFolders, megabytes } from './biggest-folders.js'
import { openZip, type PackageEntry, readEntries } from './entries.js'
import { extract } from './extract.js'

const unfinished = 'unfinished-'
const code = 'code'
const facts = 'unpacked.json'

export function codePackages(dir: string, { uuid = randomUUID }: { uuid?: () => string } = {}): CodePackages {
  const inWork = new Map<string, Promise<CodePackage>>()
  let swept: Promise<void> | undefined

  const home = (sha256: string) => {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw new PortError('code', 'bad-hash', 'a code package is named by 64 lower-case hex digits')
    return join(dir, sha256)
  }

  async function unpackNew(zipPath: string, target: string, limitBytes: number): Promise<CodePackage> {
    swept ??= sweep(dir)
    await swept
    const temporary = join(dir, unfinished + uuid())
    const zip = await openZip(zipPath)
    try {
      const entries = await readEntries(zip)
      const unpackedBytes = entries.reduce((sum, entry) => sum + entry.size, 0)
      if (unpackedBytes > limitBytes) throw tooLarge(unpackedBytes, limitBytes, entries)
      await mkdir(temporary, { recursive: true, mode: 0o755 })
      await extract(zip, entries, join(temporary, code), limitBytes)
      await writeFile(join(temporary, facts), JSON.stringify({ unpackedBytes }))
      await chmod(temporary, 0o755)
      await rename(temporary, target)
      return { dir: join(target, code), unpackedBytes }
    } catch (error) {
      await removeTree(temporary)
      throw asPortError(error)
    } finally {
      zip.close()
    }
  }

  /** Who asks for the same package at the same time gets the same work. */
  function shared(zipPath: string, sha256: string, limitBytes: number): Promise<CodePackage> {
    const target = home(sha256)
    const running = inWork.get(sha256)
    if (running) return running
    const work = find(target)
      .then((ready) => ready ?? unpackNew(zipPath, target, limitBytes))
      .finally(() => inWork.delete(sha256))
    inWork.set(sha256, work)
    return work
  }

  return {
    async unpack(zipPath, sha256, { unpackedBytes: limitBytes }) {
      const unpacked = await shared(zipPath, sha256, limitBytes)
      if (unpacked.unpackedBytes > limitBytes) throw tooLarge(unpacked.unpackedBytes, limitBytes)
      return unpacked
    },

    dir: (sha256) => join(home(sha256), code),

    async remove(sha256) {
      const target = home(sha256)
      const leaving = join(dir, unfinished + uuid())
      try {
        await rename(target, leaving)
      } catch (error) {
        if (isCode(error, 'ENOENT')) return
        throw error
      }
      await removeTree(leaving)
    },
  }
}

async function find(target: string): Promise<CodePackage | undefined> {
  try {
    const { unpackedBytes } = JSON.parse(await readFile(join(target, facts), 'utf8')) as { unpackedBytes: number }
    return { dir: join(target, code), unpackedBytes }
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  }
}

/** What a killed platform was unpacking or removing. */
async function sweep(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o755 })
  for (const name of await readdir(dir)) if (name.startsWith(unfinished)) await removeTree(join(dir, name))
}

/** Unpacked folders are read-only, and only root can empty such a folder as it is. */
async function removeTree(path: string): Promise<void> {
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory()
  if (!isFolder) return
  await openUp(path)
  await rm(path, { recursive: true, force: true })
}

async function openUp(folder: string): Promise<void> {
  await chmod(folder, 0o700)
  for (const entry of await readdir(folder, { withFileTypes: true })) if (entry.isDirectory()) await openUp(join(folder, entry.name))
}

function tooLarge(foundBytes: number, limitBytes: number, entries?: readonly PackageEntry[]): PortError {
  const where = entries ? `; biggest folders: ${biggestFolders(entries)}` : ''
  return new PortError('code', 'too-large', `the package unpacks to ${megabytes(foundBytes)}, the limit is ${megabytes(limitBytes)}${where}`)
}

function asPortError(error: unknown): unknown {
  if (!isCode(error, 'ENOSPC') && !isCode(error, 'EDQUOT')) return error
  return new PortError('code', 'no-space', 'the disk of the data folder is full; free some space and try again', { retryable: true, cause: error })
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
