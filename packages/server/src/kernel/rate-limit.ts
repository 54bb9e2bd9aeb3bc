// So many a second, by a bucket of tokens.
import type { Clock } from './clock.js'
import { ServiceError } from './errors.js'

export interface RateLimit {
  /** Throws when the second's share is used up. */
  take(): void
}

interface Rate {
  /** `undefined`: no limit. */
  perSecond: number | undefined
  /** What there are too many of. */
  what: string
  /** What raises the limit. */
  setting: string
  /** As the refused operation declares it. */
  code?: 'ThrottlingException' | 'ThrottledException'
}

export function rateLimit(clock: Pick<Clock, 'now'>, { perSecond, what, setting, code = 'ThrottlingException' }: Rate): RateLimit {
  if (perSecond === undefined) return { take: () => undefined }
  let tokens = perSecond
  let filledAt = clock.now()
  return {
    take() {
      const now = clock.now()
      tokens = Math.min(perSecond, tokens + ((now - filledAt) * perSecond) / 1000)
      filledAt = now
      if (tokens < 1)
        throw new ServiceError(
          code,
          `More than ${perSecond} ${what} a second, which is the limit of this platform. Retry later, or start the platform with a higher ${setting}.`,
        )
      tokens -= 1
    },
  }
}
