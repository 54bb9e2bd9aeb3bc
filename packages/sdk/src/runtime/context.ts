// What a handler knows about the call it answers, read from the headers that the runtime sends.
import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import type { MemorySession } from '#memory/memory-session.js'

/** One invocation. The same object is the entrypoint's second argument and what `getContext()` answers. */
export interface RequestContext {
  /**
   * The caller's session, by its header; without one, the payload's own `sessionId`, as the TypeScript SDK of AWS takes it.
   * `undefined` when the app is called without the runtime in front and says nothing.
   */
  readonly sessionId: string | undefined
  /** The runtime's id of this call; a random UUID when the header is absent. */
  readonly requestId: string
  /** The caller's headers that the runtime's allow-list let through, names in lower case; none of the runtime's own or of HTTP itself. */
  readonly headers: Readonly<Record<string, string>>
  /** Token of this agent's workload identity, to be exchanged for credentials; never logged. */
  readonly workloadAccessToken: string | undefined
  /** Where a user lands after three-legged OAuth consent. */
  readonly oauth2CallbackUrl: string | undefined
  /** W3C trace context, to be sent on. */
  readonly traceparent: string | undefined
  readonly tracestate: string | undefined
  readonly baggage: string | undefined
  /** Of an app with the option `memory`: this talk in it, to read what was said and to search what was learned. */
  readonly memory: MemorySession | undefined
  /** Aborts when the client goes away before the answer is complete, or when the app stops waiting for it. */
  readonly signal: AbortSignal
}

const runtimePrefix = 'x-amzn-bedrock-agentcore-runtime-'
const current = new AsyncLocalStorage<RequestContext>()

/** The context of the invocation that this code runs for, through any number of awaits; `undefined` outside of one. */
export function getContext(): RequestContext | undefined {
  return current.getStore()
}

export function runInContext<Result, Payload = undefined>(
  context: RequestContext,
  work: (payload: Payload, context: RequestContext) => Result,
  payload?: Payload,
): Result {
  return current.run(context, work, payload as Payload, context)
}

/** Where no header said which session, the payload may. */
export function sessionFromPayload(context: RequestContext, payload: unknown): void {
  if (context.sessionId !== undefined || typeof payload !== 'object' || payload === null) return
  const { sessionId } = payload as { sessionId?: unknown }
  if (typeof sessionId === 'string' && sessionId !== '') (context as { sessionId: string | undefined }).sessionId = sessionId
}

export function requestContext(headers: IncomingHttpHeaders, leaving: { readonly signal: AbortSignal }): RequestContext {
  return new HeaderContext(headers, leaving)
}

/** Reads what it is asked for: most handlers look at one or two members, and making them all costs more than the rest of a short call. */
class HeaderContext implements RequestContext {
  sessionId: string | undefined
  memory: MemorySession | undefined
  readonly requestId: string
  readonly #headers: IncomingHttpHeaders
  readonly #leaving: { readonly signal: AbortSignal }
  #passed: Record<string, string> | undefined

  constructor(headers: IncomingHttpHeaders, leaving: { readonly signal: AbortSignal }) {
    this.#headers = headers
    this.#leaving = leaving
    this.sessionId = one(headers[`${runtimePrefix}session-id`])
    this.requestId = one(headers[`${runtimePrefix}request-id`]) || randomUUID()
  }

  get workloadAccessToken() {
    return one(this.#headers['x-amz-bedrock-agentcore-identity-wat']) ?? one(this.#headers.workloadaccesstoken)
  }

  get oauth2CallbackUrl() {
    return one(this.#headers.oauth2callbackurl)
  }

  get traceparent() {
    return one(this.#headers.traceparent)
  }

  get tracestate() {
    return one(this.#headers.tracestate)
  }

  get baggage() {
    return one(this.#headers.baggage)
  }

  get headers() {
    this.#passed ??= passedOn(this.#headers)
    return this.#passed
  }

  get signal() {
    return this.#leaving.signal
  }
}

// What HTTP and the runtime send by themselves. AWS lets nobody put these on an allow-list.
const notTheCallers =
  /^(host|connection|keep-alive|transfer-encoding|te|trailer|upgrade|user-agent|cookie|accept(-.*)?|content-.*|sec-.*|x-amz-.*|x-amzn-.*|mcp-.*|trace(parent|state)|baggage|workloadaccesstoken|oauth2callbackurl)$/

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const found: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) {
    const text = one(value)
    if (text !== undefined && (name.startsWith(`${runtimePrefix}custom-`) || !notTheCallers.test(name))) found[name] = text
  }
  return found
}

function one(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value.join(', ') : value
}
