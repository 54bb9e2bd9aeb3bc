// Volumes in the data folder: images where this host can mount them, else folders that are measured.
import { chmod, lstat, mkdir, readdir, realpath, rm, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { PortError } from '#kernel/errors.js'
import type { SessionStorage, Volume } from '#ports/session-storage.js'
import { imageFailure, isAttached, makeImage } from './image.js'

export interface VolumesOptions {
  /** A folder that is closed to others; absolute. */
  dir: string
  bytes: number
  /** For tests of hosts without loop devices. */
  kinds?: readonly Volume['kind'][]
}

const imageEnding = '.ext4'
/** Of the host's disk, left alone by new volumes: the platform writes there too. */
const reservedBytes = 1 << 30
const releaseMs = 10_000

export function sessionVolumes({ dir, bytes, kinds = ['image', 'folder'] }: VolumesOptions): SessionStorage {
  let tried: Promise<string | undefined> | undefined
  const failure = () => {
    tried ??= kinds.includes('image') ? imageFailure(dir) : Promise.resolve('images are not wanted')
    return tried
  }
  const imageOf = (id: string) => join(dir, `${id}${imageEnding}`)
  const folderOf = (id: string) => join(dir, id)

  async function make(id: string): Promise<Volume> {
    const { bavail, bsize } = await statfs(dir)
    if (bavail * bsize < reservedBytes)
      throw new PortError('session-storage', 'no-space', `the disk of ${dir} is nearly full: no new session storage is made on it`)
    if ((await failure()) === undefined) {
      await makeImage(imageOf(id), bytes)
      return { id, kind: 'image', path: imageOf(id) }
    }
    await mkdir(folderOf(id), { mode: 0o755 })
    return { id, kind: 'folder', path: folderOf(id) }
  }

  return {
    bytes,

    async open(id) {
      if (!/^[A-Za-z0-9]+$/.test(id)) throw new PortError('session-storage', 'cannot-open', `volume id ${id} is not safe as a file name`)
      const [image, folder] = await Promise.all([exists(imageOf(id)), exists(folderOf(id))])
      if (folder) return { id, kind: 'folder', path: folderOf(id) }
      if (!image) return make(id)
      const why = await failure()
      if (why !== undefined)
        throw new PortError('session-storage', 'cannot-open', `this session's storage was made by root on a host with loop devices; now ${why}`)
      await released(await realpath(imageOf(id)))
      return { id, kind: 'image', path: imageOf(id) }
    },

    usedBytes: async ({ kind, path }) => (kind === 'folder' ? sizeOf(path) : 0),

    async remove(id) {
      await openFolders(folderOf(id))
      for (const path of [imageOf(id), `${imageOf(id)}.new`, folderOf(id)]) await rm(path, { recursive: true, force: true, maxRetries: 3 })
    },

    async ids() {
      const names = await readdir(dir)
      return [...new Set(names.map((name) => /^([A-Za-z0-9]+)(\.ext4(\.new)?)?$/.exec(name)?.[1]).filter((id) => id !== undefined))]
    },

    async probe() {
      const name = 'session storage is bounded'
      const why = await failure()
      if (why === undefined) return [{ name, holds: true, detail: `each session's storage is a file system of its own, of ${bytes >> 20} MiB` }]
      const detail = `storage is measured every few seconds, and a session over ${bytes >> 20} MiB is ended: ${why}`
      return [{ name, holds: false, detail, fix: 'apt-get install e2fsprogs mount, and run the platform as root on a host with loop devices' }]
    },
  }
}

async function released(image: string): Promise<void> {
  const end = performance.now() + releaseMs
  while (await isAttached(image)) {
    if (performance.now() > end) throw new PortError('session-storage', 'in-use', 'the storage is still held by an earlier instance of this session')
    await delay(5)
  }
}

async function sizeOf(dir: string): Promise<number> {
  let bytes = 0
  const entries = await readdir(dir, { withFileTypes: true }).catch((fault: NodeJS.ErrnoException) => (fault.code === 'ENOENT' ? [] : undefined))
  // Closed to its own user: what lies in there must not escape the bound.
  if (!entries) return Number.POSITIVE_INFINITY
  for (const entry of entries) {
    const path = join(dir, entry.name)
    if (entry.isDirectory()) bytes += await sizeOf(path)
    const found = await lstat(path).catch(() => undefined)
    // What it takes on the disk: a sparse file takes less than it seems to.
    bytes += (found?.blocks ?? 0) * 512
  }
  return bytes
}

/** An agent may have closed its folders to the very user that removes them. Nothing of it runs any more. */
async function openFolders(dir: string): Promise<void> {
  if (!(await lstat(dir).catch(() => undefined))?.isDirectory()) return
  await chmod(dir, 0o700)
  for (const entry of await readdir(dir, { withFileTypes: true })) if (entry.isDirectory()) await openFolders(join(dir, entry.name))
}

const exists = (path: string) =>
  lstat(path).then(
    () => true,
    () => false,
  )
