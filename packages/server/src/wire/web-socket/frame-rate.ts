// Frames of one connection, counted by the second.
import type { Clock } from '#kernel/clock.js'

export function frameRate(perSecond: number, clock: Clock) {
  let from = clock.now()
  let used = 0
  let pausedAt: number | undefined
  return {
    /** False: this one is too many. */
    take(): boolean {
      const now = clock.now()
      if (now - from >= 1_000) {
        from = now
        // What a pause has left over stays.
        used = Math.min(0, used)
      }
      used += 1
      return used <= perSecond
    },
    pause() {
      pausedAt ??= clock.now()
    },
    /** What was sent while we did not read comes all at once now, and is not the client's fault. */
    resume() {
      if (pausedAt === undefined) return
      used -= Math.ceil(((clock.now() - pausedAt) * perSecond) / 1_000)
      pausedAt = undefined
    },
  }
}
