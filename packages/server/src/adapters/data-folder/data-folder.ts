// The data folder: everything that an installation keeps, in one private place.
import { rmSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import { bringToFormat, currentFormat, type Format } from './format.js'
import { type Lock, takeLock } from './lock.js'
import { privateFolder, tighten } from './permissions.js'
import { type Secrets, secrets } from './secrets.js'

export interface DataFolder extends Secrets {
  readonly dir: string
  readonly paths: {
    /** File of the database. */
    database: string
    /** Bytes of artifacts. */
    objects: string
    /** Unpacked code, by content hash. */
    code: string
    /** Bodies on their way in; emptied at each start. */
    spool: string
    logs: string
    /** One folder for each session. */
    sessions: string
    /** The authority of the TLS port and of sessions. */
    tls: string
  }
  /** Writes into `lock` where the platform answers. */
  announce: Lock['announce']
  /** Lets another platform have the folder. Safe to call twice. */
  release(): void
}

/** Throws PortError('data-folder', code): `in-use`, `newer-format`, `not-yours`, `too-open`, `no-folder`, `unreadable`. */
export function openDataFolder(
  dir: string,
  { clock, ids, format = currentFormat }: { clock: Pick<Clock, 'now'>; ids: Ids; format?: Format },
): DataFolder {
  const root = resolve(dir)
  privateFolder(root)
  const lock = takeLock(root, clock)
  try {
    bringToFormat(root, format)
    const database = join(root, 'agentworks.db')
    const folders = {
      objects: join(root, 'objects'),
      code: join(root, 'code'),
      spool: join(root, 'spool'),
      logs: join(root, 'logs'),
      sessions: join(root, 'sessions'),
      tls: join(root, 'tls'),
    }
    rmSync(folders.spool, { recursive: true, force: true })
    for (const folder of Object.values(folders)) privateFolder(folder)
    const databaseStats = statSync(database, { throwIfNoEntry: false })
    if (databaseStats) tighten(database, databaseStats, 0o600)
    return { dir: root, paths: { database, ...folders }, ...secrets(root, database, ids), announce: lock.announce, release: lock.release }
  } catch (error) {
    lock.release()
    throw error
  }
}
