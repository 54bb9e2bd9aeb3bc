import { Role } from '@a2a-js/sdk'
import { AgentEvent, type AgentExecutor } from '@a2a-js/sdk/server'

export const executor: AgentExecutor = {
  async execute({ userMessage, contextId }, bus) {
    bus.publish(AgentEvent.message({ ...userMessage, messageId: crypto.randomUUID(), contextId, role: Role.ROLE_AGENT }))
    bus.finished()
  },
  async cancelTask() {},
}
