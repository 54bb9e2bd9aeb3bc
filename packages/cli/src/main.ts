// The command line: reads the words, loads the one command that they name, and answers with its exit code.

import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { CommanderError } from 'commander'
import { Ended } from './core/ended.js'
import { asFailure } from './core/failure.js'
import type { World } from './core/invoked.js'
import { output } from './core/output.js'
import { namedDataDir, spelling } from './core/spelling.js'
import { program } from './program.js'

/** 0 done, 1 failed, 2 wrong usage; of `sessions exec` and `shell`, the command's own. */
export async function main(argv: string[], world: World = processWorld()): Promise<number> {
  try {
    await program(world).parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return usageExitCode(error)
    if (error instanceof Ended) return error.exitCode
    const failure = asFailure(error)
    output(world, argv.includes('--json'), spelling(foreignFolder(argv, world))).fail(failure)
    return failure.exitCode
  }
}

function foreignFolder(argv: string[], { env, cwd, home }: World): string | undefined {
  const named = namedDataDir(argv, env)
  if (named === undefined) return undefined
  const folder = resolve(cwd, named)
  return folder === join(home, '.agentworks') ? undefined : folder
}

/** Asking for help is no mistake; calling without a command is. */
function usageExitCode({ code }: CommanderError): number {
  return ['commander.helpDisplayed', 'commander.version'].includes(code) ? 0 : 2
}

const sameCtrlCMs = 1_000

function processWorld(): World {
  const stop = new AbortController()
  let firstAskedAt = 0
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Asked twice: somebody means it. But one Ctrl-C comes twice when npm, or the Node that handed over to us, passes it on.
      if (stop.signal.aborted && performance.now() - firstAskedAt > sameCtrlCMs) process.exit(1)
      if (stop.signal.aborted) return
      firstAskedAt = performance.now()
      stop.abort(new Error(`stopped by ${signal}`))
    })
  }
  // A reader that closes the pipe (head, less) ends the command and is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0)
  })
  return {
    env: process.env,
    cwd: process.cwd(),
    home: homedir(),
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    stopped: stop.signal,
    newSessionId: (label) => `${label}-${crypto.randomUUID()}`,
  }
}
