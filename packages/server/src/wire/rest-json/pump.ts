// Moves pieces from a source to the client: as they come, no faster than the client reads, and not a moment after it left.
import { ClientGone, type WireResponse } from '#wire/exchange.js'

interface Receiver {
  response: WireResponse
  signal: AbortSignal
  /** Called once the source has shown that it works: it gave its first piece, or ended without one. */
  onFirst?: () => void
}

/** `gone`: the client left. `draining`: the platform stops. Either way the source was told to end. Rejects with what the source throws. */
export type Ending = 'ended' | 'gone' | 'draining'

export async function pump<Item>(source: AsyncIterator<Item>, toBytes: (item: Item) => Uint8Array | undefined, to: Receiver): Promise<Ending> {
  const { response, signal, onFirst } = to
  const watch = watchClient(response, signal)
  let isOver = false
  try {
    for (let count = 0; watch.stopped === undefined; count += 1) {
      const result = await watch.orStopped(source.next())
      if (result === undefined) break
      if (count === 0) onFirst?.()
      if (result.done) {
        isOver = true
        return 'ended'
      }
      const bytes = toBytes(result.value)
      if (bytes && !response.write(bytes)) await watch.drained()
    }
    return watch.stopped ?? 'gone'
  } catch (thrown) {
    // What a source says when its reader has left interests nobody.
    if (watch.stopped === 'gone') return 'gone'
    throw thrown
  } finally {
    watch.release()
    if (!isOver) endSource(source)
  }
}

/** A generator that waits for its own source hears of this only when it wakes; the operation's signal is what wakes it. */
function endSource(source: AsyncIterator<unknown>): void {
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
  // HTTP/2's response does not know that it is destroyed; the signal does.
  const reasonToStop = () => (signal.reason instanceof ClientGone ? 'gone' : 'draining')
  let stopped: 'gone' | 'draining' | undefined = response.destroyed ? 'gone' : signal.aborted ? reasonToStop() : undefined
  let wake: (() => void) | undefined
  const onClose = () => {
    stopped = 'gone'
    wake?.()
  }
  const onAbort = () => {
    stopped ??= reasonToStop()
    wake?.()
  }
  const onDrain = () => wake?.()
  response.on('close', onClose).on('drain', onDrain)
  signal.addEventListener('abort', onAbort)

  return {
    get stopped() {
      return stopped
    },
    /** Not Promise.race: against one long-lived promise that would keep a reaction for every piece ever sent. */
    orStopped<Result>(promise: Promise<Result>): Promise<Result | undefined> {
      return new Promise((resolve, reject) => {
        wake = () => stopped && resolve(undefined)
        promise.then(resolve, reject)
      })
    },
    drained(): Promise<void> {
      return new Promise((resolve) => {
        wake = resolve
        if (stopped) resolve()
      })
    },
    release() {
      response.off('close', onClose).off('drain', onDrain)
      signal.removeEventListener('abort', onAbort)
    },
  }
}
