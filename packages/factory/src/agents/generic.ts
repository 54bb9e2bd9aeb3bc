// The generic agent: one artifact, made into this or that agent by its environment.
import { conversation } from './conversation.js'
import { genericSettings } from './generic-settings.js'
import { serveConversation } from './prompt-payload.js'
import { startOrExplain } from './required-variables.js'
import { smallTools } from './tools/small-tools.js'

startOrExplain(() => {
  const settings = genericSettings(process.env)
  serveConversation(conversation({ ...settings, tools: smallTools(settings.toolNames, Date.now) }))
})
