// HTTP to one agent over its unix socket, on kept-alive connections, by undici: half of what node's own client costs a call.
import type { IncomingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import Pool from 'undici/lib/dispatcher/pool.js'
import { type AgentAnswer, type AgentCall, type AgentLink, AgentUnreachable } from '#ports/agent-link.js'
import { UndiciAnswer } from './answer.js'

export function undiciLink(socketPath: string): AgentLink {
  // Time limits are the call's own. As many connections as calls: an agent may take minutes for one.
  const pool = new Pool('http://127.0.0.1', { socketPath, connections: null, headersTimeout: 0, bodyTimeout: 0 })
  return {
    socketPath,
    call: (call) => send(pool, call),
    close: () => void pool.destroy().catch(() => undefined),
  }
}

function send(pool: Pool, call: AgentCall): Promise<AgentAnswer> {
  return new Promise((resolve, reject) => {
    for (const signal of call.signals) signal.throwIfAborted()
    const { method, path, headers } = call
    pool.dispatch({ method, path, headers, body: bodyOf(call) }, new Exchange(call, resolve, reject))
  })
}

/** One call's way: settled once with the head or a fault; afterwards what happens is told to the answer's reader. */
class Exchange implements Dispatcher.DispatchHandler {
  readonly #call: AgentCall
  readonly #resolve: (answer: AgentAnswer) => void
  readonly #reject: (fault: unknown) => void
  readonly #silent: NodeJS.Timeout
  #connection: Dispatcher.DispatchController | undefined
  #answer: UndiciAnswer | undefined
  /** Why the call ends before its time, when it is we who end it. */
  #cause: Error | undefined

  constructor(call: AgentCall, resolve: (answer: AgentAnswer) => void, reject: (fault: unknown) => void) {
    this.#call = call
    this.#resolve = resolve
    this.#reject = reject
    this.#silent = setTimeout(() => this.#end(new AgentUnreachable('silent')), call.answerMs)
    for (const signal of call.signals) signal.addEventListener('abort', this)
  }

  handleEvent({ target }: Event): void {
    this.#end(reasonOf(target as AbortSignal) ?? new Error('aborted'))
  }

  onRequestStart(connection: Dispatcher.DispatchController): void {
    this.#connection = connection
    // A call whose time came while it waited for its connection.
    if (this.#cause) connection.abort(this.#cause)
  }

  onResponseStart(connection: Dispatcher.DispatchController, statusCode: number, headers: IncomingHttpHeaders): void {
    if (statusCode < 200) return
    const answer = new UndiciAnswer(connection, statusCode, headers)
    this.#answer = answer
    answer.once('close', () => this.#unwatch())
    const { body } = this.#call
    if (body === undefined || Buffer.isBuffer(body)) {
      clearTimeout(this.#silent)
      this.#resolve(answer)
      return
    }
    // The time runs on while an agent that answers early still takes its input.
    whenUploaded(body)
      .finally(() => clearTimeout(this.#silent))
      .then(
        () => this.#resolve(answer),
        (fault: unknown) => {
          // The body turned out not to be what was signed: the agent must not be believed to have answered it.
          answer.destroy()
          this.#reject(fault)
        },
      )
  }

  onResponseData(_connection: Dispatcher.DispatchController, piece: Buffer): void {
    this.#answer?.receive(piece)
  }

  onResponseEnd(): void {
    this.#answer?.complete()
  }

  onResponseError(_connection: Dispatcher.DispatchController, fault: Error): void {
    const { body, signals } = this.#call
    const told = this.#cause ?? bodyFault(body) ?? translated(fault, signals)
    if (this.#answer) {
      this.#answer.destroy(told)
      // Who waits for the rest of the upload hears of the answer first, and of its end then.
      return
    }
    clearTimeout(this.#silent)
    this.#unwatch()
    this.#reject(told)
  }

  #end(cause: Error): void {
    this.#cause ??= cause
    this.#connection?.abort(this.#cause)
  }

  #unwatch(): void {
    for (const signal of this.#call.signals) signal.removeEventListener('abort', this)
  }
}

function bodyOf({ body }: AgentCall): Readable | Buffer | undefined {
  // undici takes any async iterable; its types know only of Readable.
  return body === undefined || Buffer.isBuffer(body) ? body : (upload(body) as unknown as Readable)
}

/**
 * A body that fails (hash mismatch, client gone) must not look complete to the agent: the connection breaks then. An agent that
 * leaves early leaves bytes behind; they are still read, because their hash decides.
 */
async function* upload(body: Readable): AsyncGenerator<Buffer, void, undefined> {
  try {
    for await (const piece of body.iterator({ destroyOnReturn: false })) yield piece as Buffer
  } finally {
    body.resume()
  }
}

function whenUploaded(body: Readable): Promise<void> {
  if (body.readableEnded) return Promise.resolve()
  if (body.errored) return Promise.reject(body.errored)
  return new Promise((resolve, reject) => {
    body.once('end', resolve)
    body.once('error', reject)
    body.once('close', resolve)
  })
}

function bodyFault(body: Readable | Buffer | undefined): Error | undefined {
  return body === undefined || Buffer.isBuffer(body) ? undefined : (body.errored ?? undefined)
}

function translated(fault: NodeJS.ErrnoException, signals: readonly AbortSignal[]): Error {
  const aborted = signals.find((signal) => signal.aborted)
  if (aborted) return reasonOf(aborted) ?? fault
  const refused = fault.code === 'ECONNREFUSED' || fault.code === 'ENOENT'
  return new AgentUnreachable(refused ? 'refused' : 'broke', { cause: fault })
}

function reasonOf({ reason }: AbortSignal): Error | undefined {
  return reason instanceof Error ? reason : undefined
}
