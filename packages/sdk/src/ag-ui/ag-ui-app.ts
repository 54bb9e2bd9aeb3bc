// AG-UI on the runtime's HTTP contract: the input is checked by the protocol's own schema, the answer is its events.
import type { BaseEvent, RunAgentInput } from '@ag-ui/core'
import {
  type AppOptions,
  BedrockAgentCoreApp,
  messages,
  type RequestContext,
  type RunningApp,
  type RunOptions,
  type StandardSchema,
} from '#runtime/index.js'
import { eventsOf, type Observable } from './observed.js'

type Events = AsyncIterable<BaseEvent> | Observable<BaseEvent>

/** A function that makes the events of one run, or an agent of `@ag-ui/client` (LangGraph, Mastra and others come as such). */
export type AgUiAgent = ((input: RunAgentInput, context: RequestContext) => Events) | { run(input: RunAgentInput): Events; clone?(): unknown }

/** The app, for whoever adds tasks or a ping handler to it, or tests it by `testApp`. */
export async function agUiApp(agent: AgUiAgent, options: AppOptions = {}): Promise<BedrockAgentCoreApp> {
  const { RunAgentInputSchema } = await import('@ag-ui/core/schemas')
  const app = new BedrockAgentCoreApp(options)
  app.entrypoint(RunAgentInputSchema as unknown as StandardSchema<unknown, RunAgentInput>, (input, context) => run(agent, input, context, app))
  app.websocket(async (socket, context) => {
    for await (const message of messages(socket)) {
      const input = RunAgentInputSchema.safeParse(parsed(message))
      // As the Python SDK does: what is no input at all ends the connection as data that it cannot take.
      if (!input.success) return socket.close(1003, 'The message is no RunAgentInput')
      for await (const event of run(agent, input.data as RunAgentInput, context, app)) {
        if (context.signal.aborted) return
        socket.send(JSON.stringify(event))
      }
    }
  })
  return app
}

/** Serves the agent on PORT, by default 8080, until SIGTERM. */
export async function serveAgUi(agent: AgUiAgent, options: AppOptions & RunOptions = {}): Promise<RunningApp> {
  return (await agUiApp(agent, options)).run(options)
}

async function* run(agent: AgUiAgent, input: RunAgentInput, context: RequestContext, app: BedrockAgentCoreApp): AsyncGenerator<BaseEvent> {
  try {
    yield* eventsOf(typeof agent === 'function' ? agent(input, context) : fresh(agent).run(input))
  } catch (error) {
    app.logger.error('run failed', { error })
    // The protocol's own way to fail: the stream ends whole, and the interface shows it.
    const message = error instanceof Error ? error.message : String(error)
    yield { type: 'RUN_ERROR', message, code: 'INTERNAL_ERROR' } as unknown as BaseEvent
  }
}

/** Agents of @ag-ui/client keep the messages of a run in themselves; two runs at once must not share them. */
function fresh<Agent extends { run(input: RunAgentInput): Events; clone?(): unknown }>(agent: Agent): Agent {
  return (agent.clone?.() as Agent | undefined) ?? agent
}

function parsed(message: string | Buffer): unknown {
  try {
    return JSON.parse(message.toString())
  } catch {
    return undefined
  }
}
