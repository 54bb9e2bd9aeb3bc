// An agent's file as a process of its own, as the runtime starts it: free port, ready by its own answer, ended with all it started.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer, connect as netConnect } from 'node:net'
import { extname, resolve as resolvePath } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { type AgentCalls, agentCalls } from './agent-calls.js'
import type { AnyHandler } from './handler-types.js'

export interface StartOptions {
  /** Beside this process's own variables and PORT. */
  env?: Readonly<Record<string, string>>
  cwd?: string
  /** What runs the file; default: this Node for JavaScript and TypeScript, `python3` for `.py`. */
  command?: readonly [string, ...string[]]
  /** Where the agent listens, when it does not read PORT. Default: a free port, told by PORT. */
  port?: number
  /** How long it may take until it answers `GET /ping`. Default 20 s. */
  readyMs?: number
}

export interface AgentProcess<Handler extends AnyHandler> extends AgentCalls<Handler>, AsyncDisposable {
  readonly url: string
  readonly port: number
  readonly pid: number
  /** All that it wrote so far to standard output and error; the last megabyte. */
  logs(): string
  /** SIGTERM, and SIGKILL after `graceMs` (5 s unless told). Resolves with how it ended. */
  stop(graceMs?: number): Promise<{ code: number | null; signal: NodeJS.Signals | null }>
}

/** Resolves once the agent answers `GET /ping`. Rejects with its log when it exits before, or takes too long. */
export async function startAgent<Handler extends AnyHandler = (payload: unknown) => unknown>(
  file: string,
  { env = {}, cwd, command = interpreterOf(file), port: fixedPort, readyMs = 20_000 }: StartOptions = {},
): Promise<AgentProcess<Handler>> {
  const port = fixedPort ?? (await freePort())
  const [program, ...args] = command
  const child = spawn(program, [...args, resolvePath(cwd ?? '.', file)], {
    cwd,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // A group of its own, so that what the agent starts ends with it.
    detached: true,
  })
  let log = ''
  const keep = (piece: Buffer) => {
    log = `${log}${piece}`.slice(-1_000_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const killAtExit = () => signalGroup(child, 'SIGKILL')
  process.once('exit', killAtExit)
  child.once('exit', () => process.off('exit', killAtExit))
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: null, signal: null }))
  })

  async function stop(graceMs = 5_000) {
    signalGroup(child, 'SIGTERM')
    const kill = setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs)
    const how = await ended
    clearTimeout(kill)
    return how
  }

  const calls = agentCalls<Handler>(() => netConnect(port, '127.0.0.1'))
  const failed = new Promise<never>((_, reject) => {
    child.once('error', (error) => reject(new Error(`${program} could not be started: ${error.message}`, { cause: error })))
    child.once('close', (code, signal) => reject(new Error(`${file} ended with ${code ?? signal} before it was ready. It wrote:\n${log}`)))
  })
  failed.catch(() => {})
  try {
    await Promise.race([failed, answering(calls, readyMs)])
  } catch (error) {
    await stop(0)
    if (error instanceof NotReady) throw new Error(`${file} did not answer GET /ping on port ${port} within ${readyMs} ms. It wrote:\n${log}`)
    throw error
  }
  return {
    ...calls,
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid ?? 0,
    logs: () => log,
    stop,
    async [Symbol.asyncDispose]() {
      await stop()
    },
  }
}

class NotReady extends Error {}

/** Any answer will do: agents without `/ping` are agents to the runtime, too. */
async function answering(calls: AgentCalls<AnyHandler>, readyMs: number): Promise<void> {
  for (const until = Date.now() + readyMs; Date.now() < until; await pause(20)) {
    const answered = await calls.request('GET', '/ping', { signal: AbortSignal.timeout(2_000) }).then(
      () => true,
      () => false,
    )
    if (answered) return
  }
  throw new NotReady()
}

function interpreterOf(file: string): readonly [string] {
  const kind = extname(file)
  if (kind === '.py') return ['python3']
  if (/^\.[cm]?[jt]s$/.test(kind)) return [process.execPath]
  throw new Error(`${file} is neither JavaScript, TypeScript nor Python: say by \`command\` what runs it.`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address ? address.port : 0
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // It ended in the meantime.
  }
}
