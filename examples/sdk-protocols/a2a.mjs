// An A2A agent of the official SDK on the runtime's port: JSON-RPC and the agent card on 9000, A2A 1.0 and 0.3.
import { Role } from '@a2a-js/sdk'
import { AgentEvent } from '@a2a-js/sdk/server'
import { serveA2A } from '@agentworks/sdk/a2a'

await serveA2A({
  agentCard: { name: 'Echo', description: 'Says what it hears' },
  executor: {
    async execute({ userMessage, contextId }, bus) {
      bus.publish(AgentEvent.message({ ...userMessage, messageId: crypto.randomUUID(), contextId, role: Role.ROLE_AGENT }))
      bus.finished()
    },
    async cancelTask() {},
  },
})
