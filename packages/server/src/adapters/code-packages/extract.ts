// Unpacks judged entries into a new folder. Believes no size and no checksum that it has not counted itself.
import { chmod, type FileHandle, mkdir, open, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { crc32 } from 'node:zlib'
import type { ZipFile } from 'yauzl'
import { PortError } from '#kernel/errors.js'
import { type PackageEntry, quoted, unsafe } from './entries.js'
import { refuseLinksOut } from './links.js'

/** Files in work at once: inflating waits for the disk and the disk for inflating. */
const lanes = 8
const longestLink = 4096

/** What the lanes share. */
interface Progress {
  bytesLeft: number
  hasFailed: boolean
}

export async function extract(zip: ZipFile, entries: readonly PackageEntry[], into: string, maxBytes: number): Promise<void> {
  const folders = await makeFolders(entries, into)
  const progress: Progress = { bytesLeft: maxBytes, hasFailed: false }
  const files = entries.filter((entry) => entry.kind === 'file').values()
  // The lanes share one iterator: each takes the next file.
  const work = Array.from({ length: lanes }, async () => {
    for (const entry of files) {
      if (progress.hasFailed) return
      await extractFile(zip, entry, into, progress)
    }
  })
  const failed = (await Promise.allSettled(work)).find((outcome) => outcome.status === 'rejected')
  if (failed) throw failed.reason
  await makeLinks(zip, entries, into)
  // Files are read-only; folders stay the owner's to remove, or nobody but root could delete a data folder.
  for (const folder of folders) await chmod(folder, 0o755)
}

async function makeFolders(entries: readonly PackageEntry[], into: string): Promise<string[]> {
  const paths = new Set<string>()
  for (const { path, kind } of entries) {
    for (let folder = kind === 'folder' ? path : dirname(path); folder !== '.' && !paths.has(folder); folder = dirname(folder)) paths.add(folder)
  }
  const folders = [into, ...[...paths].sort().map((path) => join(into, path))]
  for (const folder of folders) await mkdir(folder, { recursive: true, mode: 0o755 })
  return folders
}

async function extractFile(zip: ZipFile, entry: PackageEntry, into: string, progress: Progress): Promise<void> {
  const file = await openNew(join(into, entry.path), entry)
  try {
    let checksum = 0
    for await (const chunk of await zip.openReadStreamPromise(entry.zipEntry)) {
      const bytes = chunk as Uint8Array
      progress.bytesLeft -= bytes.length
      if (progress.bytesLeft < 0) throw new PortError('code', 'too-large', 'the package unpacks to more than its table of contents says')
      checksum = crc32(bytes, checksum)
      await writeAll(file, bytes)
    }
    if (checksum !== entry.zipEntry.crc32) throw damaged(entry)
    // By chmod, since what `open` gets is cut by the umask: the sandbox runs as somebody else.
    await file.chmod(entry.isExecutable ? 0o555 : 0o444)
  } catch (error) {
    progress.hasFailed = true
    throw isOfTheSystem(error) || error instanceof PortError ? error : damaged(entry, error)
  } finally {
    await file.close()
  }
}

async function openNew(path: string, entry: PackageEntry): Promise<FileHandle> {
  try {
    return await open(path, 'wx', 0o600)
  } catch (error) {
    // Two names that differ to a zip can be one to the file system: by case on macOS, for one.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST')
      throw unsafe(entry.path, 'has the same name as another on this file system')
    throw error
  }
}

async function makeLinks(zip: ZipFile, entries: readonly PackageEntry[], into: string): Promise<void> {
  const links = new Map<string, string>()
  for (const entry of entries) {
    if (entry.kind !== 'link') continue
    if (entry.size > longestLink) throw unsafe(entry.path, 'is a link with too long a target')
    links.set(entry.path, await linkTarget(zip, entry))
  }
  refuseLinksOut(links)
  for (const [path, target] of links) await symlink(target, join(into, path))
}

async function linkTarget(zip: ZipFile, entry: PackageEntry): Promise<string> {
  try {
    return (await buffer(await zip.openReadStreamPromise(entry.zipEntry))).toString('utf8')
  } catch (error) {
    throw damaged(entry, error)
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let offset = 0; offset < bytes.length; ) offset += (await file.write(bytes, offset)).bytesWritten
}

function damaged(entry: PackageEntry, cause?: unknown): PortError {
  return new PortError('code', 'not-a-zip', `the package's entry ${quoted(entry.path)} is damaged; make the zip again`, { cause })
}

/** A full disk is not the package's fault. Errors of zlib have a code too, but no syscall. */
function isOfTheSystem(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error
}
