// An agent on the official TypeScript SDK.
import { setTimeout as after } from 'node:timers/promises'
import { BedrockAgentCoreApp } from 'bedrock-agentcore/runtime'

async function* pieces(words) {
  for (const word of words) {
    yield { event: 'message', data: { word } }
    await after(150)
  }
}

const app = new BedrockAgentCoreApp({
  invocationHandler: {
    process: async (payload, context) => (payload.stream ? pieces(payload.prompt.split(' ')) : { said: payload.prompt, session: context.sessionId }),
  },
  websocketHandler: (socket, context) => {
    socket.on('message', (data) => socket.send(JSON.stringify({ said: String(data), session: context.sessionId })))
  },
})
app.run()
