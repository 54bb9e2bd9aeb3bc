// What an agent knows of its user from earlier talks: beside every request, and by a tool when it is asked for.
import type { MemoryClient } from '@agentworks/sdk/memory'
import { getContext } from '@agentworks/sdk/runtime'
import { type Tool, tool } from '@strands-agents/sdk'
import { z } from 'zod'

export interface Recollection {
  /** Of the user of this invocation; nothing when the memory does not answer, since the agent can do without. */
  about(query: string): Promise<string[]>
}

const most = 8
/** Of a record that a newer one made untrue: agentworks keeps it, and says so. */
const outdatedKey = 'x-agentworks-outdatedAt'

export function recollection(client: Pick<MemoryClient, 'recall'>, tell: (fault: unknown) => void): Recollection {
  return {
    async about(query) {
      const { memory } = getContext() ?? {}
      if (!memory) return []
      try {
        const records = await client.recall(memory, query.slice(0, 10_000), { topK: most, relevanceScore: 0.05 })
        return records.flatMap(({ content, metadata = {} }) => (content?.text && !(outdatedKey in metadata) ? [factIn(content.text)] : []))
      } catch (fault) {
        tell(fault)
        return []
      }
    },
  }
}

export function recallTool({ about }: Recollection): Tool {
  return tool({
    name: 'recall_memory',
    description:
      'Remember and recall what this user said or told earlier, in this talk or in others: what they like and prefer, names, places, facts.',
    inputSchema: z.object({ question: z.string().optional().describe('What to recall, in words; everything that is known when absent') }),
    callback: async ({ question }) => {
      const known = await about(question ?? 'likes prefers lives works name')
      return { summary: known.length > 0 ? `I remember: ${known.join('; ')}` : 'I remember nothing about that.', known }
    },
  })
}

/** Preferences and facts are JSON with a sentence in it; summaries and episodes are text. */
function factIn(text: string): string {
  try {
    const parsed: unknown = JSON.parse(text)
    if (typeof parsed !== 'object' || parsed === null) return text
    for (const name of ['preference', 'fact']) {
      const found: unknown = Reflect.get(parsed, name)
      if (typeof found === 'string') return found
    }
    return text
  } catch {
    return text
  }
}
