// Spans kept in memory: the last ones only, gone at a restart, never exported. Enough to see what a request waited for;
// the trace store with OTLP intake and views replaces it behind the same port.
import type { Clock } from '#kernel/clock.js'
import type { Facts, Trace } from '#ports/telemetry.js'
import { safeFacts } from './facts.js'

export interface FinishedSpan {
  name: string
  startedAt: number
  ms: number
  facts: ReturnType<typeof safeFacts>
}

export interface RecentTrace extends Trace {
  /** Oldest first. */
  recent(): FinishedSpan[]
}

export function recentTrace({ clock, capacity = 2000 }: { clock: Pick<Clock, 'now'>; capacity?: number }): RecentTrace {
  // Made safe when somebody looks, which is seldom, and not for each request.
  const ring: (Omit<FinishedSpan, 'facts'> & { facts: Facts })[] = []
  let next = 0

  function keep(span: (typeof ring)[number]): void {
    ring[next] = span
    next = (next + 1) % capacity
  }

  return {
    start(name, facts = {}) {
      const startedAt = clock.now()
      let known: Facts = facts
      let isEnded = false
      return {
        set(more) {
          known = { ...known, ...more }
        },
        end() {
          if (isEnded) return
          isEnded = true
          keep({ name, startedAt, ms: clock.now() - startedAt, facts: known })
        },
      }
    },

    recent: () => [...ring.slice(next), ...ring.slice(0, next)].map((span) => ({ ...span, facts: safeFacts(span.facts) })),
  }
}
