// Level container: an image runs in a container of the host's engine, without capabilities, in a network that the platform made for it.
import { once } from 'node:events'
import type { Socket } from 'node:net'
import type { Egress } from '#adapters/egress/egress.js'
import { cannotStart } from '#adapters/sandbox/agent-process.js'
import { agentSocket } from '#adapters/sandbox/agent-socket.js'
import { readLines } from '#adapters/sandbox/output-lines.js'
import { places } from '#adapters/sandbox/places.js'
import { identify } from '#adapters/sandbox/process-identity.js'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { ImageProgram, Instance, InstanceSpec, Sandbox } from '#ports/sandbox.js'
import { containerEnd, containerInstance, inspect, removeContainer } from './container-instance.js'
import { type ContainerNetwork, containerNetwork } from './container-network.js'
import { type ContainerSizes, containerSizes, type SettingsInput } from './container-settings.js'
import { type ContainerStorage, containerStorage, detachLeftovers } from './container-storage.js'
import { createContainer } from './create-container.js'
import type { Engine } from './engine.js'
import { forwarderFailure, platformPort } from './forwarder.js'
import type { HostEngine } from './host-engine.js'
import { networkHolders } from './network-holder.js'
import { output } from './output.js'
import { ownContainers } from './own-containers.js'
import { probeContainers } from './probe.js'

export interface ContainerSandboxOptions {
  /** Short (sockets lie in it), the same for each start on one data folder, used by nobody else. Made when missing. */
  runtimeDir: string
  host: HostEngine
  clock: Clock
  ids: Ids
  /** The way out that it shares with the level of code; whoever gives it closes it. */
  egress: Egress
  sizes?: ContainerSizes
}

export type ContainerSandbox = Sandbox<ImageProgram>

/** What differs from one start to the other: agents take all of it as it is, the probe of `doctor` does not. */
export type StartSetting = Pick<SettingsInput, 'sizes' | 'readOnly' | 'command'>

export function containerSandbox({ runtimeDir, host, clock, ids, egress, sizes = containerSizes }: ContainerSandboxOptions): ContainerSandbox {
  const instances = places(runtimeDir, 'c')
  const own = ownContainers(runtimeDir)
  const holders = networkHolders({ runtimeDir, ids, own, mark: instances })
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

  const launch = async (input: Omit<SettingsInput, 'boundsWrites' | 'network' | 'storage'> & { engine: Engine }): Promise<Instance> => {
    const { spec, engine } = input
    const { instanceId } = spec.place
    const place = instances.at(instanceId)
    const holder = await holders.take(engine)
    let network: ContainerNetwork | undefined
    let id: string | undefined
    let connection: Socket | undefined
    const socket = agentSocket(place)
    let storage: ContainerStorage | undefined
    try {
      storage = await containerStorage(spec.storage, runtimeDir, instanceId)
      network = await containerNetwork({ holder, spec, egress, place })
      const made = await createContainer({ ...input, network: network.mode, storage: storage.binds })
      id = made.id
      const attached = await engine.upgrade(`/containers/${id}/attach`, { stream: '1', stdout: '1', stderr: '1' })
      connection = attached
      const { stdout, stderr } = output(attached)
      readLines(stdout, clock, (line) => spec.onOutput('stdout', line))
      readLines(stderr, clock, (line) => spec.onOutput('stderr', line))
      const outputEnded = Promise.all([once(stdout, 'close'), once(stderr, 'close')]).then(() => undefined)
      await engine.call({ method: 'POST', path: `/containers/${id}/start` })
      const ended = containerEnd(engine, id)
      const { State } = await inspect(engine, id)
      if (State.Running) await storage.check(State.Pid)
      await storage.detach()
      network.joined()
      const removePlace = async () => {
        attached.destroy()
        own.forget(instanceId)
        await instances.remove(instanceId)
      }
      const process = State.Running ? await identify(State.Pid) : undefined
      return containerInstance({ engine, ...made, pid: State.Pid, process, network, ended, outputEnded, socket, clock, removePlace })
    } catch (fault) {
      connection?.destroy()
      socket.close()
      if (id !== undefined) await removeContainer(engine, id).catch(() => {})
      await storage?.detach()
      await (network ? network.ended() : holder.remove().catch(() => {}))
      throw fault
    }
  }

  const sandbox: ContainerSandbox = {
    level: 'container',
    notice: 'Isolation container: the session reaches the platform, and with networkMode PUBLIC the internet.',
    // Its volumes are mounted by the platform itself.
    ...(process.getuid?.() === 0 && { takesStorage: true as const }),
    platformUrl: () => `http://127.0.0.1:${platformPort}`,

    async prepare(instanceId) {
      const { platformSocketPath } = await instances.make(instanceId)
      return { instanceId, platformSocketPath }
    },

    start: (spec) => startWithin({ sizes }, spec),

    discard: ({ instanceId }) => instances.remove(instanceId),

    async endOrphans() {
      const stale = await instances.stale()
      await detachLeftovers(runtimeDir)
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
      return probeContainers({ sandbox, start, engine: await host.connect('sandbox'), ids, egress })
    },

    warm: async () => {},
    close: () => holders.close(),
  }
  return sandbox
}
