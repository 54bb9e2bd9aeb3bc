// An A2A server on the official JavaScript SDK: a task that works, hands over an artifact and completes.
import { TaskState } from '@a2a-js/sdk'
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from '@a2a-js/sdk/server'
import { agentCardHandler, jsonRpcHandler, UserBuilder } from '@a2a-js/sdk/server/express'
import express from 'express'

const textPart = (value) => ({ content: { $case: 'text', value }, metadata: undefined, filename: '', mediaType: 'text/plain' })
const status = (state) => ({ state, message: undefined, timestamp: new Date().toISOString() })

const executor = {
  async execute({ userMessage, taskId, contextId }, bus) {
    const said = userMessage.parts.map(({ content }) => content?.value ?? '').join(' ')
    bus.publish(
      AgentEvent.task({
        id: taskId,
        contextId,
        status: status(TaskState.TASK_STATE_WORKING),
        artifacts: [],
        history: [userMessage],
        metadata: undefined,
      }),
    )
    const artifact = {
      artifactId: 'a-1',
      name: 'shouted',
      description: '',
      parts: [textPart(said.toUpperCase())],
      metadata: undefined,
      extensions: [],
    }
    bus.publish(AgentEvent.artifactUpdate({ taskId, contextId, artifact, append: false, lastChunk: true, metadata: undefined }))
    bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(TaskState.TASK_STATE_COMPLETED), metadata: undefined }))
    bus.finished()
  },
  async cancelTask() {},
}

const card = {
  name: 'Shouter',
  description: 'says it louder',
  version: '1.0.0',
  supportedInterfaces: [{ url: process.env.AGENTCORE_RUNTIME_URL, protocolBinding: 'JSONRPC', protocolVersion: '1.0', tenant: '' }],
  provider: undefined,
  capabilities: { streaming: true, pushNotifications: false, extensions: [], extendedAgentCard: false },
  securitySchemes: {},
  securityRequirements: [],
  defaultInputModes: ['text/plain'],
  defaultOutputModes: ['text/plain'],
  skills: [],
  signatures: [],
}

const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor)
express()
  .get('/ping', (_request, response) => void response.json({ status: 'Healthy' }))
  .use('/.well-known/agent-card.json', agentCardHandler({ agentCardProvider: requestHandler }))
  .use(jsonRpcHandler({ requestHandler, userBuilder: UserBuilder.noAuthentication }))
  .listen(9000)
