// invoke NAME PROMPT: one question, one answer, printed as it comes.
import { type Answer, invokeRuntime, type PlatformClients } from '@agentworks/factory'
import { agentNamed } from '#core/agent-named.js'
import { wrongUsage } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { withProgress } from '#core/progress.js'
import { refuseSessionId } from '#core/session-id.js'
import { readBy, speechOf } from '#core/speech.js'
import { tokenFrom } from '#core/token-file.js'
import { withPlatform } from '#core/with-platform.js'
import { showPieces } from './show-pieces.js'

export interface InvokeOptions {
  name: string
  prompt?: string
  payload?: string
  session?: string
  qualifier?: string
  /** `-` is standard input. */
  bearerTokenFile?: string
}

export async function invoke(invoked: Invoked, { name, prompt, payload, session, qualifier, bearerTokenFile }: InvokeOptions): Promise<void> {
  const { out, world } = invoked
  const given = givenOf(prompt, payload)
  refuseSessionId(session)
  const bearerToken = bearerTokenFile === undefined ? undefined : await tokenFrom(world, bearerTokenFile)
  const work = async (clients: PlatformClients) => {
    const { agentRuntimeArn, agentRuntimeId } = await agentNamed(clients, name)
    const runtimeSessionId = session ?? world.newSessionId('invoke')
    const speech = await speechOf(clients, { agentRuntimeId, agentRuntimeArn, runtimeSessionId, qualifier })
    const said = given.prompt === undefined ? speech.payload(given.payload) : await speech.prompt(given.prompt)
    const ask = { ...said, agentRuntimeArn, runtimeSessionId, qualifier, signal: world.stopped }
    const ifLong = out.spell(`no answer yet; its output: agentworks logs ${name}`)
    const answer = await withProgress(world.stderr, `waiting for ${name}`, () => invokeRuntime(clients.data, ask), { ifLong })
    if (out.json) return out.document(await documentOf(answer))
    await showPieces(readBy(speech, answer.pieces), out)
    out.note(`session ${answer.runtimeSessionId}   (go on with --session)`)
  }
  await withPlatform(invoked, work, { bearerToken })
}

function givenOf(prompt: string | undefined, payload: string | undefined): { prompt?: string; payload?: unknown } {
  if (prompt === undefined && payload === undefined) throw wrongUsage('no prompt given', 'agentworks invoke NAME "Hello!"')
  if (prompt !== undefined && payload !== undefined) throw wrongUsage('give a prompt or --payload, and not both', 'agentworks invoke NAME "Hello!"')
  if (payload === undefined) return { prompt }
  try {
    return { payload: JSON.parse(payload) }
  } catch (error) {
    throw wrongUsage(`--payload is no JSON: ${error instanceof Error ? error.message : error}`, `--payload '{"prompt": "Hello!"}'`)
  }
}

/** `response` is the answer's JSON, or its text; of a stream, the list of its events. */
async function documentOf({ runtimeSessionId, statusCode, contentType, pieces }: Answer) {
  const all: unknown[] = []
  for await (const piece of pieces) all.push(piece)
  return { runtimeSessionId, statusCode, response: contentType.startsWith('text/event-stream') ? all : all[0] }
}
