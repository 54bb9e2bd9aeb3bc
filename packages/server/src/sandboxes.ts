// The sandboxes that this host can be given.
import { bubblewrapAvailable } from '#adapters/sandbox-bubblewrap/availability.js'
import { bubblewrapSandbox } from '#adapters/sandbox-bubblewrap/sandbox.js'
import { processSandbox } from '#adapters/sandbox-process/sandbox.js'
import type { Clock } from '#kernel/clock.js'
import type { Ids } from '#kernel/ids.js'
import type { Sandboxes } from './isolation.js'

export function hostSandboxes(options: { runtimeDir: string; clock: Clock; ids: Ids }): Sandboxes {
  return {
    bubblewrap: () => bubblewrapSandbox(options),
    process: () => processSandbox(options),
    bubblewrapAvailable,
  }
}
