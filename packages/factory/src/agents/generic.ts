// The generic agent: one artifact, made into this or that agent by its environment.
import { memoryClient } from '@agentworks/sdk/memory'
import { conversation } from './conversation.js'
import { genericSettings } from './generic-settings.js'
import { serveConversation } from './prompt-payload.js'
import { recallTool, recollection } from './recollection.js'
import { startOrExplain } from './required-variables.js'
import { smallTools } from './tools/small-tools.js'

startOrExplain(() => {
  const { memoryId, toolNames, ...settings } = genericSettings(process.env)
  const tools = smallTools(toolNames, Date.now)
  if (memoryId === undefined) return serveConversation(conversation({ ...settings, tools }))
  const client = memoryClient()
  const known = recollection(client, (fault) => console.error('nothing was recalled:', fault instanceof Error ? fault.message : fault))
  serveConversation(conversation({ ...settings, tools: [...tools, recallTool(known)], recollection: known }), { memoryId, client, isLearnedFrom })
})

/** A rehearsal spends nothing: a model that learns from it might. */
function isLearnedFrom(payload: unknown): boolean {
  return (payload as { rehearse?: unknown } | null)?.rehearse !== true
}
