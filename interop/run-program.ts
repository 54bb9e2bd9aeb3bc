// A program with a time limit. Whoever is late is ended, with everything that it started.
import { spawn } from 'node:child_process'

export interface Ran {
  /** `null`: ended by a signal, ours when it was late. */
  code: number | null
  stdout: string
  stderr: string
}

export interface HowToRun {
  env: Record<string, string>
  cwd?: string
  limitMs: number
  /** Told of each line on standard output as it comes. */
  onLine?(line: string): void
}

export function runProgram(command: string, args: readonly string[], { env, cwd, limitMs, onLine }: HowToRun): Promise<Ran> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, cwd, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const late = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), limitMs)
    let stdout = ''
    let stderr = ''
    let rest = ''
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      stdout += piece
      const lines = (rest + piece).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine?.(line)
    })
    child.stderr.setEncoding('utf8').on('data', (piece: string) => (stderr += piece))
    child.on('error', (fault) => finish(127, fault.message))
    child.on('close', (code) => finish(code, code === null ? `\nended after ${limitMs / 1000} s` : ''))

    function finish(code: number | null, more: string) {
      clearTimeout(late)
      resolve({ code, stdout, stderr: stderr + more })
    }
  })
}

/** What a failed program said last. */
export function lastWords({ stdout, stderr }: Ran): string {
  return (stderr.trim() || stdout.trim()).split('\n').slice(-3).join(' | ').slice(0, 600)
}
