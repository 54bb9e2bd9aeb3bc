// The app: what its author registers. What a request does is in invocation.ts, what the ping says in ping.ts, connections in websocket.ts.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { tracked } from './async-task.js'
import { type BodyParser, mediaType } from './content-types.js'
import type { RequestContext } from './context.js'
import { debugAction } from './debug-actions.js'
import { HttpError } from './http-error.js'
import { type Entrypoint, type Invoking, invoke, respond } from './invocation.js'
import { type AppMemory, keepingTurns } from './kept-turns.js'
import { drain, hostOf, listening, portOf, type RunningApp, untilSignalled, urlOf } from './listen.js'
import { appLog, type Logger, logToStdout } from './log.js'
import { type AsyncTaskInfo, type PingHandler, type PingStatus, pingState } from './ping.js'
import { listenSharing, type StandIn, standIn } from './stand-in.js'
import { checked, isSchema, type SchemaInput, type SchemaOutput, type StandardSchema } from './standard-schema.js'
import { type Connections, serveWebSockets, type WebSocketHandler } from './websocket.js'

export interface AppOptions {
  /** Writes debug lines too, and obeys `_agent_core_app_action` in a payload. Default false. */
  debug?: boolean
  /** Takes the place of JSON lines on standard output. */
  logger?: Logger
  /** Epoch milliseconds; for tests. */
  now?: () => number
  /**
   * Whether a thread answers /ping while a handler keeps the event loop busy; it is started by the first invocation and costs about
   * 13 MB of memory. Default true; Linux, Node 22.12 or later, an IPv4 host.
   */
  pingWhileBlocked?: boolean
  /**
   * Keeps each turn in an AgentCore memory, what was asked with what was answered, and gives handlers its session as `context.memory`.
   * `true`: the memory of BEDROCK_AGENTCORE_MEMORY_ID.
   */
  memory?: boolean | AppMemory
  /** Where PORT, LOG_LEVEL and DOCKER_CONTAINER are read; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>
}

export interface RunOptions {
  /** Default: PORT, else 8080. 0 takes a free one. */
  port?: number
  /** Default: 0.0.0.0 inside a container or an agentworks session, else 127.0.0.1. */
  host?: string
}

/**
 * An agent on the AgentCore runtime contract: `POST /invocations`, `GET /ping` and, with a handler for it, `/ws` on port 8080.
 *
 *     const app = new BedrockAgentCoreApp()
 *     app.entrypoint(async (payload: { prompt: string }) => ({ result: payload.prompt }))
 *     await app.run()
 */
export class BedrockAgentCoreApp {
  /** JSON lines that carry requestId and sessionId by themselves. */
  readonly logger: Logger
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #debug: boolean
  readonly #ping: ReturnType<typeof pingState>
  readonly #parsers = new Map<string, BodyParser>()
  readonly #pingWhileBlocked: boolean
  readonly #keeping: ((entrypoint: Entrypoint) => Entrypoint) | undefined
  #standIn: StandIn | undefined
  #inFlight = 0
  readonly #done = () => {
    this.#inFlight -= 1
  }
  #entrypoint: Entrypoint | undefined
  #websocket: WebSocketHandler | undefined

  constructor({ debug = false, logger, now = Date.now, env = process.env, pingWhileBlocked = true, memory = false }: AppOptions = {}) {
    this.#pingWhileBlocked = pingWhileBlocked
    this.#env = env
    this.#debug = debug
    this.logger = logger ?? logToStdout({ debug, env, now })
    if (memory) this.#keeping = keepingTurns(memory === true ? {} : memory, { env, log: this.logger })
    this.#ping = pingState({
      now,
      onHandlerFault: (error) => this.logger.error('ping handler failed; the automatic status counts', { error }),
      onChange: (answer) => this.#standIn?.note(answer),
    })
  }

  /**
   * Sets the handler of `POST /invocations`, with or without a schema (zod or any other Standard Schema library) that checks the payload
   * first and answers 400 with its issues. Returns the handler as callers see it. Throws when there is one already.
   */
  entrypoint<Schema extends StandardSchema, Result>(
    schema: Schema,
    handler: Entrypoint<SchemaOutput<Schema>, Result>,
  ): Entrypoint<SchemaInput<Schema>, Promise<Awaited<Result>>>
  // biome-ignore lint/suspicious/noExplicitAny: the payload's type is the handler's own claim about what callers send.
  entrypoint<Handler extends Entrypoint<any>>(handler: Handler): Handler
  entrypoint(first: StandardSchema | Entrypoint, second?: Entrypoint): Entrypoint {
    if (this.#entrypoint) throw new Error('The app has an entrypoint already; an agent answers by one.')
    this.#entrypoint = second && isSchema(first) ? withSchema(first, second) : (first as Entrypoint)
    return this.#entrypoint
  }

  /** Sets the handler of `/ws` and returns it; without one there is no such path. Throws when there is one already. */
  websocket<Handler extends WebSocketHandler>(handler: Handler): Handler {
    if (this.#websocket) throw new Error('The app has a WebSocket handler already.')
    this.#websocket = handler
    return handler
  }

  /** Takes bodies of this content type by `parser` instead of as JSON: `app.contentType('text/csv', (body) => rows(body.toString()))`. */
  contentType(type: string, parser: BodyParser): void {
    this.#parsers.set(mediaType(type), parser)
  }

  /** Sets who decides the ping status, unless it is forced. */
  ping(handler: PingHandler): void {
    this.#ping.handleWith(handler)
  }

  /** `status` counts until `clearForcedPingStatus`, before any handler and any task. */
  forcePingStatus(status: PingStatus): void {
    this.#ping.force(status)
  }

  clearForcedPingStatus(): void {
    this.#ping.force(undefined)
  }

  /**
   * Wraps any function so that the session counts as busy while it runs: until it returns, until its promise settles, or until its
   * generator is read to the end. The wrapped function has the types of `work`.
   */
  asyncTask<Args extends unknown[], Result>(work: (...args: Args) => Result, name = work.name || 'task'): (...args: Args) => Result {
    return tracked(work, () => {
      const taskId = this.addAsyncTask(name)
      return () => void this.#ping.complete(taskId)
    })
  }

  /** The session counts as busy until `completeAsyncTask` is called with the id returned. `metadata` is shown by `getAsyncTaskInfo`. */
  addAsyncTask(name: string, metadata?: unknown): number {
    this.#standIn?.arm()
    return this.#ping.add(name, metadata)
  }

  /** False when no such task runs. */
  completeAsyncTask(taskId: number): boolean {
    return this.#ping.complete(taskId)
  }

  getAsyncTaskInfo(): AsyncTaskInfo {
    return this.#ping.info()
  }

  /**
   * Listens, and on SIGTERM or SIGINT drains and exits 0. Resolves once requests are accepted.
   * Throws with neither an entrypoint nor a WebSocket handler, on a PORT that is no port, and when the port is taken.
   */
  async run(options: RunOptions = {}): Promise<RunningApp> {
    return untilSignalled(await this.listen(options))
  }

  /** As `run`, but leaves the process's signals alone. */
  async listen({ port = portOf(this.#env, 'PORT', 8080), host = hostOf(this.#env) }: RunOptions = {}): Promise<RunningApp> {
    const { server, connections } = this.createServer()
    const shared = this.#pingWhileBlocked ? await listenSharing(server, port, host) : undefined
    const bound = shared ?? (await listening(server, { port, host }))
    if (shared !== undefined) this.#standIn = this.#standInAt(shared, host, connections)
    this.logger.info('listening', { host, port: bound })
    const close = async (graceMs = 10_000) => {
      await drain(server, connections, graceMs)
      await this.#standIn?.close()
    }
    return { url: urlOf(host, bound), port: bound, close }
  }

  /** The app as a server of node that listens nowhere yet, for whoever brings connections of their own. */
  createServer(): { server: Server; connections: Connections | undefined } {
    if (!this.#entrypoint && !this.#websocket)
      throw new Error('The app answers nothing: call app.entrypoint(handler) or app.websocket(handler) before app.run().')
    const entrypoint = this.#entrypoint ? (this.#keeping?.(this.#entrypoint) ?? this.#entrypoint) : onlyWebSocket
    const invoking: Invoking = { entrypoint: this.#debug ? this.#obeying(entrypoint) : entrypoint, parsers: this.#parsers, log: appLog(this.logger) }
    // The runtime passes up to 20 headers of 4 KB and tokens on; node stops at 16 KB. It also keeps connections for reuse, and node's
    // five seconds would close one at the moment of its next request.
    const server = createServer({ maxHeaderSize: 128 * 1024, keepAliveTimeout: 75_000 }, (request, response) =>
      this.#route(invoking, request, response),
    )
    const connections = this.#websocket && serveWebSockets(server, this.#websocket, { log: this.logger, onOpen: () => this.#standIn?.arm() })
    return { server, connections }
  }

  #standInAt(port: number, host: string, connections: Connections | undefined): StandIn {
    return standIn({
      port,
      host,
      socketPath: this.#env.AGENTWORKS_PING_SOCKET,
      now: this.#ping.current(),
      isWorking: () => this.#inFlight > 0 || (connections?.count() ?? 0) > 0 || this.#ping.info().activeCount > 0,
      onFault: (error) => this.logger.warn('nobody answers /ping any more while a handler blocks', { error }),
    })
  }

  #invoke(invoking: Invoking, request: IncomingMessage, response: ServerResponse): void {
    this.#inFlight += 1
    this.#standIn?.arm()
    invoke(invoking, request, response, this.#done)
  }

  #answerPing(response: ServerResponse): void {
    // A connection of its own for each: one that is kept would wait for a blocked loop, a new one finds the thread.
    if (this.#standIn) response.setHeader('connection', 'close')
    this.#ping.answer().then((body) => respond(response, 200, JSON.stringify(body)))
  }

  #obeying(entrypoint: Entrypoint): Entrypoint {
    return (payload, context) => {
      const action = debugAction(payload)
      return action ? action(this.#ping) : entrypoint(payload, context)
    }
  }

  #route(invoking: Invoking, request: IncomingMessage, response: ServerResponse): void {
    const path = pathOf(request.url ?? '')
    if (path === '/invocations') {
      if (request.method === 'POST') this.#invoke(invoking, request, response)
      else respond(response.setHeader('allow', 'POST'), 405, '{"error":"Method Not Allowed"}')
    } else if (path === '/ping') {
      if (request.method === 'GET' || request.method === 'HEAD') this.#answerPing(response)
      else respond(response.setHeader('allow', 'GET, HEAD'), 405, '{"error":"Method Not Allowed"}')
    } else if (path === '/ws' && this.#websocket) {
      respond(response.setHeader('upgrade', 'websocket').setHeader('connection', 'upgrade'), 426, '{"error":"Upgrade Required"}')
    } else respond(response, 404, '{"error":"Not Found"}')
  }
}

function onlyWebSocket(): never {
  throw new HttpError(404, 'This agent has no entrypoint; it answers at /ws.')
}

function withSchema(schema: StandardSchema, handler: Entrypoint): Entrypoint {
  return async (payload: unknown, context: RequestContext) => handler(await checked(schema, payload), context)
}

function pathOf(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
