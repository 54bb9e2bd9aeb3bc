// Reads a zip's table of contents and judges all of it before a byte is unpacked.
import { type Entry, getFileNameLowLevel, openPromise, type ZipFile } from 'yauzl'
import { PortError } from '#kernel/errors.js'

export type EntryKind = 'file' | 'folder' | 'link'

export interface PackageEntry {
  /** Relative, with `/`, no empty, `.` or `..` parts. */
  path: string
  kind: EntryKind
  isExecutable: boolean
  size: number
  zipEntry: Entry
}

const mostEntries = 200_000
const longestPath = 4096
const longestName = 255
const stored = 0
const deflated = 8

// From stat(2): the type of a file in the upper bits of its mode.
const typeBits = 0o170000
// A map: as keys of an object the formatter rewrites octal numbers, wrongly.
const kinds = new Map<number, EntryKind>([
  [0, 'file'],
  [0o100000, 'file'],
  [0o040000, 'folder'],
  [0o120000, 'link'],
])

/** Unix, and macOS; others have no file mode in these bits. */
const madeOnUnix = new Set([3, 19])

export async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true })
  } catch (cause) {
    throw notAZip(cause)
  }
}

/** Duplicate folders are one; every other clash is refused. */
export async function readEntries(zip: ZipFile): Promise<PackageEntry[]> {
  if (zip.entryCount > mostEntries) {
    throw new PortError(
      'code',
      'too-large',
      `the package has ${zip.entryCount} entries, the limit is ${mostEntries}; leave out what is not needed to run`,
    )
  }
  const byPath = new Map<string, PackageEntry>()
  try {
    for await (const zipEntry of zip.eachEntry()) {
      const entry = judge(zipEntry)
      if (entry) add(byPath, entry)
    }
  } catch (error) {
    throw error instanceof PortError ? error : notAZip(error)
  }
  for (const entry of byPath.values()) refuseNonFolderAbove(entry, byPath)
  return [...byPath.values()]
}

function judge(zipEntry: Entry): PackageEntry | undefined {
  const name = getFileNameLowLevel(zipEntry.generalPurposeBitFlag, zipEntry.fileNameRaw, zipEntry.extraFields, true)
  const mode = madeOnUnix.has(zipEntry.versionMadeBy >>> 8) ? zipEntry.externalFileAttributes >>> 16 : 0
  const kind = name.endsWith('/') ? 'folder' : kinds.get(mode & typeBits)
  const path = safePath(name)
  if (path === '') return undefined
  if (!kind)
    throw new PortError('code', 'unsupported', `${quoted(name)} is a device, pipe or socket; only files, folders and symbolic links can be unpacked`)
  if (zipEntry.isEncrypted()) throw new PortError('code', 'unsupported', `${quoted(name)} is encrypted; make the zip without a password`)
  if (zipEntry.compressionMethod !== stored && zipEntry.compressionMethod !== deflated) {
    throw new PortError(
      'code',
      'unsupported',
      `${quoted(name)} is compressed by method ${zipEntry.compressionMethod}; use deflate, as zip does by default`,
    )
  }
  return { path, kind, isExecutable: (mode & 0o111) !== 0, size: zipEntry.uncompressedSize, zipEntry }
}

/** `''` is the folder itself. */
function safePath(name: string): string {
  if (name.startsWith('/') || /^[a-zA-Z]:/.test(name)) throw unsafe(name, 'is an absolute path')
  if (name.includes('\\')) throw unsafe(name, 'has a backslash; paths in a zip use /')
  if (/\p{Cc}/u.test(name)) throw unsafe(name, 'has a control character')
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw unsafe(name, 'leads out of the package')
  if (name.length > longestPath || parts.some((part) => Buffer.byteLength(part) > longestName))
    throw unsafe(name, 'is longer than a file system allows')
  return parts.join('/')
}

function add(byPath: Map<string, PackageEntry>, entry: PackageEntry): void {
  const earlier = byPath.get(entry.path)
  if (earlier?.kind === 'folder' && entry.kind === 'folder') return
  if (earlier) throw unsafe(entry.path, 'is there twice')
  byPath.set(entry.path, entry)
}

/** Nothing is ever written through a link, and no file can be a folder. */
function refuseNonFolderAbove({ path }: PackageEntry, byPath: Map<string, PackageEntry>): void {
  for (let end = path.indexOf('/'); end !== -1; end = path.indexOf('/', end + 1)) {
    const above = byPath.get(path.slice(0, end))
    if (above && above.kind !== 'folder') throw unsafe(path, `lies below ${quoted(above.path)}, which is a ${above.kind}`)
  }
}

export function unsafe(name: string, why: string): PortError {
  return new PortError('code', 'unsafe-path', `the package's entry ${quoted(name)} ${why}`)
}

function notAZip(cause?: unknown): PortError {
  const why = cause instanceof Error ? cause.message : 'it has no table of contents'
  return new PortError('code', 'not-a-zip', `the package is no zip that can be read: ${quoted(why).slice(1, -1)}`, { cause })
}

/** Names in a zip are an attacker's text on its way to a terminal. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 200 ? `${text.slice(0, 200)}…` : text)
}
