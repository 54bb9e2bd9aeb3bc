// Processes beside the agent of a container, by the engine's own means. It tells neither that a process has ended while its
// children hold the output, nor can it end one: both is done from outside, by the process's id on this host.
import type { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { identify, isRunning, type ProcessIdentity, signal } from '#adapters/sandbox/process-identity.js'
import { PortError } from '#kernel/errors.js'
import type { Execution, ExecutionOutput, ExecutionSpec, InstanceExit } from '#ports/sandbox.js'
import { exitOfCode } from './container-instance.js'
import type { Engine } from './engine.js'
import { frameReader } from './output.js'

interface ExecFacts {
  Running: boolean
  ExitCode: number | null
  Pid: number
}

/** From SIGHUP to SIGKILL. */
const hangUpMs = 500
/** After its end, output that is still under way follows within this time. */
const quietMs = 100
const startMs = 15_000

export interface ExecutionInput {
  engine: Engine
  containerId: string
  spec: ExecutionSpec
  /** Aborts when the container has ended. */
  ended: AbortSignal
}

export async function executeInContainer({ engine, containerId, spec, ended }: ExecutionInput): Promise<Execution> {
  ended.throwIfAborted()
  const { command, env = {}, terminal } = spec
  try {
    const { Id } = await engine.call<{ Id: string }>({
      method: 'POST',
      path: `/containers/${containerId}/exec`,
      body: {
        Cmd: command,
        Env: Object.entries(env).map(([name, value]) => `${name}=${value}`),
        Tty: terminal !== undefined,
        ...{ AttachStdin: terminal !== undefined, AttachStdout: true, AttachStderr: true },
      },
    })
    const socket = await engine.upgrade(`/exec/${Id}/start`, {}, { Detach: false, Tty: terminal !== undefined })
    socket.on('error', () => {})
    const facts = () => engine.call<ExecFacts>({ method: 'GET', path: `/exec/${Id}/json` })
    const process = await startedProcess(socket, command[0] ?? '', facts)
    const resize = async ({ columns, rows }: { columns: number; rows: number }) => {
      await engine.call({ method: 'POST', path: `/exec/${Id}/resize`, query: { w: String(columns), h: String(rows) } }).catch(() => {})
    }
    if (terminal) await resize(terminal)
    return running({ socket, process, facts, resize, hasTerminal: terminal !== undefined, ended })
  } catch (cause) {
    ended.throwIfAborted()
    if (cause instanceof PortError) throw cause
    throw cannotExecute(`${command[0]} could not be started in the container: ${cause instanceof Error ? cause.message : String(cause)}`)
  }
}

/** What could not be started has no process, and what the engine says of it comes as if it were output. */
async function startedProcess(socket: Socket, program: string, facts: () => Promise<ExecFacts>): Promise<ProcessIdentity | undefined> {
  for (const deadline = performance.now() + startMs; performance.now() < deadline; await delay(5)) {
    const { Pid, ExitCode, Running } = await facts()
    if (Pid > 0) return identify(Pid)
    if (ExitCode === null || Running) continue
    socket.destroy()
    throw cannotExecute(`${program} is not in the image, or may not be run there. Add it to the image, and update the runtime`)
  }
  socket.destroy()
  throw cannotExecute(`the engine did not start ${program} within ${startMs / 1000} s`)
}

interface Running {
  socket: Socket
  /** `undefined` when it had ended at the first look. */
  process: ProcessIdentity | undefined
  facts(): Promise<ExecFacts>
  resize(size: { columns: number; rows: number }): Promise<void>
  hasTerminal: boolean
  ended: AbortSignal
}

function running({ socket, process, facts, resize, hasTerminal, ended }: Running): Execution {
  let isOver = false
  let isKilled = false
  const over = processEnd(process, socket).then(() => {
    isOver = true
  })
  const { promise: outputRead, resolve: markRead } = Promise.withResolvers<void>()

  const kill = () => {
    if (isKilled) return
    isKilled = true
    void endGroup(process, hasTerminal ? hangUpMs : 0)
    void over.then(() => {
      socket.destroy()
      markRead()
    })
  }
  ended.addEventListener('abort', kill)

  async function* read(): AsyncGenerator<ExecutionOutput> {
    const frames = hasTerminal ? undefined : frameReader()
    try {
      for (;;) {
        const chunk: Buffer | null = socket.read()
        if (chunk) {
          if (frames) yield* frames(chunk)
          else yield { stream: 'stdout', bytes: chunk }
        } else {
          if (socket.readableEnded || socket.destroyed) return
          const more = await Promise.race([changed(socket), over.then(() => delay(quietMs, false, { ref: false }))])
          if (!more && isOver && socket.readableLength === 0) return
        }
      }
    } finally {
      socket.destroy()
      markRead()
      // A reader that leaves has no use for the process.
      if (!isOver) kill()
    }
  }

  // A new size goes another way than what is typed: what comes after it must not overtake it.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (work: () => unknown) => {
    if (hasTerminal) turn = turn.then(work)
  }

  const exited = Promise.all([over, outputRead]).then(async () => {
    ended.removeEventListener('abort', kill)
    return exitFrom(facts, isKilled)
  })
  return {
    output: read(),
    exited,
    kill,
    write: (bytes) => inTurn(() => void (socket.writable && socket.write(bytes))),
    resize: (size) => inTurn(() => (isOver ? undefined : resize(size))),
  }
}

/** Its id is asked, since its children may hold the connection open, and the engine tells its end two seconds late then. */
async function processEnd(process: ProcessIdentity | undefined, socket: Socket): Promise<void> {
  let wake = () => {}
  socket.once('close', () => wake())
  while (process && (await isRunning(process))) {
    const closed = new Promise<void>((resolve) => {
      wake = resolve
    })
    await Promise.race([delay(50, undefined, { ref: false }), closed])
  }
}

function changed(socket: Socket): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  const settle = () => {
    for (const name of ['readable', 'end', 'close']) socket.off(name, settle)
    resolve(true)
  }
  for (const name of ['readable', 'end', 'close']) socket.on(name, settle)
  return promise
}

async function endGroup(process: ProcessIdentity | undefined, graceMs: number): Promise<void> {
  if (!process || !(await isRunning(process))) return
  if (graceMs > 0) {
    signal(process.pid, 'SIGHUP')
    await delay(graceMs, undefined, { ref: false })
    if (!(await isRunning(process))) return
  }
  // The engine makes each the leader of a session of its own.
  signal(-process.pid, 'SIGKILL')
}

/** A container that ends takes what the engine knew with it. */
async function exitFrom(facts: () => Promise<ExecFacts>, isKilled: boolean): Promise<InstanceExit> {
  const killed = { code: null, signal: 'SIGKILL' }
  for (let tries = 0; tries < 100; tries++) {
    const found = await facts().catch(() => undefined)
    if (!found) return killed
    if (!found.Running && found.ExitCode !== null) return isKilled && found.ExitCode === 0 ? killed : exitOfCode(found.ExitCode)
    await delay(50)
  }
  return killed
}

function cannotExecute(why: string): PortError {
  return new PortError('sandbox', 'cannot-execute', why)
}
