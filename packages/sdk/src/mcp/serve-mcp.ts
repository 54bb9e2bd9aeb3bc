// Streamable HTTP at /mcp for the servers of both generations of the official SDK. What the protocol says is the SDK's business.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { type HostOptions, hosted } from '#hosting/host.js'
import { answerBy, type FetchHandler } from '#hosting/web-handler.js'
import type { RunningApp } from '#runtime/index.js'
import { respond } from '#runtime/invocation.js'
import { portOf } from '#runtime/listen.js'
import { type ConnectedServer, sessionTransports } from './session-transports.js'

/** What `createMcpHandler` of `@modelcontextprotocol/server` (2.x) makes. */
export interface McpHandler {
  fetch: FetchHandler
  close?(): Promise<void>
}

/** Makes an `McpServer` of `@modelcontextprotocol/sdk` (1.x): one for each request, or for each MCP session. */
export type McpServerFactory = () => ConnectedServer | Promise<ConnectedServer>

export interface McpOptions extends HostOptions {
  /**
   * 1.x servers only. False (as AgentCore's documents advise): every request stands alone, and a `Mcp-Session-Id` that the platform adds
   * is ignored. True: the server gives each client a session that remembers, for elicitation, sampling and progress.
   */
  stateful?: boolean
}

/**
 * Serves MCP until SIGTERM. Listens on PORT, by default 8000.
 *
 *     await serveMcp(() => server)                              // @modelcontextprotocol/sdk 1.x
 *     await serveMcp(createMcpHandler(() => server))            // @modelcontextprotocol/server 2.x
 */
export async function serveMcp(source: McpServerFactory | McpHandler, options: McpOptions = {}): Promise<RunningApp> {
  const { env = process.env, port = portOf(env, 'PORT', 8000), stateful = false } = options
  const serving = typeof source === 'function' ? await sessionTransports(source, stateful) : byFetch(source)
  return hosted(options, {
    port,
    handler: async () => async (request, response) => {
      if (request.url?.split('?', 1)[0]?.replace(/\/$/, '') !== '/mcp') return respond(response, 404, '{"error":"Not Found"}')
      await serving.handle(request, response)
    },
    close: serving.close,
  })
}

function byFetch(handler: McpHandler) {
  return {
    handle: (request: IncomingMessage, response: ServerResponse) => answerBy((web) => handler.fetch(web), request, response),
    close: async () => handler.close?.(),
  }
}
