// Level container: an image runs in a container of the host's engine, without capabilities and without any network but its
// own loopback, where the platform's forwarder joins it.
import { once } from 'node:events'
import { cannotStart } from '#adapters/sandbox/agent-process.js'
import { agentSocket } from '#adapters/sandbox/agent-socket.js'
import { readLines } from '#adapters/sandbox/output-lines.js'
import { places } from '#adapters/sandbox/places.js'
import { identify } from '#adapters/sandbox/process-identity.js'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { ImageProgram, Instance, InstanceSpec, NetworkMode, Reach, Sandbox } from '#ports/sandbox.js'
import { containerEnd, containerInstance, inspect, removeContainer } from './container-instance.js'
import { type ContainerSizes, containerSizes, type SettingsInput } from './container-settings.js'
import { createContainer } from './create-container.js'
import type { Engine } from './engine.js'
import { forwarderFailure, platformPort, startForwarder } from './forwarder.js'
import type { HostEngine } from './host-engine.js'
import { output } from './output.js'
import { ownContainers } from './own-containers.js'
import { probeContainers } from './probe.js'

export interface ContainerSandboxOptions {
  /** Short (sockets lie in it), the same for each start on one data folder, used by nobody else. Made when missing. */
  runtimeDir: string
  host: HostEngine
  clock: Clock
  ids: Ids
  sizes?: ContainerSizes
}

export type ContainerSandbox = Sandbox<ImageProgram>

/** What differs from one start to the other: agents take all of it as it is, the probe of `doctor` does not. */
export type StartSetting = Pick<SettingsInput, 'sizes' | 'readOnly' | 'command'>

export function containerSandbox({ runtimeDir, host, clock, ids, sizes = containerSizes }: ContainerSandboxOptions): ContainerSandbox {
  const instances = places(runtimeDir, 'c')
  const own = ownContainers(runtimeDir)
  let swept = false

  const sweep = async (engine: Engine) => {
    const ended = await own.endStale(engine)
    swept = true
    return ended
  }

  const startWithin = async (setting: StartSetting, spec: InstanceSpec<ImageProgram>): Promise<Instance> => {
    const failure = await forwarderFailure()
    if (failure) throw new PortError('sandbox', 'cannot-start', `${failure.reason}. To mend it: ${failure.fix}`)
    const engine = await host.connect('sandbox')
    // An engine that was not there when the platform started may hold what an earlier platform left.
    if (!swept) await sweep(engine)
    const { instanceId } = spec.place
    own.add(instanceId)
    try {
      return await launch({ spec, engine, runtimeDir, ...setting })
    } catch (fault) {
      own.forget(instanceId)
      return cannotStart(fault)
    }
  }

  const launch = async (input: Omit<SettingsInput, 'boundsWrites'> & { engine: Engine }): Promise<Instance> => {
    const { spec, engine } = input
    const { instanceId } = spec.place
    const place = instances.at(instanceId)
    const { id, stopSignal } = await createContainer(input)
    try {
      const connection = await engine.upgrade(`/containers/${id}/attach`, { stream: '1', stdout: '1', stderr: '1' })
      const { stdout, stderr } = output(connection)
      readLines(stdout, clock, (line) => spec.onOutput('stdout', line))
      readLines(stderr, clock, (line) => spec.onOutput('stderr', line))
      const outputEnded = Promise.all([once(stdout, 'close'), once(stderr, 'close')]).then(() => undefined)
      const socket = agentSocket(place)
      try {
        await engine.call({ method: 'POST', path: `/containers/${id}/start` })
        const ended = containerEnd(engine, id)
        const { State } = await inspect(engine, id)
        const isStill = async () => (await inspect(engine, id)).State.Pid === State.Pid
        const forwarder = State.Running ? await startForwarder({ place, port: spec.port, pid: State.Pid, isStill }) : undefined
        if (forwarder?.stderr) readLines(forwarder.stderr, clock, (line) => spec.onOutput('stderr', `[agentworks] joining the container: ${line}`))
        const removePlace = async () => {
          connection.destroy()
          own.forget(instanceId)
          await instances.remove(instanceId)
        }
        return containerInstance({
          engine,
          id,
          pid: State.Pid,
          process: State.Running ? await identify(State.Pid) : undefined,
          reach: reachOf(spec.networkMode),
          stopSignal,
          ended,
          outputEnded,
          forwarder,
          socket,
          clock,
          removePlace,
        })
      } catch (fault) {
        connection.destroy()
        socket.close()
        throw fault
      }
    } catch (fault) {
      await removeContainer(engine, id).catch(() => {})
      throw fault
    }
  }

  const sandbox: ContainerSandbox = {
    level: 'container',
    notice: 'Isolation container: the session reaches the platform and nothing else; networkMode PUBLIC has no internet at this level yet.',
    platformUrl: () => `http://127.0.0.1:${platformPort}`,

    async prepare(instanceId) {
      const { platformSocketPath } = await instances.make(instanceId)
      return { instanceId, platformSocketPath }
    },

    start: (spec) => startWithin({ sizes }, spec),

    discard: ({ instanceId }) => instances.remove(instanceId),

    async endOrphans() {
      const stale = await instances.stale()
      // An engine may be started by being asked: not without a reason.
      if (stale.length === 0) return []
      const ended = await host.connect('sandbox').then(sweep, () => [])
      for (const instanceId of stale) await instances.remove(instanceId)
      return ended
    },

    async probe() {
      const found = await host.available()
      if (!found.ok) return [{ name: 'containers work', holds: false, detail: found.reason, fix: found.fix }]
      const start = (setting: Omit<StartSetting, 'sizes'>, spec: InstanceSpec<ImageProgram>) =>
        startWithin({ ...setting, sizes: { ...sizes, tmpBytes: 1 << 20 } }, spec)
      return probeContainers({ sandbox, start, engine: await host.connect('sandbox'), ids })
    },

    warm: async () => {},
    close: async () => {},
  }
  return sandbox
}

function reachOf(mode: NetworkMode): Reach {
  if (mode !== 'PUBLIC') return { to: 'platform' }
  return { to: 'platform', instead: { reason: 'sessions of container images have no internet yet', fix: 'deploy the agent as code' } }
}
