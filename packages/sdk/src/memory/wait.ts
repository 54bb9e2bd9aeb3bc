// Waiting for what others finish: asked again at growing distances, for as long as is wanted.
import { setTimeout as pause } from 'node:timers/promises'

export const usualTimeoutMs = 300_000

export interface Waiting {
  /** 300,000 when absent. */
  timeoutMs?: number
  signal?: AbortSignal
}

/** It did not come true in the time that was given. */
export class WaitTimedOut extends Error {
  override readonly name = 'WaitTimedOut'
}

/** Resolves with what `look` finds, once it finds something. */
export async function waitFor<Found>(
  what: string,
  { timeoutMs = usualTimeoutMs, signal }: Waiting = {},
  look: () => Promise<Found | undefined>,
): Promise<Found> {
  const deadline = performance.now() + timeoutMs
  for (let waitMs = 50; ; waitMs = Math.min(waitMs * 2, 2_000)) {
    const found = await look()
    if (found !== undefined) return found
    const left = deadline - performance.now()
    if (left <= 0) throw new WaitTimedOut(`waited ${timeoutMs} ms for ${what}`)
    await pause(Math.min(waitMs, left), undefined, { signal })
  }
}
