// The session's volume inside its sandbox: mounted below the session's own place, and from there bound to where the agent wants it.
import { chown, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { imageMountOptions } from '#adapters/session-storage/image.js'
import type { InstanceStorage } from '#ports/sandbox.js'
import type { WritableBind } from './profile.js'

export interface StagedStorage {
  /** Options, source and target for `mount`, in threes. */
  mounts: string[]
  /** Folders for the session's user, on those mounts. */
  folders: string[]
  writable: WritableBind[]
}

const none: StagedStorage = { mounts: [], folders: [], writable: [] }

export async function stageStorage(storage: InstanceStorage | undefined, placeDir: string, user: number | undefined): Promise<StagedStorage> {
  if (!storage) return none
  const { volume, mounts } = storage
  if (volume.kind === 'folder' && user === undefined) {
    // Nobody stands between the platform's user and its own folder: bound as it lies there.
    for (const { name } of mounts) await mkdir(join(volume.path, name), { recursive: true, mode: 0o700 })
    return { ...none, writable: mounts.map(({ name, target }) => ({ source: join(volume.path, name), target })) }
  }
  const point = join(placeDir, 'storage')
  await mkdir(point, { mode: 0o700 })
  if (user !== undefined) await chown(point, user, user)
  const options = volume.kind === 'image' ? `-o${imageMountOptions}` : '--bind'
  return {
    mounts: [options, volume.path, point],
    folders: mounts.map(({ name }) => join(point, name)),
    writable: mounts.map(({ name, target }) => ({ source: join(point, name), target })),
  }
}
