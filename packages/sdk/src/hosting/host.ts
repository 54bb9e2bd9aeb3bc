// What the hosts of protocols have in common: a port, /ping, a context and a log line for each request, an orderly end.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { requestContext, runInContext } from '#runtime/context.js'
import type { Logger, PingHandler, RunningApp, RunOptions } from '#runtime/index.js'
import { refuse, respond } from '#runtime/invocation.js'
import { drain, hostOf, listening, untilSignalled, urlOf } from '#runtime/listen.js'
import { logToStdout } from '#runtime/log.js'
import { pingState } from '#runtime/ping.js'

export interface HostOptions extends RunOptions {
  /** Takes the place of JSON lines on standard output. */
  logger?: Logger
  /** Who decides the ping status; default: always Healthy. */
  ping?: PingHandler
  /** Where the variables are read; default `process.env`. */
  env?: Readonly<Record<string, string | undefined>>
  /** Whether SIGTERM and SIGINT drain and exit 0. Default true. */
  signals?: boolean
}

interface Hosted {
  port: number
  /** Called once the port is known, before the first request. */
  handler(url: string): Promise<(request: IncomingMessage, response: ServerResponse) => unknown>
  close?(): Promise<unknown>
}

export async function hosted(
  { env = process.env, logger, ping, signals = true, host = hostOf(env) }: HostOptions,
  protocol: Hosted,
): Promise<RunningApp> {
  const log = logger ?? logToStdout({ debug: false, env, now: Date.now })
  const state = pingState({ now: Date.now, onHandlerFault: (error) => log.error('ping handler failed; Healthy counts', { error }) })
  if (ping) state.handleWith(ping)
  let handle: Awaited<ReturnType<Hosted['handler']>> | undefined
  const server = createServer({ maxHeaderSize: 128 * 1024, keepAliveTimeout: 75_000 }, (request, response) => {
    if (request.url?.split('?', 1)[0] === '/ping' && (request.method === 'GET' || request.method === 'HEAD')) {
      state.answer().then((body) => respond(response, 200, JSON.stringify(body)))
      return
    }
    const leaving = new AbortController()
    response.once('close', () => response.writableFinished || leaving.abort(new DOMException('The client went away.', 'AbortError')))
    runInContext(requestContext(request.headers, leaving), async () => {
      const startedAt = performance.now()
      response.once('close', () => {
        const durationMs = Math.round((performance.now() - startedAt) * 100) / 100
        log.info('request completed', { method: request.method, path: request.url, status: response.statusCode, durationMs })
      })
      try {
        await handle?.(request, response)
      } catch (error) {
        log.error('request failed', { error })
        refuse(error, response)
      }
    })
  })
  const port = await listening(server, { port: protocol.port, host })
  const url = urlOf(host, port)
  handle = await protocol.handler(url)
  log.info('listening', { host, port })
  const close = async (graceMs = 10_000) => {
    await Promise.all([drain(server, undefined, graceMs), protocol.close?.()])
  }
  const running = { url, port, close }
  return signals ? untilSignalled(running) : running
}
