// logs NAME: an agent's output, line by line.
import { agentNamed } from '#core/agent-named.js'
import { adminFetch } from '#core/connection.js'
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { withPlatform } from '#core/with-platform.js'

export interface LogOptions {
  name: string
  follow?: boolean
  session?: string
  tail: number
}

export async function logs(invoked: Invoked, { name, follow = false, session, tail }: LogOptions): Promise<void> {
  const { out, world } = invoked
  if (follow && out.json) throw wrongUsage('--json gives one document, which --follow never ends', 'leave one of them out')
  const { agentRuntimeId } = await withPlatform(invoked, (clients) => agentNamed(clients, name))
  const query = new URLSearchParams({ tail: String(tail), ...(session ? { session } : {}), ...(follow ? { follow: '1' } : {}) })
  const response = await adminFetch(invoked, `logs/${agentRuntimeId}?${query}`, { signal: world.stopped })
  if (out.json) {
    const text = await response.text()
    return out.document({ agentRuntimeId, lines: text.split('\n').filter((line) => line !== '') })
  }
  try {
    const decoder = new TextDecoder()
    for await (const chunk of response.body ?? []) out.piece(decoder.decode(chunk, { stream: true }))
  } catch (error) {
    // Ctrl-C is how following ends.
    if (!world.stopped.aborted) throw error
  }
}
