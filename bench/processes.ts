// Child processes of a benchmark: started, waited for, and ended by their own id.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'

export interface Served {
  url: URL
  pid: number
  /** From spawn to the line that says ready. */
  readyMs: number
  /** The end of what it wrote to stderr. */
  log(): string
  stop(): Promise<void>
}

/** Runs a program of Node until it prints `… ready on URL`. */
export async function serve(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Served> {
  const from = performance.now()
  const child = spawn(process.execPath, args, { env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/', ...env }, stdio: 'pipe' })
  let log = ''
  let isStopping = false
  child.stderr.on('data', (text: Buffer) => {
    log = `${log}${text}`.slice(-20_000)
  })
  const url = await new Promise<URL>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const found = /ready on (http:\/\/\S+)$/.exec(line)?.[1]
      if (found) resolve(new URL(found))
    })
    child.once('exit', (code, signal) => {
      if (!isStopping) console.error(`${args.join(' ')} ended by itself (${code ?? signal}):\n${log}`)
      reject(new Error(`${args.join(' ')} ended with ${code} before it was ready:\n${log}`))
    })
  })
  return { url, pid: child.pid ?? 0, readyMs: performance.now() - from, log: () => log, stop }

  async function stop(): Promise<void> {
    isStopping = true
    await ended(child, 'SIGTERM')
  }
}

export async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill(signal)
  await once(child, 'exit')
}

/** Resolves once the socket accepts. Looks every millisecond: a watch would tell of the file, not of its first accept. */
export async function accepting(socketPath: string, deadlineMs = 10_000): Promise<void> {
  for (const until = performance.now() + deadlineMs; performance.now() < until; ) {
    const accepted = await new Promise<boolean>((resolve) => {
      const socket = connect(socketPath)
      socket.on('connect', () => socket.destroy() && resolve(true))
      socket.on('error', () => resolve(false))
    })
    if (accepted) return
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  throw new Error(`nothing accepted on ${socketPath} within ${deadlineMs} ms`)
}

export const benchFile = (...names: string[]) => join(import.meta.dirname, ...names)

/** Processor time of a process so far. NaN where there is no /proc. */
export function cpuSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1')
    const [user, system] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
    // Ticks, of which Linux shows programs a hundred a second.
    return (Number(user) + Number(system)) / 100
  } catch {
    return Number.NaN
  }
}
