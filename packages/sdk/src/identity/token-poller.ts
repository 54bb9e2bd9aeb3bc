// Waiting for a user who logs in elsewhere: the same question again and again, as the official SDKs ask it.
import { setTimeout as pause } from 'node:timers/promises'

/** What a poller waits for. */
export interface PendingAuthorization {
  /** Where the user goes. */
  authorizationUrl: string
  /** The session of this authorization; `undefined` when the service named none. */
  sessionUri: string | undefined
  /** Asks once: the token, or `undefined` while the user is not done. Rejects when there will be none. */
  ask(): Promise<string | undefined>
  /** Aborts when nobody waits any more. */
  signal: AbortSignal | undefined
}

/** Resolves with the token, in whatever way it learns that there is one. */
export type TokenPoller = (pending: PendingAuthorization) => Promise<string>

export interface TokenPollerOptions {
  /** Between two questions; 5,000 when absent. */
  intervalMs?: number
  /** Until it gives up; 600,000 when absent, as long as AWS keeps such a session. */
  timeoutMs?: number
  /** For tests. */
  clock?: { now(): number; pause(ms: number, signal: AbortSignal | undefined): Promise<void> }
}

/** The user did not finish in time. */
export class AuthorizationTimedOut extends Error {
  override readonly name = 'AuthorizationTimedOut'

  constructor(timeoutMs: number) {
    super(`The user has not authorized within ${timeoutMs / 1000} s. Ask again: the next authorization URL starts anew.`)
  }
}

/** Asks every five seconds for ten minutes, or as told. */
export function tokenPoller({ intervalMs = 5_000, timeoutMs = 600_000, clock = realTime }: TokenPollerOptions = {}): TokenPoller {
  return async ({ ask, signal }) => {
    const deadline = clock.now() + timeoutMs
    while (clock.now() < deadline) {
      // A last question at the deadline itself, not an interval after it.
      await clock.pause(Math.min(intervalMs, deadline - clock.now()), signal)
      const token = await ask()
      if (token !== undefined) return token
    }
    throw new AuthorizationTimedOut(timeoutMs)
  }
}

const realTime: NonNullable<TokenPollerOptions['clock']> = {
  now: () => performance.now(),
  pause: (ms, signal) => pause(ms, undefined, { signal }),
}
