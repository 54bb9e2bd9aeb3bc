// Time and chance come in by parameter, so that tests own them.

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Calls `work` once after `ms`; the returned function cancels it. Never keeps the process alive. */
  after(ms: number, work: () => void): () => void
}

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    timer.unref()
    return () => clearTimeout(timer)
  },
}
