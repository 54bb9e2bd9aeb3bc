// The builder agent: makes agents from plain words, with the credentials and the role of its own session.
import { BedrockAgentCoreClient } from '@aws-sdk/client-bedrock-agentcore'
import { BedrockAgentCoreControlClient } from '@aws-sdk/client-bedrock-agentcore-control'
import { builderSettings, builderSystemPrompt } from './builder-settings.js'
import { conversation } from './conversation.js'
import { serveConversation } from './prompt-payload.js'
import { startOrExplain } from './required-variables.js'
import { agentTools } from './tools/agent-tools.js'

startOrExplain(() => {
  const { modelId, region, template } = builderSettings(process.env)
  const tools = agentTools({
    // No credentials given: the stock chain finds the session's own, and renews them.
    control: new BedrockAgentCoreControlClient({ region }),
    data: new BedrockAgentCoreClient({ region }),
    template,
    newSessionId: (label) => `${label}-${crypto.randomUUID()}`,
  })
  serveConversation(conversation({ name: 'builder', systemPrompt: builderSystemPrompt, modelId, region, tools }))
})
