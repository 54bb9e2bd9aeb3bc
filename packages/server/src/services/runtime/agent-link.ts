// HTTP to one agent over its unix socket, on kept-alive connections.
import { Agent, request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import type { Readable } from 'node:stream'
import { httpPort } from './limits.js'

export interface AgentCall {
  method: 'GET' | 'POST'
  path: string
  headers: OutgoingHttpHeaders
  body?: Readable | Buffer
  /** From the request to the head of the answer. */
  answerMs: number
  /** The first that aborts ends the call. Not one signal made of them: that costs more than the rest of a call. */
  signals: readonly AbortSignal[]
}

export interface AgentLink {
  /** Resolves with the head; the body streams. Rejects with AgentUnreachable or a signal's reason. */
  call(call: AgentCall): Promise<IncomingMessage>
  /** Drops the connections. */
  close(): void
}

/** Agents see themselves addressed where they listen. */
export const agentHost = { host: `127.0.0.1:${httpPort}` }

export class AgentUnreachable extends Error {
  override readonly name = 'AgentUnreachable'
  readonly kind: 'refused' | 'broke' | 'silent'

  constructor(kind: 'refused' | 'broke' | 'silent', options?: { cause: unknown }) {
    super(`agent ${kind}`, options)
    this.kind = kind
  }
}

export function agentLink(socketPath: string): AgentLink {
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, maxFreeSockets: 16 })
  return {
    call: (call) => send(agent, socketPath, call),
    close: () => agent.destroy(),
  }
}

function send(agent: Agent, socketPath: string, call: AgentCall): Promise<IncomingMessage> {
  const { method, path, headers, body, answerMs, signals } = call
  return new Promise((resolve, reject) => {
    for (const signal of signals) signal.throwIfAborted()
    const request = httpRequest({ agent, socketPath, method, path, headers, setHost: false })
    const silent = setTimeout(() => request.destroy(new AgentUnreachable('silent')), answerMs)
    const cut = (event: Event) => request.destroy(reasonOf(event.target as AbortSignal) ?? new Error('aborted'))
    for (const signal of signals) signal.addEventListener('abort', cut)
    const unwatch = () => {
      for (const signal of signals) signal.removeEventListener('abort', cut)
    }
    const settle = () => clearTimeout(silent)

    request.once('response', (response) => {
      response.once('close', unwatch)
      if (body === undefined || Buffer.isBuffer(body)) {
        settle()
        return resolve(response)
      }
      // The time runs on while an agent that answers early still takes its input.
      whenUploaded(body)
        .finally(settle)
        .then(
          () => resolve(response),
          (fault: unknown) => {
            // The body turned out not to be what was signed: the agent must not be believed to have answered it.
            request.destroy()
            reject(fault)
          },
        )
    })
    request.once('error', (fault: NodeJS.ErrnoException) => {
      settle()
      unwatch()
      reject(bodyFault(body) ?? translated(fault, signals))
    })
    if (body === undefined || Buffer.isBuffer(body)) request.end(body)
    else upload(body, request)
  })
}

/** A body that fails (hash mismatch, client gone) must not look complete to the agent: the request is destroyed. */
function upload(body: Readable, request: ReturnType<typeof httpRequest>) {
  body.once('error', (fault) => request.destroy(fault))
  request.once('close', () => {
    // An agent that leaves early leaves bytes behind; they are still read, because their hash decides.
    body.unpipe(request)
    body.resume()
  })
  body.pipe(request)
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
  if (fault instanceof AgentUnreachable) return fault
  const aborted = signals.find((signal) => signal.aborted)
  if (aborted) return reasonOf(aborted) ?? fault
  const refused = fault.code === 'ECONNREFUSED' || fault.code === 'ENOENT'
  return new AgentUnreachable(refused ? 'refused' : 'broke', { cause: fault })
}

function reasonOf({ reason }: AbortSignal): Error | undefined {
  return reason instanceof Error ? reason : undefined
}
