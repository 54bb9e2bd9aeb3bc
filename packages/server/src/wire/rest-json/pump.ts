// Moves pieces from a source to the client: as they come, no faster than the client reads, and not a moment after it left.
import type { WireResponse } from '#wire/exchange.js'

/** `stopped`: the client is gone or the platform drains; the source was told to end. Rejects with what the source throws. */
export async function pump<Item>(
  source: AsyncIterator<Item>,
  toBytes: (item: Item) => Uint8Array | undefined,
  { response, signal, first }: { response: WireResponse; signal: AbortSignal; first?: Promise<IteratorResult<Item>> },
): Promise<'ended' | 'stopped'> {
  const watch = watchClient(response, signal)
  let isOver = false
  try {
    for (let next = first ?? source.next(); ; next = source.next()) {
      const result = await watch.orGone(next)
      if (result === undefined) return 'stopped'
      if (result.done) {
        isOver = true
        return 'ended'
      }
      const bytes = toBytes(result.value)
      if (bytes && !response.write(bytes)) await watch.drained()
    }
  } finally {
    watch.release()
    if (!isOver) endSource(source)
  }
}

/** A generator that waits for its own source hears of this only when it wakes; the operation's signal is what wakes it. */
export function endSource(source: AsyncIterator<unknown>): void {
  source.return?.().catch(() => undefined)
}

/** Resolves when everything is flushed or the client is gone. */
export function finish(response: WireResponse): Promise<void> {
  return new Promise((resolve) => {
    response.once('close', resolve)
    response.end(() => resolve())
  })
}

function watchClient(response: WireResponse, signal: AbortSignal) {
  let isGone = response.destroyed || signal.aborted
  let wake: (() => void) | undefined
  const leave = () => {
    isGone = true
    wake?.()
  }
  const resume = () => wake?.()
  response.on('close', leave).on('drain', resume)
  signal.addEventListener('abort', leave)

  return {
    /** Not Promise.race: against one long-lived promise that would keep a reaction for every piece ever sent. */
    orGone<Result>(promise: Promise<Result>): Promise<Result | undefined> {
      return new Promise((resolve, reject) => {
        wake = () => isGone && resolve(undefined)
        promise.then(resolve, reject)
        wake()
      })
    },
    drained(): Promise<void> {
      return new Promise((resolve) => {
        wake = resolve
        if (isGone) resolve()
      })
    },
    release() {
      response.off('close', leave).off('drain', resume)
      signal.removeEventListener('abort', leave)
    },
  }
}
