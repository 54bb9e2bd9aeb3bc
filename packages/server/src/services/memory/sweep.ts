// Rows of what has expired go in the background, in bounded steps. Nobody waits for it: reads leave them out by their time.
import { setImmediate as aTurn } from 'node:timers/promises'
import type { Transaction } from '#ports/store.js'
import { livingSince, memories } from './documents.js'
import { rowsPerDrop, sweepMs, tokenKeptMs } from './limits.js'
import type { MemoryPorts } from './ports.js'

export interface Sweep {
  /** Now, and then again and again; the returned function ends it. */
  keepSwept(): () => Promise<void>
}

export function sweep({ store, events, jobs, clock, log }: Pick<MemoryPorts, 'store' | 'events' | 'jobs' | 'clock' | 'log'>): Sweep {
  let stopping = false

  async function dropAll(drop: (tx: Transaction) => Promise<number>): Promise<void> {
    while (!stopping && (await store.transaction(drop)) > 0) await aTurn()
  }

  async function once(): Promise<void> {
    await dropAll((tx) => events.within(tx).dropTokens({ since: clock.now() - tokenKeptMs, limit: rowsPerDrop }))
    for (const { account, region, document } of await store.all(memories)) {
      const memory = { account, region, memoryId: document.id }
      const expired = { since: livingSince(document, clock.now()), limit: rowsPerDrop }
      if (document.status !== 'ACTIVE') continue
      await dropAll((tx) => events.within(tx).dropExpired(memory, expired))
      // Their events are gone: starting them again would find nothing.
      await dropAll((tx) => jobs.within(tx).dropFailed(memory, expired))
    }
  }

  const guarded = () =>
    once().catch((fault: unknown) =>
      log.error('expired events could not be dropped', { error: fault instanceof Error ? fault.message : String(fault) }),
    )

  return {
    keepSwept() {
      let running = guarded()
      let cancel = again()
      function again() {
        return clock.after(sweepMs, () => {
          running = running.then(guarded)
          cancel = again()
        })
      }
      return async () => {
        stopping = true
        cancel()
        await running
      }
    },
  }
}
