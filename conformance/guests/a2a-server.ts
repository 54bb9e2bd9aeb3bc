// An A2A agent with the official SDK: 1.0, and 0.3 by its compatibility layer, on port 9000. Its card names the public URL.
import { randomUUID } from 'node:crypto'
import { AgentCard, Role } from '@a2a-js/sdk'
import { AgentEvent, type AgentExecutor, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server'
import { agentCardHandler, jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express'
import express from 'express'

const url = process.env.AGENTCORE_RUNTIME_URL
const interfaces = ['1.0', '0.3'].map((protocolVersion) => ({ url, protocolBinding: 'JSONRPC', protocolVersion }))

const card = AgentCard.fromJSON({
  name: 'Echo',
  description: 'Says what it was told',
  version: '1.0.0',
  supportedInterfaces: interfaces,
  capabilities: { streaming: true },
  defaultInputModes: ['text'],
  defaultOutputModes: ['text'],
  skills: [{ id: 'echo', name: 'echo', description: 'Says it again', tags: [] }],
})

let calls = 0

const executor: AgentExecutor = {
  async execute({ userMessage, contextId }, bus) {
    calls += 1
    const [part] = userMessage.parts
    const text = part?.content?.$case === 'text' ? part.content.value : ''
    if (text === 'exit') process.exit(3)
    bus.publish(
      AgentEvent.message({
        ...userMessage,
        messageId: randomUUID(),
        contextId,
        role: Role.ROLE_AGENT,
        parts: [{ content: { $case: 'text', value: `echo ${calls}: ${text}` }, metadata: undefined, filename: '', mediaType: '' }],
      }),
    )
    bus.finished()
  },
  cancelTask: async () => undefined,
}

const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor)
const app = express()
const options = { requestHandler, legacyCompat: { enabled: true } }
app.get('/ping', (_request, response) => void response.json({ status: 'Healthy' }))
app.use('/.well-known/agent-card.json', agentCardHandler({ ...options, agentCardProvider: requestHandler }))
app.use('/', jsonRpcHandler({ ...options, userBuilder: UserBuilder.noAuthentication }))
app.listen(9000, '0.0.0.0')
