// chat: line by line with one agent in one session, from a terminal or a pipe.

import { createInterface } from 'node:readline/promises'
import { AgentFailed, invokeRuntime, type PlatformClients } from '@agentworks/factory'
import { agentNamed } from '#core/agent-named.js'
import { asFailure, Failure } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { refuseSessionId } from '#core/session-id.js'
import { readBy, type Speech, speechOf } from '#core/speech.js'
import { withPlatform } from '#core/with-platform.js'
import { showPieces } from './show-pieces.js'

export interface ChatOptions {
  name: string
  session?: string
}

export async function chat(invoked: Invoked, { name, session }: ChatOptions): Promise<void> {
  const { out, world } = invoked
  refuseSessionId(session)
  const runtimeSessionId = session ?? world.newSessionId('chat')
  await withPlatform(invoked, async (clients) => {
    const agent = await agentNamed(clients, name)
    const { agentRuntimeArn, agentRuntimeId } = agent
    const speech = await speechOf(clients, { agentRuntimeId, agentRuntimeArn, runtimeSessionId, stream: true })
    if (speech.noPrompts) throw speech.noPrompts
    if (world.stdin.isTTY) out.note(`talking to ${agent.name} (version ${agent.version}); /exit ends`)
    const turns: { prompt: string; response: string }[] = []
    let failed = 0
    for await (const prompt of lines(invoked)) {
      try {
        turns.push({ prompt, response: await turn(invoked, { clients, agentRuntimeArn, runtimeSessionId, speech, prompt }) })
      } catch (error) {
        // A conversation survives a failed turn; a script that pipes lines learns of it by the exit code.
        if (!(error instanceof AgentFailed) && !(error instanceof Error && '$metadata' in error)) throw error
        failed++
        out.note(`error: ${asFailure(error).message}`)
      }
    }
    if (turns.length > 0) out.note(out.spell(`go on with: agentworks chat ${agent.name} --session ${runtimeSessionId}`))
    if (failed > 0 && !world.stdin.isTTY)
      throw new Failure(`${failed} of ${failed + turns.length} lines got no answer`, { fix: `agentworks logs ${agent.name}` })
    out.document({ runtimeSessionId, agentRuntimeArn: agent.agentRuntimeArn, turns })
  })
}

interface ChatTurn {
  clients: PlatformClients
  agentRuntimeArn: string
  runtimeSessionId: string
  speech: Speech
  prompt: string
}

async function turn({ out, world }: Invoked, { clients, agentRuntimeArn, runtimeSessionId, speech, prompt }: ChatTurn): Promise<string> {
  const said = await speech.prompt(prompt)
  const answer = await invokeRuntime(clients.data, { ...said, agentRuntimeArn, runtimeSessionId, signal: world.stopped })
  return showPieces(readBy(speech, answer.pieces), out)
}

async function* lines({ world, out }: Invoked): AsyncGenerator<string> {
  const reader = createInterface({ input: world.stdin, output: world.stderr, terminal: world.stdin.isTTY === true, prompt: 'you> ' })
  const stop = () => reader.close()
  world.stopped.addEventListener('abort', stop)
  reader.on('SIGINT', stop)
  try {
    if (world.stdin.isTTY) reader.prompt()
    for await (const line of reader) {
      const text = line.trim()
      if (text === '/exit') return
      if (text !== '') yield text
      if (world.stdin.isTTY) reader.prompt()
    }
  } finally {
    world.stopped.removeEventListener('abort', stop)
    reader.close()
    if (world.stdin.isTTY) out.note('')
  }
}
