// Runs a provider's stream under supervision: silence becomes a timeout, a client that leaves becomes an abort, a late failure a stream error.
import type { ConverseStreamOutput } from '@agentworks/model'
import type { Clock } from '#kernel/clock.js'
import { ServiceError } from '#kernel/errors.js'

export interface Watch {
  clock: Clock
  silenceMs: number
  signal: AbortSignal
  provider: string
}

// The failures that a response stream has an event for; whatever else happens in the middle travels as ModelStreamErrorException.
const streamFailures = new Set([
  'ThrottlingException',
  'ValidationException',
  'ServiceUnavailableException',
  'InternalServerException',
  'ModelStreamErrorException',
])

export async function* watched(
  open: (signal: AbortSignal) => AsyncIterable<ConverseStreamOutput>,
  watch: Watch,
): AsyncGenerator<ConverseStreamOutput> {
  const stop = new AbortController()
  const events = open(AbortSignal.any([watch.signal, stop.signal]))[Symbol.asyncIterator]()
  let hasBegun = false
  try {
    for (;;) {
      const next = await before(events.next(), watch, stop)
      if (next.done) return
      hasBegun = true
      yield next.value
    }
  } catch (error) {
    throw hasBegun ? inStream(error) : error
  } finally {
    stop.abort(new DOMException('Nobody listens any more.', 'AbortError'))
    // Not awaited: a provider that hangs would hold the caller, and the abort already tells it to end.
    void Promise.resolve(events.return?.()).catch(() => {})
  }
}

/** Rejects when the client leaves or the provider is silent for too long, whether or not the provider heeds the abort. */
function before<Result>(pending: Promise<Result>, { clock, silenceMs, signal, provider }: Watch, stop: AbortController): Promise<Result> {
  return new Promise((resolve, reject) => {
    const leave = () => settle(() => reject(signal.reason))
    const cancel = clock.after(silenceMs, () => {
      const error = new ServiceError(
        'ModelTimeoutException',
        `The model provider ${provider} said nothing for ${silenceMs / 1000} s. Try again, or with a shorter request.`,
      )
      settle(() => reject(error))
      stop.abort(error)
    })
    const settle = (how: () => void) => {
      cancel()
      signal.removeEventListener('abort', leave)
      how()
    }
    pending.then(
      (value) => settle(() => resolve(value)),
      (error) => settle(() => reject(error)),
    )
    if (signal.aborted) leave()
    else signal.addEventListener('abort', leave, { once: true })
  })
}

function inStream(error: unknown): unknown {
  if (!(error instanceof ServiceError) || streamFailures.has(error.code)) return error
  const { originalStatusCode } = error.members
  const members = { originalMessage: error.message, ...(originalStatusCode !== undefined && { originalStatusCode }) }
  return new ServiceError('ModelStreamErrorException', error.message, { members, cause: error })
}
