// How many started instances should wait for the new sessions of a runtime, and of which of its versions.
import type { Scope } from '#kernel/scope.js'
import type { InstanceLimits } from '#ports/sandbox.js'
import { tagsOf } from '#services/tags/index.js'
import { childrenOf, defaultEndpoint, endpointArn, endpoints, runtimeArn, runtimes } from './documents.js'
import { findVersion } from './find.js'
import type { RuntimeWorld } from './ports.js'
import { endpointResourcesIn, limitsOf, type Resources, resourcesOf } from './resources.js'
import type { Target } from './target.js'

export interface Demand {
  resources: Resources
  limits: InstanceLimits
  /** Versions that endpoints serve and that want any; together never more than the runtime's maximum leaves beside `taken`. */
  versions: { target: Target; count: number }[]
  /** A version wants some and can have none: what its sessions need is known only with them. */
  storage: boolean
}

export async function demandOf({ store, config }: RuntimeWorld, scope: Scope, agentRuntimeId: string, taken: number): Promise<Demand> {
  const resources = await resourcesOf(store, scope, agentRuntimeId)
  const demand: Demand = { resources, limits: limitsOf(config, resources), versions: [], storage: false }
  const runtime = await store.get(runtimes, scope, agentRuntimeId)
  if (!runtime || runtime.deleting) return demand
  const wanted = new Map<number, number>()
  for (const { document } of await store.list(endpoints, scope, { prefix: childrenOf(agentRuntimeId) })) {
    if (document.liveVersion === undefined) continue
    const isDefault = document.name === defaultEndpoint
    const own = isDefault ? resources : endpointResourcesIn(await tagsOf(store, scope, endpointArn(scope, agentRuntimeId, document.name)))
    const least = own.minInstances ?? (isDefault ? (config.warmInstances ?? 0) : 0)
    const count = isDefault ? Math.max(least, besides(taken, resources.targetUtilisation)) : least
    if (count > 0) wanted.set(document.liveVersion, (wanted.get(document.liveVersion) ?? 0) + count)
  }
  let left = Math.max(0, (resources.maxInstances ?? Number.POSITIVE_INFINITY) - taken)
  for (const [number, count] of wanted) {
    const version = await findVersion(store, scope, agentRuntimeId, number)
    if (version.storageMounts) {
      demand.storage = true
      continue
    }
    const granted = Math.min(count, left)
    left -= granted
    if (granted > 0) demand.versions.push({ target: { runtime, version, arn: runtimeArn(scope, agentRuntimeId) }, count: granted })
  }
  return demand
}

/** So many must wait that those taken are no more than their share of all. */
function besides(taken: number, targetUtilisation = 100): number {
  return Math.ceil((taken * (100 - targetUtilisation)) / targetUtilisation)
}
