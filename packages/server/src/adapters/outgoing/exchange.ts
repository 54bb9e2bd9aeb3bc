// One request and its whole answer, held to its time and its size.
import type { IncomingHttpHeaders } from 'node:http'
import type { Dispatcher } from 'undici'
import { PortError } from '#kernel/errors.js'
import type { OutgoingAnswer, OutgoingCall } from '#ports/outgoing.js'

interface Sent extends Pick<OutgoingCall, 'method' | 'headers' | 'body' | 'signal'> {
  url: URL
  maxBytes: number
  withinMs: number
  late: AbortSignal
}

export function exchange(pool: Dispatcher, sent: Sent): Promise<OutgoingAnswer> {
  const { method, url, headers, body, late, signal } = sent
  return new Promise((resolve, reject) => {
    const silent = () => new PortError('outgoing', 'silent', `${url.origin} did not answer within ${sent.withinMs / 1000} s`, { retryable: true })
    if (late.aborted) throw silent()
    signal?.throwIfAborted()
    const settled = new AbortController()
    let connection: Dispatcher.DispatchController | undefined
    const pieces: Buffer[] = []
    let head: Omit<OutgoingAnswer, 'body'> | undefined
    let bytes = 0

    // What ends it early is told at once; the connection follows when it is there. A resolver that hangs holds nobody up.
    const end = (fault: Error) => {
      settled.abort(fault)
      connection?.abort(fault)
      reject(fault)
    }
    late.addEventListener('abort', () => end(silent()), { signal: settled.signal })
    signal?.addEventListener('abort', () => end(signal.reason as Error), { signal: settled.signal })

    pool.dispatch(
      // Not compressed: a small answer must not become a huge one here.
      { method, path: url.pathname + url.search, headers: { accept: 'application/json', ...headers, 'accept-encoding': 'identity' }, body },
      {
        onRequestStart(controller) {
          connection = controller
          if (settled.signal.aborted) controller.abort(settled.signal.reason as Error)
        },
        onResponseStart(_controller, status, received) {
          // 1xx comes before the answer.
          if (status >= 200) head = { status, headers: plain(received) }
        },
        onResponseData(_controller, piece) {
          bytes += piece.length
          if (bytes > sent.maxBytes) end(new PortError('outgoing', 'too-large', `${url.origin} answers with more than ${sent.maxBytes} bytes`))
          else pieces.push(piece)
        },
        onResponseEnd() {
          settled.abort()
          if (head) resolve({ ...head, body: Buffer.concat(pieces) })
        },
        onResponseError(_controller, fault) {
          settled.abort()
          reject(translated(fault, url))
        },
      },
    )
  })
}

/** The admission's own refusals come through as they are. */
function translated(fault: Error, url: URL): Error {
  if (fault instanceof PortError) return fault
  const code = 'code' in fault ? ` (${String(fault.code)})` : ''
  return new PortError('outgoing', 'unreachable', `${url.origin} could not be reached${code}`, { retryable: true, cause: fault })
}

function plain(headers: IncomingHttpHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), Array.isArray(value) ? value.join(', ') : (value ?? '')]),
  )
}
