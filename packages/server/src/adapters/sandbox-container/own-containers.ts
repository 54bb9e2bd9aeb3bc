// Which containers of the engine are this data folder's, and which of those this platform runs.
import { removeContainer } from './container-instance.js'
import { labels } from './container-settings.js'
import type { Engine } from './engine.js'

interface Listed {
  Id: string
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
      const stale = listed.filter(({ Labels }) => !running.has(Labels[labels.instance] ?? Labels[labels.network] ?? ''))
      await Promise.all(stale.map(({ Id }) => removeContainer(engine, Id)))
      return stale.flatMap(({ Labels }) => Labels[labels.instance] ?? [])
    },
  }
}
