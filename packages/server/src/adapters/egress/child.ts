// Short-lived programs and long-lived ones that end with the platform.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** What went wrong, in the program's own words. */
export class ToolFailed extends Error {
  override readonly name = 'ToolFailed'
}

/** With an empty environment; `input` on standard input. Resolves with what it printed. */
export async function run([program = '', ...args]: readonly string[], input = ''): Promise<string> {
  const child = spawn(program, args, { env: {}, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'], timeout: 10_000 })
  const said = collect(child)
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code] = (await once(child, 'close').catch((error: Error) => [error.message])) as [number | string | null]
  if (code !== 0) throw new ToolFailed(`${program}: ${said.errors().trim() || `ended with ${code}`}`)
  return said.output()
}

/**
 * Runs until its standard input ends, which it does with the platform, however that ends. Resolves once it has said `ready`.
 * Keeps neither the platform alive nor its terminal's Ctrl-C from it.
 */
export async function hold([program = '', ...args]: readonly string[]): Promise<ChildProcess> {
  const child = spawn(program, args, { env: {}, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  const said = collect(child)
  child.stdin.on('error', () => {})
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', () => said.output().includes('ready') && resolve())
    child.once('error', reject)
    child.once('close', (code) => reject(new ToolFailed(`${program}: ${said.errors().trim() || `ended with ${code}`}`)))
  })
  letGo(child)
  return child
}

/** Neither the process nor its pipes keep the platform's event loop. */
export function letGo(child: ChildProcess): void {
  child.unref()
  for (const pipe of child.stdio) if (pipe && 'unref' in pipe && typeof pipe.unref === 'function') pipe.unref()
}

export function collect(child: ChildProcess): { output(): string; errors(): string } {
  const texts = { output: '', errors: '' }
  child.stdout?.on('data', (piece: Buffer) => (texts.output = (texts.output + piece.toString('utf8')).slice(-65_536)))
  child.stderr?.on('data', (piece: Buffer) => (texts.errors = (texts.errors + piece.toString('utf8')).slice(-2000)))
  return { output: () => texts.output, errors: () => texts.errors }
}
