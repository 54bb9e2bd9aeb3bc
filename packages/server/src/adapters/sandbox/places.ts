// The folders of instances: one for each incarnation, short enough for socket names, gone when the instance is.
import { chmod, chown, lstat, mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { PortError } from '#kernel/errors.js'

// sun_path holds 108 bytes on Linux and 104 on macOS, with the closing zero.
const socketPathBytes = 103

/** Where things of one instance lie on the host. */
export interface Place {
  dir: string
  /** The agent can read this and connect to sockets in it. */
  platformDir: string
  platformSocketPath: string
  /** The agent can write this: sockets only. */
  agentDir: string
}

export interface Places {
  at(instanceId: string): Place
  /** `owner` is the host's user that the session runs as, when it is not the platform's. */
  make(instanceId: string, owner?: number): Promise<Place>
  remove(instanceId: string): Promise<void>
  /** Ids of places that this platform did not make. */
  stale(): Promise<string[]>
}

export function places(runtimeDir: string, level: string): Places {
  const root = join(runtimeDir, level)
  const ours = new Set<string>()
  let rootReady: Promise<void> | undefined

  const at = (instanceId: string): Place => {
    const dir = join(root, instanceId)
    const platformDir = join(dir, 'platform')
    return { dir, platformDir, platformSocketPath: join(platformDir, 'api.sock'), agentDir: join(dir, 'agent') }
  }

  return {
    at,

    async make(instanceId, owner) {
      if (!/^[A-Za-z0-9_-]+$/.test(instanceId)) throw new PortError('sandbox', 'cannot-start', `instance id ${instanceId} is not safe as a file name`)
      const place = at(instanceId)
      if (Buffer.byteLength(place.platformSocketPath) > socketPathBytes - 8) {
        throw new PortError('sandbox', 'cannot-start', `the runtime folder ${runtimeDir} is too long for socket names: choose a shorter one`)
      }
      rootReady ??= makeRoot(runtimeDir, root)
      await rootReady
      ours.add(instanceId)
      await mkdir(place.dir, { mode: 0o700 })
      await Promise.all([mkdir(place.platformDir, { mode: 0o755 }), mkdir(place.agentDir, { mode: 0o700 })])
      // Against a strict umask: the session's user must get through to the platform's socket.
      if (owner !== undefined) {
        await Promise.all([chmod(place.platformDir, 0o755), chown(place.dir, owner, owner), chown(place.agentDir, owner, owner)])
      }
      return place
    },

    async remove(instanceId) {
      await rm(at(instanceId).dir, { recursive: true, force: true, maxRetries: 3 })
      ours.delete(instanceId)
    },

    async stale() {
      const names = await readdir(root).catch(() => [])
      return names.filter((name) => !ours.has(name))
    },
  }
}

async function makeRoot(runtimeDir: string, root: string): Promise<void> {
  await mkdir(runtimeDir, { recursive: true, mode: 0o711 })
  await mkdir(root, { recursive: true, mode: 0o711 })
  for (const dir of [runtimeDir, root]) {
    const found = await lstat(dir)
    // Someone else could have laid it there first, in a folder that all may write.
    if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
      throw new PortError('sandbox', 'cannot-start', `${dir} is not a folder of this user's own: remove it, or choose another runtime folder`)
    }
    await chmod(dir, 0o711)
  }
}
