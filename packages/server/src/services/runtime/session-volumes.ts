// Which volume belongs to which session, and how long it is kept (developer guide: runtime-persistent-filesystems).
import { PortError, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import type { InstanceStorage } from '#ports/sandbox.js'
import { collection, type Transaction } from '#ports/store.js'
import { childrenOf, type VersionDocument } from './documents.js'
import { sandboxFor } from './launcher.js'
import { storageKeptMs, storageSweepMs } from './limits.js'
import type { RuntimeWorld } from './ports.js'
import { keyOf, type Session } from './session.js'

interface StorageDocument {
  volumeId: string
  version: number
  lastUsedAt: number
}

const storageRows = collection<StorageDocument>('session-storage')

export interface SessionVolumes {
  /** The session's volume as it left it, or an empty one for a new session or another version. Undefined when the version wants none. */
  open(session: Session, version: VersionDocument): Promise<InstanceStorage | undefined>
  /** The days until it is forgotten count from here. */
  noteUse(tx: Transaction, session: Session): Promise<void>
  /** Nothing of the runtime runs any more. */
  removeAll(scope: Scope, agentRuntimeId: string): Promise<void>
  /** Forgets what nobody has used for long, and what an earlier platform left without an owner; now, and again by the clock. */
  keepSweeping(isLive: (key: string) => boolean): Promise<void>
  stop(): void
}

export function sessionVolumes(world: RuntimeWorld): SessionVolumes {
  const { store, clock, ids, log, sessionStorage } = world
  let cancelSweep = () => {}

  async function volumeFor({ scope, agentRuntimeId, runtimeSessionId }: Session, version: number) {
    const key = keyOf(agentRuntimeId, runtimeSessionId)
    let outdated: string | undefined
    const volumeId = await store.transaction(async (tx) => {
      const found = await tx.get(storageRows, scope, key)
      const isKept = found?.version === version && clock.now() - found.lastUsedAt < storageKeptMs
      outdated = isKept ? undefined : found?.volumeId
      const document = { volumeId: isKept ? found.volumeId : ids.alphanumeric(24), version, lastUsedAt: clock.now() }
      await tx.put(storageRows, scope, key, document)
      return document.volumeId
    })
    if (outdated !== undefined) await sessionStorage.remove(outdated)
    return sessionStorage.open(volumeId)
  }

  async function sweep(isLive: (key: string) => boolean) {
    // Read before the rows: a volume made from now on has its row already.
    const kept = await sessionStorage.ids()
    const owned = new Set<string>()
    for (const row of await store.all(storageRows)) {
      const isOld = !isLive(row.id) && clock.now() - row.document.lastUsedAt >= storageKeptMs
      if (isOld && (await forget(row, row.id, row.document.volumeId))) log.info('session storage forgotten: long unused', { session: row.id })
      else owned.add(row.document.volumeId)
    }
    for (const id of kept) if (!owned.has(id)) await sessionStorage.remove(id)
  }

  /** False when a session has begun to use it meanwhile. */
  const forget = (scope: Scope, key: string, volumeId: string) =>
    store.transaction(async (tx) => {
      const found = await tx.get(storageRows, scope, key)
      if (found?.volumeId !== volumeId || clock.now() - found.lastUsedAt < storageKeptMs) return false
      return tx.delete(storageRows, scope, key)
    })

  return {
    async open(session, { version, storageMounts, code }) {
      if (!storageMounts) return undefined
      const sandbox = sandboxFor(world, code)
      if (!sandbox.takesStorage)
        throw new ServiceError(
          'RuntimeClientError',
          `Sessions at level ${sandbox.level} have no storage of their own. \`agentworks doctor\` names what is missing.`,
        )
      try {
        const volume = await volumeFor(session, version)
        return { volume, mounts: storageMounts.map((target) => ({ name: target.slice(target.lastIndexOf('/') + 1), target })) }
      } catch (fault) {
        if (!(fault instanceof PortError)) throw fault
        throw new ServiceError('RuntimeClientError', `The storage of session ${session.runtimeSessionId} cannot be opened: ${fault.message}.`, {
          cause: fault,
        })
      }
    },

    async noteUse(tx, { scope, agentRuntimeId, runtimeSessionId, lastActivityAt }) {
      const key = keyOf(agentRuntimeId, runtimeSessionId)
      const found = await tx.get(storageRows, scope, key)
      if (found) await tx.put(storageRows, scope, key, { ...found, lastUsedAt: Math.max(found.lastUsedAt, lastActivityAt) })
    },

    async removeAll(scope, agentRuntimeId) {
      const volumes = await store.transaction(async (tx) => {
        const rows = await tx.list(storageRows, scope, { prefix: childrenOf(agentRuntimeId) })
        for (const row of rows) await tx.delete(storageRows, scope, row.id)
        return rows.map(({ document }) => document.volumeId)
      })
      for (const id of volumes) await sessionStorage.remove(id)
    },

    async keepSweeping(isLive) {
      const again = async () => {
        await sweep(isLive).catch((fault: unknown) => log.error('session storage could not be swept', { error: String(fault) }))
        cancelSweep = clock.after(storageSweepMs, () => void again())
      }
      await again()
    },

    stop: () => cancelSweep(),
  }
}
