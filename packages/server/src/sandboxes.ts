// The sandboxes that this host can be given.
import type { Egress } from '#adapters/egress/egress.js'
import { bubblewrapAvailable } from '#adapters/sandbox-bubblewrap/availability.js'
import { bubblewrapSandbox } from '#adapters/sandbox-bubblewrap/sandbox.js'
import { hostEngine } from '#adapters/sandbox-container/host-engine.js'
import { localImages } from '#adapters/sandbox-container/images.js'
import { containerSandbox } from '#adapters/sandbox-container/sandbox.js'
import { processSandbox } from '#adapters/sandbox-process/sandbox.js'
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { Sandboxes } from './isolation.js'

export function hostSandboxes(options: { runtimeDir: string; clock: Clock; ids: Ids; egress: Egress; trust?: () => Promise<string> }): Sandboxes {
  return {
    bubblewrap: () => bubblewrapSandbox(options),
    process: () => processSandbox(options),
    bubblewrapAvailable,
  }
}

/** For agents that are container images. Whether an engine is there is asked at each use. */
export function hostContainers({
  env,
  ...options
}: {
  env: Readonly<Record<string, string | undefined>>
  runtimeDir: string
  clock: Clock
  ids: Ids
  egress: Egress
}) {
  const host = hostEngine(env)
  return { sandbox: containerSandbox({ ...options, host }), images: localImages(host) }
}
