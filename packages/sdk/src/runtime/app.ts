// The app: routes, listens, stops. What a request does is in invocation.ts, what the ping says in ping.ts.
import { existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type Entrypoint, invoke, refuse, respond } from './invocation.js'
import { jsonLogger, type Logger } from './log.js'
import { type AsyncTaskInfo, type PingHandler, type PingStatus, pingState } from './ping.js'

export interface AppOptions {
  /** Writes debug lines too. Default false. */
  debug?: boolean
  /** Takes the place of JSON lines on standard output. */
  logger?: Logger
  /** Epoch milliseconds; for tests. */
  now?: () => number
  /** Where PORT and DOCKER_CONTAINER are read; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>
}

export interface RunOptions {
  /** Default: PORT, else 8080. 0 takes a free one. */
  port?: number
  /** Default: 0.0.0.0 inside a container or an agentworks session, else 127.0.0.1. */
  host?: string
}

export interface RunningApp {
  url: string
  port: number
  /** Takes no new work, gives requests in flight `graceMs` (10 s unless told), then cuts them. */
  close(graceMs?: number): Promise<void>
}

/**
 * An agent on the AgentCore runtime contract: `POST /invocations` and `GET /ping` on port 8080.
 *
 *     const app = new BedrockAgentCoreApp()
 *     app.entrypoint(async (payload: { prompt: string }) => ({ result: payload.prompt }))
 *     await app.run()
 */
export class BedrockAgentCoreApp {
  /** JSON lines that carry requestId and sessionId by themselves. */
  readonly logger: Logger
  readonly #env: Readonly<Record<string, string | undefined>>
  readonly #ping: ReturnType<typeof pingState>
  #entrypoint: Entrypoint | undefined

  constructor({ debug = false, logger, now = Date.now, env = process.env }: AppOptions = {}) {
    this.#env = env
    this.logger = logger ?? jsonLogger({ name: 'agentworks.app', debug, write: (line) => process.stdout.write(line), now })
    this.#ping = pingState({ now, onHandlerFault: (error) => this.logger.error('ping handler failed; the automatic status counts', { error }) })
  }

  /** Sets the handler of `POST /invocations` and returns it. Throws when there is one already. */
  entrypoint<Payload = unknown, Handler extends Entrypoint<Payload> = Entrypoint<Payload>>(handler: Handler & Entrypoint<Payload>): Handler {
    if (this.#entrypoint) throw new Error('The app has an entrypoint already; an agent answers by one.')
    // The body is whatever the caller sent; the payload's type is the handler's own claim about it.
    this.#entrypoint = handler as Entrypoint
    return handler
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

  /** Wraps `work` so that the session counts as busy from each call until its promise settles. */
  asyncTask<Args extends unknown[], Result>(work: (...args: Args) => Result | Promise<Result>, name = work.name || 'task') {
    return async (...args: Args): Promise<Result> => {
      const taskId = this.#ping.add(name)
      try {
        return await work(...args)
      } finally {
        this.#ping.complete(taskId)
      }
    }
  }

  /** The session counts as busy until `completeAsyncTask` is called with the id returned. */
  addAsyncTask(name: string): number {
    return this.#ping.add(name)
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
   * Throws without an entrypoint, on a PORT that is no port, and when the port is taken.
   */
  async run(options: RunOptions = {}): Promise<RunningApp> {
    const running = await this.listen(options)
    const stop = () => void running.close().then(() => process.exit(0))
    process.once('SIGTERM', stop).once('SIGINT', stop)
    return running
  }

  /** As `run`, but leaves the process's signals alone. */
  async listen({ port = portOf(this.#env), host = hostOf(this.#env) }: RunOptions = {}): Promise<RunningApp> {
    const entrypoint = this.#entrypoint
    if (!entrypoint) throw new Error('The app has no entrypoint: call app.entrypoint(handler) before app.run().')
    // The runtime passes up to 20 headers of 4 KB and tokens on; node stops at 16 KB. It also keeps connections for reuse, and node's
    // five seconds would close one at the moment of its next request.
    const server = createServer({ maxHeaderSize: 128 * 1024, keepAliveTimeout: 75_000 }, (request, response) =>
      this.#route(entrypoint, request, response),
    )
    await listening(server, port, host)
    const address = server.address()
    const bound = typeof address === 'object' && address ? address.port : port
    this.logger.info('listening', { host, port: bound })
    return { url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${bound}`, port: bound, close: (graceMs = 10_000) => drain(server, graceMs) }
  }

  #route(entrypoint: Entrypoint, request: IncomingMessage, response: ServerResponse): void {
    const path = request.url?.split('?', 1)[0]
    if (path === '/invocations') {
      if (request.method === 'POST') invoke(entrypoint, request, response, this.logger).catch((error) => refuse(error, response))
      else respond(response.setHeader('allow', 'POST'), 405, '{"error":"Method Not Allowed"}')
    } else if (path === '/ping') {
      if (request.method === 'GET' || request.method === 'HEAD') this.#ping.answer().then((body) => respond(response, 200, JSON.stringify(body)))
      else respond(response.setHeader('allow', 'GET, HEAD'), 405, '{"error":"Method Not Allowed"}')
    } else respond(response, 404, '{"error":"Not Found"}')
  }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function drain(server: Server, graceMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), graceMs)
    // A connection that falls idle after this moment is kept alive by node until told again.
    const sweep = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => {
      clearTimeout(cut)
      clearInterval(sweep)
      resolve()
    })
    server.closeIdleConnections()
  })
}

function portOf(env: Readonly<Record<string, string | undefined>>): number {
  const text = env.PORT
  if (text === undefined || text === '') return 8080
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`PORT is ${JSON.stringify(text)}; it must be a number from 0 to 65535.`)
  return port
}

function hostOf(env: Readonly<Record<string, string | undefined>>): string {
  return env.DOCKER_CONTAINER || existsSync('/.dockerenv') ? '0.0.0.0' : '127.0.0.1'
}
