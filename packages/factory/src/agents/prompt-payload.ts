// What our agents accept: {"prompt": "…"}, and how they answer: {"response": "…", "toolCalls": […]}.
// With "stream": true the answer is server-sent events: {"text": "…"} pieces, {"tool": "name"} as a tool starts, the whole at last.
import { type AppMemory, BedrockAgentCoreApp, HttpError, type RequestContext } from '@agentworks/sdk/runtime'
import { z } from 'zod'
import type { conversation, TurnEvent } from './conversation.js'

/** Other members are dropped, as AWS drops what its models do not know: documents show bodies with `sessionId` and `enableTrace`. */
const payloadShape = z.object({
  prompt: z.string().min(1).max(100_000),
  stream: z.boolean().default(false),
  rehearse: z.boolean().default(false),
})

/** Runs the agent until the platform ends its session. With a memory, the app keeps each turn: of `actorId`, as whom the caller says to speak. */
export function serveConversation(talk: ReturnType<typeof conversation>, memory?: AppMemory): void {
  const app = new BedrockAgentCoreApp({ ...(memory && { memory }) })
  app.entrypoint(async (payload: unknown, context: RequestContext) => {
    const { prompt, rehearse, stream } = readPayload(payload)
    const turn = talk.turn({ prompt, rehearse, signal: context.signal })
    return stream ? turn : lastOf(turn)
  })
  app.run()
}

function readPayload(payload: unknown): z.infer<typeof payloadShape> {
  const read = payloadShape.safeParse(payload)
  if (read.success) return read.data
  const faults = read.error.issues.map((issue) => (issue.path.length > 0 ? `${issue.path.join('.')}: ${issue.message}` : issue.message))
  throw new HttpError(400, `${faults.join('; ')}. Send {"prompt": "…"}; "stream": true and "rehearse": true are optional.`)
}

async function lastOf(turn: AsyncGenerator<TurnEvent>): Promise<TurnEvent | undefined> {
  let last: TurnEvent | undefined
  for await (const event of turn) last = event
  return last
}
