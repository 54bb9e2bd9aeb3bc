// The command line: reads the words, loads the one command that they name, and answers with its exit code.

import { homedir } from 'node:os'
import { CommanderError } from 'commander'
import { asFailure } from './core/failure.js'
import type { World } from './core/invoked.js'
import { output } from './core/output.js'
import { program } from './program.js'

/** 0 done, 1 failed, 2 wrong usage. */
export async function main(argv: string[], world: World = processWorld()): Promise<number> {
  try {
    await program(world).parseAsync(argv, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return usageExitCode(error)
    const failure = asFailure(error)
    output(world, argv.includes('--json')).fail(failure)
    return failure.exitCode
  }
}

/** Asking for help is no mistake; calling without a command is. */
function usageExitCode({ code }: CommanderError): number {
  return ['commander.helpDisplayed', 'commander.version'].includes(code) ? 0 : 2
}

function processWorld(): World {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      // Asked twice: somebody means it.
      if (stop.signal.aborted) process.exit(1)
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
