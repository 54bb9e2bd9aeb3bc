// The network of one session by its mode: PUBLIC gets one with a way out where the host allows, VPC one with what its ids open;
// otherwise a loopback, which the sandbox makes, and nothing else.
import type { FileHandle } from 'node:fs/promises'
import type { InstanceSpec, Reach } from '#ports/sandbox.js'
import type { Egress } from './egress.js'

export interface InstanceNetwork {
  /** As it is when asked: it follows the router's end. */
  reach(): Reach
  /** What the sandbox's command begins with to start in a network made for it; undefined when the sandbox makes its own. */
  enter: readonly string[] | undefined
  /** For a sandbox that must make its own: takes the way out into it. */
  moveTo?(namespace: FileHandle): Promise<void>
  started(): Promise<void>
  ended(): Promise<void>
}

export async function networkOf({ networkMode: mode, vpc }: Pick<InstanceSpec, 'networkMode' | 'vpc'>, egress: Egress): Promise<InstanceNetwork> {
  if (mode === 'VPC' && vpc) return vpcNetwork(await egress.joinVpc(vpc))
  if (mode !== 'PUBLIC') return loopbackOnly()
  const network = await egress.join()
  return 'reason' in network ? loopbackOnly(network) : { ...network, reach: () => (network.gone.aborted ? cutOff : { to: 'internet' }) }
}

const cutOff: Reach = {
  to: 'platform',
  instead: { reason: 'the router of sessions has ended since it started', fix: 'stop the session; its next call starts it with a way out' },
}

function vpcNetwork(network: Awaited<ReturnType<Egress['joinVpc']>>): InstanceNetwork {
  if (!network) return loopbackOnly()
  if ('reason' in network) return loopbackOnly(network)
  return { ...network, reach: () => (network.gone.aborted ? cutOff : network.reach()) }
}

function loopbackOnly(instead?: Reach['instead']): InstanceNetwork {
  const nothing = async () => {}
  return { reach: () => ({ to: 'platform', instead }), enter: undefined, started: nothing, ended: nothing }
}
