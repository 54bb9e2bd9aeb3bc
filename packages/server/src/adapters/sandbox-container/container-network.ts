// All of a session's network, made before its container: the way out by its mode, and the forwarder to the platform.
import type { ChildProcess } from 'node:child_process'
import { open } from 'node:fs/promises'
import type { Egress } from '#adapters/egress/egress.js'
import { type InstanceNetwork, networkOf } from '#adapters/egress/instance-network.js'
import type { Place } from '#adapters/sandbox/places.js'
import { PortError } from '#kernel/errors.js'
import type { InstanceSpec, Reach } from '#ports/sandbox.js'
import { endForwarder, startForwarder } from './forwarder.js'
import type { NetworkHolder } from './network-holder.js'

export interface ContainerNetwork {
  /** What a container is made with to be in it. */
  mode: string
  reach(): Reach
  forwarder: ChildProcess
  /** Once the agent is in it. */
  joined(): void
  /** Once the agent has ended, or was never there. Never rejects. */
  ended(): Promise<void>
}

export interface ContainerNetworkInput {
  holder: NetworkHolder
  spec: Pick<InstanceSpec, 'networkMode' | 'vpc' | 'port'>
  egress: Egress
  place: Place
}

export async function containerNetwork({ holder, spec, egress, place }: ContainerNetworkInput): Promise<ContainerNetwork> {
  const namespace = await open(`/proc/${holder.pid}/ns/net`)
  let wayOut: InstanceNetwork | undefined
  try {
    // Opened first and asked afterwards: what is open cannot be exchanged any more.
    if (!(await holder.isStill())) throw new PortError('sandbox', 'cannot-start', 'the network of the container has gone before the container came')
    wayOut = await networkOf(spec, egress)
    const { moveTo, started, ended, reach } = wayOut
    await moveTo?.(namespace)
    await started()
    const forwarder = await startForwarder({ place, port: spec.port, namespace })
    return {
      mode: `container:${holder.id}`,
      reach,
      forwarder,
      joined: () => void holder.joined().catch(() => {}),
      async ended() {
        await endForwarder(forwarder)
        await holder.remove().catch(() => {})
        await ended()
      },
    }
  } catch (fault) {
    await wayOut?.ended()
    throw fault
  } finally {
    await namespace.close()
  }
}
