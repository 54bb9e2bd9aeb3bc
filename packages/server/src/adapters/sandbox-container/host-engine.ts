// The engine of this host: looked for at each use, since it may be started, stopped and started again while the platform runs.
import { PortError } from '#kernel/errors.js'
import type { EngineAvailability } from '#ports/images.js'
import { type Engine, engineAt } from './engine.js'
import { engineSocket } from './engine-socket.js'
import { forwarderFailure } from './forwarder.js'

export interface HostEngine {
  available(): Promise<EngineAvailability>
  /** PortError(port, 'unavailable'), which says what mends it. */
  connect(port: string): Promise<Engine>
}

interface EngineVersion {
  Version: string
  Os: string
  Arch: string
  Components?: { Name: string }[]
}

export function hostEngine(env: Readonly<Record<string, string | undefined>>): HostEngine {
  const engines = new Map<string, Engine>()
  const engineOn = (path: string): Engine => {
    const known = engines.get(path) ?? engineAt(path)
    engines.set(path, known)
    return known
  }

  const find = async (): Promise<{ engine: Engine; found: EngineAvailability & { ok: true } } | { found: EngineAvailability & { ok: false } }> => {
    const at = await engineSocket(env)
    if (at.path === undefined) return { found: { ok: false, reason: at.reason, fix: at.fix } }
    const engine = engineOn(at.path)
    try {
      const said = await engine.call<EngineVersion>({ method: 'GET', path: '/version' })
      const name = said.Components?.some((part) => part.Name === 'Podman Engine') ? 'Podman' : 'Docker Engine'
      return { engine, found: { ok: true, engine: `${name} ${said.Version}`, architecture: said.Arch } }
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause)
      const fix = /EACCES/.test(why)
        ? 'run the platform as a user who may use that socket'
        : 'systemctl start docker (or: systemctl start podman.socket)'
      return { found: { ok: false, reason: `the engine at ${at.path} does not answer: ${why}`, fix } }
    }
  }

  return {
    async available() {
      const { found } = await find()
      const failure = found.ok ? await forwarderFailure() : undefined
      return failure ? { ok: false, ...failure } : found
    },
    async connect(port) {
      const { found, ...rest } = await find()
      if (!found.ok || !('engine' in rest))
        throw new PortError(port, 'unavailable', found.ok ? 'no engine' : `${found.reason}. To mend it: ${found.fix}`)
      return rest.engine
    },
  }
}
