// One running agent as the port sees it, whatever isolates it.
import type { ChildProcess } from 'node:child_process'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Instance, InstanceExit, InstanceSpec, IsolationLevel, Reach } from '#ports/sandbox.js'
import type { AgentSocket } from './agent-socket.js'
import type { Executions } from './executions.js'
import { readLines } from './output-lines.js'

export interface AgentProcessParts {
  isolation: IsolationLevel
  pid: number
  /** As it is when asked. */
  reach: () => Reach
  child: ChildProcess
  /** From `watchChild`, called before anything was awaited: an agent can end within the first millisecond. */
  exit: Promise<InstanceExit>
  socket: AgentSocket
  executions: Executions
  clock: Clock
  /** Asks the agent to end. */
  askToEnd(): Promise<void>
  /** Ends the whole tree at once. Safe when it is gone. */
  endTree(): Promise<void>
  /** Resolves when nothing of the tree runs any more; called after the child has ended. */
  treeEnded(): Promise<void>
  /** Which limit of the session has ended it, if one has; called after the child has ended. */
  limitReached?(exit: InstanceExit): Promise<string | undefined>
  removePlace(): Promise<void>
}

/** Wires output and end in the turn of the spawn, before either can be missed. The child's stdout and stderr are pipes. */
export function watchChild(child: ChildProcess, clock: Clock, onOutput: InstanceSpec['onOutput']): Promise<InstanceExit> {
  if (child.stdout) readLines(child.stdout, clock, (line) => onOutput('stdout', line))
  if (child.stderr) readLines(child.stderr, clock, (line) => onOutput('stderr', line))
  return childExit(child)
}

/** For whatever the host refuses on the way: a missing folder, an interpreter that is gone, no memory for a process. */
export function cannotStart(cause: unknown): never {
  if (cause instanceof PortError) throw cause
  throw new PortError('sandbox', 'cannot-start', `the agent could not be started: ${cause instanceof Error ? cause.message : String(cause)}`, {
    cause,
  })
}

export function agentProcess(parts: AgentProcessParts): Instance {
  const { child, socket, clock } = parts
  const ended = new AbortController()
  const gone = new AbortController()

  const childEnded = parts.exit.then(async (plain) => {
    const limit = await parts.limitReached?.(plain).catch(() => undefined)
    const exit = limit === undefined ? plain : { ...plain, limit }
    gone.abort(new PortError('sandbox', 'exited', `the agent has ended: ${exitText(exit)}`))
    ended.abort(new PortError('sandbox', 'exited', `the agent ended before it listened on its port: ${exitText(exit)}`))
    return exit
  })
  const exited = childEnded.then(async (exit) => {
    // A tree or a folder that resists must not hide that the agent has ended; `endOrphans` comes by again.
    await parts.endTree().catch(() => {})
    await parts.treeEnded().catch(() => {})
    socket.close()
    parts.executions.close()
    await parts.removePlace().catch(() => {})
    return exit
  })

  return {
    isolation: parts.isolation,
    pid: parts.pid,
    get reach() {
      return parts.reach()
    },
    exited,
    async listening(signal) {
      return { socketPath: await socket.accepting(AbortSignal.any([signal, ended.signal])) }
    },
    standIn: () => socket.standIn(),
    execute: (spec) => parts.executions.execute(spec, gone.signal),
    async stop(graceMs) {
      if (child.exitCode === null && child.signalCode === null) {
        await parts.askToEnd()
        const cancel = clock.after(graceMs, () => void parts.endTree())
        await childEnded
        cancel()
      }
      await exited
    },
  }
}

/** The end of the process and of its output: what it last said is told before its end is. */
function childExit(child: ChildProcess): Promise<InstanceExit> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      // Descendants can hold the pipes open for longer than the agent lives; they are about to be ended.
      const giveUp = setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, 100)
      giveUp.unref()
      child.once('close', () => clearTimeout(giveUp))
      child.once('close', () => resolve({ code, signal }))
    })
  })
}

function exitText({ code, signal, limit }: InstanceExit): string {
  if (limit !== undefined) return limit
  return signal ? `signal ${signal}` : `exit code ${code}`
}
