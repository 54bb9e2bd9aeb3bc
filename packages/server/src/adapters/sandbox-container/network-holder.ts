// A container's network is there before the container is: a small container holds it open, until its way out is tied and filtered,
// the forwarder listens, and the agent has joined. The agent's first instruction finds all of it, and at no moment more.
import type { Ids } from '#kernel/ids.js'
import { inspect, removeContainer } from './container-instance.js'
import { containerName, holderSettings } from './container-settings.js'
import { emptyImage, hostPrograms } from './empty-image.js'
import type { Engine } from './engine.js'
import type { OwnContainers } from './own-containers.js'

export interface NetworkHolder {
  id: string
  /** Of its only process: `/proc/PID/ns/net` is the network. */
  pid: number
  /** Whether that process is still the holder's: its id could be somebody else's by now. */
  isStill(): Promise<boolean>
  /** Once the agent is in it: the network lives as long as anything is. */
  joined(): Promise<void>
  /** Once no agent needs it. Safe to call twice. */
  remove(): Promise<void>
}

export interface NetworkHolders {
  /** Takes the one that is ready, and makes the next ready meanwhile. */
  take(engine: Engine): Promise<NetworkHolder>
  close(): Promise<void>
}

export interface NetworkHoldersInput {
  runtimeDir: string
  ids: Ids
  own: OwnContainers
  /** Marks on disk that there is something to look for, should this platform be killed. */
  mark: { make(id: string): Promise<unknown>; remove(id: string): Promise<void> }
}

export function networkHolders({ runtimeDir, ids, own, mark }: NetworkHoldersInput): NetworkHolders {
  let spare: { engine: Engine; holder: Promise<NetworkHolder> } | undefined
  let isClosed = false

  const make = async (engine: Engine): Promise<NetworkHolder> => {
    const name = `net-${ids.alphanumeric(10).toLowerCase()}`
    own.add(name)
    await mark.make(name)
    let id: string | undefined
    const remove = async () => {
      if (id !== undefined) await removeContainer(engine, id)
      own.forget(name)
      await mark.remove(name)
    }
    try {
      const body = holderSettings({ imageId: await emptyImage(engine), name, runtimeDir, readOnly: hostPrograms() })
      id = (await engine.call<{ Id: string }>({ method: 'POST', path: '/containers/create', query: { name: containerName(name) }, body })).Id
      await engine.call({ method: 'POST', path: `/containers/${id}/start` })
      const container = id
      const [{ State }, needsHolder] = await Promise.all([inspect(engine, container), tiesContainers(engine)])
      const pid = State.Pid
      const joined = async () => {
        if (!needsHolder) await remove()
      }
      return { id: container, pid, joined, remove, isStill: async () => pid > 0 && (await inspect(engine, container)).State.Pid === pid }
    } catch (fault) {
      await remove().catch(() => {})
      throw fault
    }
  }

  /** An engine that was started anew has ended it. */
  const ready = async (engine: Engine): Promise<NetworkHolder | undefined> => {
    const found = spare
    spare = undefined
    const holder = await found?.holder.catch(() => undefined)
    if (!holder) return undefined
    if (found?.engine === engine && (await holder.isStill().catch(() => false))) return holder
    await holder.remove().catch(() => {})
    return undefined
  }

  return {
    async take(engine) {
      const holder = (await ready(engine)) ?? (await make(engine))
      if (!isClosed && !spare) {
        const next = make(engine)
        next.catch(() => {})
        spare = { engine, holder: next }
      }
      return holder
    },

    async close() {
      isClosed = true
      const holder = await spare?.holder.catch(() => undefined)
      spare = undefined
      await holder?.remove().catch(() => {})
    },
  }
}

/** Podman lets no container go whose network another one has, or takes that one along. */
async function tiesContainers(engine: Engine): Promise<boolean> {
  const { Components = [] } = await engine.call<{ Components?: { Name: string }[] }>({ method: 'GET', path: '/version' })
  return Components.some(({ Name }) => Name === 'Podman Engine')
}
