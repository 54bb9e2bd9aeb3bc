// An app called in the process that made it: real HTTP and real WebSockets, over a pair of streams in place of a port.
import type { BedrockAgentCoreApp } from '#runtime/index.js'
import { type AgentCalls, agentCalls } from './agent-calls.js'
import type { AnyHandler } from './handler-types.js'
import { streamPair } from './stream-pair.js'

/**
 * Calls an app without a port. With the handler's type the payload and the answer have theirs:
 *
 *     const answer = app.entrypoint(async ({ prompt }: { prompt: string }) => ({ length: prompt.length }))
 *     const { length } = await testApp<typeof answer>(app).invoke({ prompt: 'hello' })
 */
export function testApp<Handler extends AnyHandler = (payload: unknown) => unknown>(
  app: Pick<BedrockAgentCoreApp, 'createServer'>,
): AgentCalls<Handler> {
  const { server } = app.createServer()
  return agentCalls(() => {
    const [near, far] = streamPair()
    server.emit('connection', far)
    return near
  })
}
