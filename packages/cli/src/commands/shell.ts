// sessions shell ID: bash beside an agent, with this terminal as its own and its exit code as ours.
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { runtimeClient, type Shell, ShellLost } from '@agentworks/sdk/client'
import { agentNamed } from '#core/agent-named.js'
import { platformAccess } from '#core/connection.js'
import { Ended } from '#core/ended.js'
import { Failure, wrongUsage } from '#core/failure.js'
import type { Invoked, World } from '#core/invoked.js'
import { refuseSessionId } from '#core/session-id.js'
import { withPlatform } from '#core/with-platform.js'
import { agentOf } from './exec.js'

export interface ShellOptions {
  id: string
  agent?: string
  shell?: string
}

/** Of a stdout that is no terminal. */
const plainSize = { width: 80, height: 24 }
const clearScreen = '\u001b[H\u001b[2J'
/** What Ctrl-D types: no more input. */
const endOfInput = '\u0004'

export async function shell(invoked: Invoked, { id, agent, shell: shellId }: ShellOptions): Promise<void> {
  const { out, world } = invoked
  refuseSessionId(id)
  if (out.json) throw wrongUsage('a terminal is no JSON document', 'leave --json out, or: agentworks sessions exec ID --json -- COMMAND')
  const { agentRuntimeArn } = await withPlatform(invoked, async (clients) => agentNamed(clients, agent ?? (await agentOf(invoked, id))))
  using client = runtimeClient(await platformAccess(invoked))
  const open = await client.shell({ agentRuntimeArn, runtimeSessionId: id, shellId, signal: world.stopped })
  try {
    const exitCode = await attended(open, world)
    if (exitCode !== 0) throw new Ended(exitCode)
  } catch (fault) {
    if (world.stopped.aborted) throw new Ended(130)
    if (!(fault instanceof ShellLost)) throw fault
    throw new Failure(fault.message, { fix: `if the session runs still: agentworks sessions shell ${id} --shell ${open.shellId}`, cause: fault })
  }
}

/** Until it ends. However it ends, the terminal is the user's again. */
async function attended(open: Shell, { stdin, stdout }: World): Promise<number> {
  const isTerminal = stdin.isTTY === true
  const resize = () => void open.resize(sizeOf(stdout)).catch(ended)
  const type = (piece: Buffer) => {
    // What is typed faster than it goes out waits here, and not in memory.
    stdin.pause()
    open.write(piece).then(() => stdin.resume(), ended)
  }
  const end = () => void open.write(endOfInput).catch(ended)
  if (isTerminal) makeRaw(stdin)
  try {
    await open.resize(sizeOf(stdout))
    stdout.on('resize', resize)
    stdin.on('data', type).once('end', end)
    for await (const output of open) {
      const isWritten = stdout.write(output.kind === 'reconnected' ? clearScreen : output.data)
      if (!isWritten) await once(stdout, 'drain')
    }
    return await open.exitCode
  } finally {
    stdin.off('data', type).off('end', end).pause()
    stdout.off('resize', resize)
    if (isTerminal) stdin.setRawMode?.(false)
  }
}

/** Node leaves line feeds to be translated, which breaks programs that move the cursor by them; giving the terminal back undoes both. */
function makeRaw(stdin: World['stdin']): void {
  stdin.setRawMode?.(true)
  // Without the program it is as good as Node makes it.
  spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] })
}

const sizeOf = ({ columns, rows }: World['stdout']) => ({ width: columns || plainSize.width, height: rows || plainSize.height })

/** Why a shell takes nothing any more is told by its output's end. */
function ended(): void {}
