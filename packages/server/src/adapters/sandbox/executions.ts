// Processes beside an agent, started by a program inside its sandbox (packages/guest, exec.cjs) over a connection for each.
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import type { Clock } from '#kernel/clock.js'
import { PortError } from '#kernel/errors.js'
import type { Execution, ExecutionOutput, ExecutionSpec, InstanceExit } from '#ports/sandbox.js'
import { type AgentSocket, agentSocket, executionSocket } from './agent-socket.js'
import { factsOf, frame, framesOf, fromGuest, toGuest } from './execution-frames.js'
import type { Place } from './places.js'
import { noTerminal, terminalLibrary } from './terminal-library.js'

export interface ExecutionsInput {
  place: Place
  clock: Clock
  /** The whole environment of the agent, and its working folder, as seen inside. */
  env: Readonly<Record<string, string>>
  cwd: string
  /** Has the program started, when it does not run. Called again while nobody answers: a session can be without room for it. */
  startGuest(): void
}

export interface Executions {
  execute(spec: ExecutionSpec, ended: AbortSignal): Promise<Execution>
  close(): void
}

/** Node starts in 40 ms; a host that starts many sessions at once takes its time. */
const guestStartMs = 15_000
const askAgainMs = 500

export function executions(input: ExecutionsInput): Executions {
  let socket: AgentSocket | undefined
  let starting: Promise<string> | undefined

  /** One start for all who wait for it. */
  const startedGuest = (ended: AbortSignal) => {
    starting ??= guestSocket(ended).finally(() => {
      starting = undefined
    })
    return starting
  }

  async function guestSocket(ended: AbortSignal): Promise<string> {
    const late = new AbortController()
    const cancel = input.clock.after(guestStartMs, () => late.abort(cannotExecute(noGuest)))
    let cancelAsk = () => {}
    const ask = () => {
      cancelAsk = input.clock.after(askAgainMs, ask)
      input.startGuest()
    }
    try {
      ask()
      return await listening().accepting(AbortSignal.any([late.signal, ended]))
    } finally {
      cancel()
      cancelAsk()
    }
  }

  const listening = () => {
    socket ??= agentSocket(input.place, executionSocket)
    return socket
  }

  return {
    async execute(spec, ended) {
      ended.throwIfAborted()
      if (spec.terminal && !terminalLibrary()) throw cannotExecute(`${noTerminal.detail}. ${noTerminal.fix}`)
      const start = frame(
        toGuest.start,
        JSON.stringify({
          command: spec.command,
          env: { ...input.env, ...spec.env },
          cwd: input.cwd,
          terminal: spec.terminal,
        }),
      )
      // It ends when it has had nothing to do for a while: the first path may lead to one that is just leaving.
      const known = await listening().now()
      const first = known && (await started(known, start, spec, ended))
      const execution = first ?? (await started(await startedGuest(ended), start, spec, ended))
      if (execution) return execution
      ended.throwIfAborted()
      throw cannotExecute('the program that starts it ended inside the sandbox; was there memory for one more process?')
    },
    close: () => socket?.close(),
  }
}

const noGuest = 'the program that starts it does not answer inside the sandbox. Has the session as many processes as it may have? Then end some'

function cannotExecute(why: string): PortError {
  return new PortError('sandbox', 'cannot-execute', why)
}

/** `undefined` when nobody answered. */
async function started(path: string, start: Buffer, { command, terminal }: ExecutionSpec, ended: AbortSignal): Promise<Execution | undefined> {
  const socket = connect({ path })
  socket.on('error', () => {})
  socket.setTimeout(guestStartMs, () => socket.destroy())
  socket.write(start)
  const frames = framesOf(socket)
  const { value, done } = await frames.next()
  if (done) return undefined
  socket.setTimeout(0)
  if (value.kind === fromGuest.started) return running(socket, frames, terminal !== undefined, ended)
  socket.destroy()
  throw cannotExecute(reasonOf(command[0] ?? '', String(factsOf(value.payload).message ?? 'no reason was given')))
}

function reasonOf(program: string, message: string): string {
  if (!message.includes('ENOENT')) return `${program} did not start: ${message.slice(0, 500)}`
  return `${program} is not in the sandbox, or the agent's working folder is gone. Install it on this host (apt-get install ${program.split('/').at(-1)})`
}

function running(socket: Socket, frames: AsyncGenerator<{ kind: number; payload: Buffer }>, hasTerminal: boolean, ended: AbortSignal): Execution {
  const { promise: exited, resolve } = Promise.withResolvers<InstanceExit>()
  let exit: InstanceExit = { code: null, signal: 'SIGKILL' }
  socket.once('close', () => resolve(exit))
  const kill = () => void socket.destroy()
  ended.addEventListener('abort', kill)
  void exited.then(() => ended.removeEventListener('abort', kill))
  const say = (kind: number, payload: Uint8Array | string) => {
    if (hasTerminal && socket.writable) socket.write(frame(kind, payload))
  }

  async function* read(): AsyncGenerator<ExecutionOutput> {
    try {
      for await (const { kind, payload } of frames) {
        if (kind === fromGuest.stdout) yield { stream: 'stdout', bytes: payload }
        else if (kind === fromGuest.stderr) yield { stream: 'stderr', bytes: payload }
        else if (kind === fromGuest.exited) {
          exit = exitOf(payload)
          break
        }
      }
    } finally {
      socket.destroy()
      if (!socket.closed) await once(socket, 'close')
    }
  }

  return {
    output: read(),
    exited,
    kill,
    write: (bytes) => say(toGuest.input, bytes),
    resize: (size) => say(toGuest.resize, JSON.stringify(size)),
  }
}

function exitOf(payload: Buffer): InstanceExit {
  const { code, signal } = factsOf(payload)
  return { code: Number.isInteger(code) ? Number(code) : null, signal: typeof signal === 'string' ? signal.slice(0, 20) : null }
}
