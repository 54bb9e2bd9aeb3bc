// The events of an agent, whichever way it gives them: an async iterable, or an observable as agents of @ag-ui/client do.

export interface Observable<Event> {
  subscribe(observer: { next(event: Event): void; error(fault: unknown): void; complete(): void }): { unsubscribe(): void }
}

/** Leaving the loop unsubscribes. An observable does not wait, so what the reader has not taken yet is kept. */
export async function* eventsOf<Event>(source: AsyncIterable<Event> | Observable<Event>): AsyncGenerator<Event, void, undefined> {
  if (Symbol.asyncIterator in source) {
    yield* source
    return
  }
  const waiting: Event[] = []
  let end: { fault?: unknown } | undefined
  let wake = () => {}
  const finish = (how: { fault?: unknown }) => {
    end = how
    wake()
  }
  const subscription = source.subscribe({
    next: (event) => {
      waiting.push(event)
      wake()
    },
    error: (fault) => finish({ fault }),
    complete: () => finish({}),
  })
  try {
    for (;;) {
      const next = waiting.shift()
      if (next !== undefined) yield next
      else if (end && 'fault' in end) throw end.fault
      else if (end) return
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
  } finally {
    subscription.unsubscribe()
  }
}
