// So many a second, by a bucket of tokens; off unless the operator sets it (AWS: data plane and new sessions a second, by account).
import type { Clock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'

export interface RateLimit {
  /** Throws ThrottlingException when the second's share is used up. */
  take(): void
}

/** `perSecond` undefined: no limit. `setting` is what raises it. */
export function rateLimit(clock: Pick<Clock, 'now'>, perSecond: number | undefined, what: string, setting: string): RateLimit {
  if (perSecond === undefined) return { take: () => undefined }
  let tokens = perSecond
  let filledAt = clock.now()
  return {
    take() {
      const now = clock.now()
      tokens = Math.min(perSecond, tokens + ((now - filledAt) * perSecond) / 1000)
      filledAt = now
      if (tokens < 1) {
        throw new ServiceError(
          'ThrottlingException',
          `More than ${perSecond} ${what} a second, which is the limit of this platform. Retry later, or start the platform with a higher ${setting}.`,
        )
      }
      tokens -= 1
    },
  }
}
