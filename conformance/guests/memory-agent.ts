// An agent whose turns the app keeps by itself; asked to recall, it tells what was learned of its user in any session.
import { BedrockAgentCoreApp } from '@agentworks/sdk/runtime'

const app = new BedrockAgentCoreApp({ memory: true })
app.entrypoint(async ({ prompt, recall }: { prompt: string; recall?: boolean }, { memory }) => {
  const turns = await memory?.getLastKTurns(5)
  const known = recall ? await memory?.searchLongTermMemories({ query: prompt, namespacePath: `/preferences/${memory.actorId}/` }) : []
  return {
    response: `You said: ${prompt}`,
    turns: turns?.length,
    known: known?.map(({ content }) => content?.text),
    variable: process.env.MEMORY_SHARED_ID,
  }
})
app.run()
