// An agent on the SDK: a checked payload, a stream, a WebSocket, background work, and a log that knows the session.
import { setTimeout as pause } from 'node:timers/promises'
import { BedrockAgentCoreApp, messages } from '@agentworks/sdk/runtime'
import { z } from 'zod'

export const app = new BedrockAgentCoreApp()

const question = z.object({ prompt: z.string().min(1), stream: z.boolean().default(false), background: z.boolean().default(false) })

export const answer = app.entrypoint(question, async ({ prompt, stream, background }, { sessionId }) => {
  app.logger.info('asked', { length: prompt.length })
  if (background) {
    void index(prompt)
    return { status: 'started', tasks: app.getAsyncTaskInfo().activeCount }
  }
  return stream ? words(prompt) : { response: `You said: ${prompt}`, sessionId }
})

async function* words(prompt) {
  for (const word of prompt.split(' ')) yield { word }
}

// The session counts as busy until this is done: it outlives its idle timeout.
const index = app.asyncTask(async (text) => {
  await pause(300)
  app.logger.info('indexed', { length: text.length })
}, 'index')

app.websocket(async (socket, { sessionId }) => {
  for await (const message of messages(socket)) socket.send(`${sessionId}: ${message}`)
})
