// sessions exec ID -- COMMAND: bash beside an agent, with the command's own exit code.
import { runCommand } from '@agentworks/factory'
import { agentNamed } from '#core/agent-named.js'
import { Ended } from '#core/ended.js'
import { Failure } from '#core/failure.js'
import type { Invoked } from '#core/invoked.js'
import { refuseSessionId } from '#core/session-id.js'
import { withPlatform } from '#core/with-platform.js'
import { runningSessions } from './sessions.js'

export interface ExecOptions {
  id: string
  words: string[]
  agent?: string
  timeout?: number
}

export async function exec(invoked: Invoked, { id, words, agent, timeout }: ExecOptions): Promise<void> {
  const { out, world } = invoked
  refuseSessionId(id)
  await withPlatform(invoked, async (clients) => {
    const { agentRuntimeArn } = await agentNamed(clients, agent ?? (await agentOf(invoked, id)))
    const said = { stdout: '', stderr: '' }
    const wish = { agentRuntimeArn, runtimeSessionId: id, command: commandLine(words), timeout, signal: world.stopped }
    const { exitCode, status } = await runCommand(clients.data, wish, (stream, text) => {
      if (out.json) said[stream] += text
      else world[stream].write(text)
    })
    out.document({ exitCode, status, ...said })
    if (status === 'TIMED_OUT')
      throw new Failure('the command took too long and was ended', { fix: 'agentworks sessions exec ID --timeout 3600 -- COMMAND' })
    if (exitCode !== 0) throw new Ended(exitCode)
  })
}

/** Whose session it is. Without --agent the session must run; with it, it is started. */
export async function agentOf(invoked: Invoked, id: string): Promise<string> {
  const found = (await runningSessions(invoked)).filter(({ runtimeSessionId }) => runtimeSessionId === id)
  const [one, ...more] = found
  if (!one) throw new Failure(`no running session has the id ${id}`, { fix: 'agentworks sessions list   (or start one: --agent NAME)' })
  if (more.length > 0) throw new Failure(`${found.length} agents have a session ${id}`, { fix: `--agent ${one.agentRuntimeId}` })
  return one.agentRuntimeId
}

/** One word is a line for bash; several are a program and its arguments, handed over as they are. */
function commandLine(words: string[]): string {
  if (words.length === 1) return words[0] ?? ''
  return words.map((word) => (/^[A-Za-z0-9_./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`)).join(' ')
}
