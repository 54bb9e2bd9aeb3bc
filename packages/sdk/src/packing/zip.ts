// Files into a zip on disk. Equal files give equal bytes, so that an unchanged agent is not uploaded again.
import { createHash } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { ZipFile } from 'yazl'
import type { PackedFile } from './files.js'

export interface Zip {
  path: string
  bytes: number
  /** Lower-case hex. */
  sha256: string
}

const mtime = new Date('2026-01-01T00:00:00Z')
const symbolicLink = 0o120777

export async function zipTo(path: string, files: PackedFile[]): Promise<Zip> {
  const zip = new ZipFile()
  for (const { path: source, place, executable, linkTo } of files) {
    if (linkTo !== undefined) zip.addBuffer(Buffer.from(linkTo), place, { mtime, mode: symbolicLink, compress: false })
    else zip.addFile(source, place, { mtime, mode: executable ? 0o100755 : 0o100644 })
  }
  zip.end()
  const hash = createHash('sha256')
  let bytes = 0
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(undefined, chunk)
    },
  })
  const unreadable = new Promise<never>((_, reject) => zip.on('error', reject))
  await Promise.race([pipeline(zip.outputStream, counted, createWriteStream(path, { mode: 0o600 })), unreadable])
  return { path, bytes, sha256: hash.digest('hex') }
}
