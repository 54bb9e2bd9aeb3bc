// Which containers of the engine are this data folder's, and which of those this platform runs.
import { removeContainer } from './container-instance.js'
import { containerName, labels } from './container-settings.js'
import type { Engine } from './engine.js'

interface Listed {
  Id: string
  Names: string[]
  Labels: Record<string, string>
}

export type OwnContainers = ReturnType<typeof ownContainers>

export function ownContainers(runtimeDir: string) {
  const running = new Set<string>()

  return {
    add: (instanceId: string) => void running.add(instanceId),
    forget: (instanceId: string) => void running.delete(instanceId),

    /** Ends and removes what an earlier platform on this data folder left; returns its instances, without what held their networks. */
    async endStale(engine: Engine): Promise<string[]> {
      const filters = JSON.stringify({ label: [`${labels.owner}=${runtimeDir}`] })
      const listed = await engine.call<Listed[]>({ method: 'GET', path: '/containers/json', query: { all: 'true', filters } })
      const stale = listed.filter(isOurs).filter(({ Labels }) => !running.has(idIn(Labels)))
      await Promise.all(stale.map(({ Id }) => removeContainer(engine, Id)))
      return stale.flatMap(({ Labels }) => Labels[labels.instance] ?? [])
    },
  }
}

const idIn = (found: Record<string, string>) => found[labels.instance] ?? found[labels.network] ?? ''

/** A container has the labels of its image, and anybody may run an image by hand; a name is given by who makes the container. */
function isOurs({ Names, Labels }: Listed): boolean {
  const id = idIn(Labels)
  return id !== '' && Names.some((name) => name.replace(/^\//, '') === containerName(id))
}
