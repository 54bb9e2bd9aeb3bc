// Makes a container, with a bound on what it writes where the engine's storage driver knows one.
import { containerName, containerSettings, type SettingsInput } from './container-settings.js'
import { type Engine, EngineRefusal } from './engine.js'

/** Engines that refused the bound, so that each start does not try again. */
const unbounded = new WeakSet<Engine>()

/** Known once a container was made. */
export const refusesBound = (engine: Engine) => unbounded.has(engine)

export async function createContainer(
  input: Omit<SettingsInput, 'boundsWrites'> & { engine: Engine },
): Promise<{ id: string; stopSignal: string; boundsWrites: boolean }> {
  const { engine, spec } = input
  const create = (boundsWrites: boolean) =>
    engine.call<{ Id: string }>({
      method: 'POST',
      path: '/containers/create',
      query: { name: containerName(spec.place.instanceId) },
      body: containerSettings({ ...input, boundsWrites }),
    })
  const image = await engine.call<{ Config: { StopSignal?: string } }>({ method: 'GET', path: `/images/${spec.program.imageId}/json` })
  const stopSignal = image.Config.StopSignal || 'SIGTERM'
  if (!unbounded.has(engine)) {
    try {
      return { id: (await create(true)).Id, stopSignal, boundsWrites: true }
    } catch (fault) {
      // "--storage-opt is supported only for overlay over xfs with 'pquota' mount option", and the like of other drivers.
      if (!(fault instanceof EngineRefusal && /storage.?opt|quota|size/i.test(fault.message))) throw fault
      unbounded.add(engine)
    }
  }
  return { id: (await create(false)).Id, stopSignal, boundsWrites: false }
}
