// JSON-RPC at / and the card at its well-known place, by the official SDK's own handlers, for A2A 1.0 and 0.3.
import type { AgentCard } from '@a2a-js/sdk'
import type { AgentExecutor, DefaultRequestHandlerOptions, TaskStore } from '@a2a-js/sdk/server'
import { type HostOptions, hosted } from '#hosting/host.js'
import type { RunningApp } from '#runtime/index.js'
import { portOf } from '#runtime/listen.js'
import { logToStdout } from '#runtime/log.js'

/** The agent's own words; what is left out is filled in: text in and out, streaming, no authentication of its own. */
export type A2ACard = Pick<AgentCard, 'name' | 'description'> & Partial<AgentCard>

export interface A2AOptions extends HostOptions {
  agentCard: A2ACard
  executor: AgentExecutor
  /** Default: in memory, for as long as the session lives. */
  taskStore?: TaskStore
  /** Passed on to the SDK's DefaultRequestHandler. */
  handlerOptions?: DefaultRequestHandlerOptions
}

const runtimePort = 9000

/**
 * Serves an agent's executor until SIGTERM. Listens on A2A_PORT, by default 9000; PORT is of no effect, since the runtime speaks A2A to
 * 9000 only. The card names AGENTCORE_RUNTIME_URL where that is set, which is how callers outside reach the agent.
 */
export async function serveA2A(options: A2AOptions): Promise<RunningApp> {
  const { env = process.env, executor, handlerOptions } = options
  const port = options.port ?? portOf(env, 'A2A_PORT', runtimePort)
  const logger = options.logger ?? logToStdout({ debug: false, env, now: Date.now })
  if (port !== runtimePort)
    logger.warn(`the agent listens on ${port}; AgentCore Runtime calls A2A agents on ${runtimePort} and answers 424 otherwise`)
  const [{ DefaultRequestHandler, InMemoryTaskStore }, { agentCardHandler, jsonRpcHandler, UserBuilder }, { default: express }] = await Promise.all([
    import('@a2a-js/sdk/server'),
    import('@a2a-js/sdk/server/express'),
    import('express'),
  ])
  return hosted(
    { ...options, logger },
    {
      port,
      handler: async (url) => {
        const card = cardAt(options.agentCard, env.AGENTCORE_RUNTIME_URL, url)
        const taskStore = options.taskStore ?? new InMemoryTaskStore()
        const requestHandler = new DefaultRequestHandler(
          card,
          taskStore,
          executor,
          undefined,
          undefined,
          undefined,
          undefined,
          undefined,
          handlerOptions,
        )
        const legacyCompat = { enabled: true }
        const app = express().disable('x-powered-by')
        app.use('/.well-known/agent-card.json', agentCardHandler({ agentCardProvider: requestHandler, legacyCompat }))
        app.use('/', jsonRpcHandler({ requestHandler, userBuilder: UserBuilder.noAuthentication, legacyCompat }))
        return app
      },
    },
  )
}

function cardAt(given: A2ACard, runtimeUrl: string | undefined, ownUrl: string): AgentCard {
  const url = runtimeUrl || `${ownUrl}/`
  const versions = ['1.0', '0.3'].map((protocolVersion) => ({ url, protocolBinding: 'JSONRPC', tenant: '', protocolVersion }))
  return {
    version: '1.0.0',
    provider: undefined,
    capabilities: { streaming: true, pushNotifications: false, extensions: [] },
    securitySchemes: {},
    securityRequirements: [],
    defaultInputModes: ['text/plain'],
    defaultOutputModes: ['text/plain'],
    skills: [],
    signatures: [],
    ...given,
    supportedInterfaces: given.supportedInterfaces?.map((one) => (runtimeUrl ? { ...one, url: runtimeUrl } : one)) ?? versions,
  }
}
