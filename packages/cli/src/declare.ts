// How commands are declared: what all of them have, and how the words of a command line become values.

import { join, resolve } from 'node:path'
import { type Command, InvalidArgumentError } from 'commander'
import type { Invoked, World } from './core/invoked.js'
import { output } from './core/output.js'
import { spelling } from './core/spelling.js'

export function add(parent: Command, name: string, description: string, examples: string[]): Command {
  return parent
    .command(name)
    .description(description)
    .option('--json', 'one JSON document on stdout')
    .option('--data-dir <dir>', 'data folder of the platform (default: AGENTWORKS_DATA_DIR, else ~/.agentworks)')
    .addHelpText('after', `\nExamples:\n${examples.map((example) => `  $ ${spelling()(example)}`).join('\n')}`)
}

export function noun(parent: Command, name: string, description: string): Command {
  return parent.command(name).description(description)
}

export type On = ReturnType<typeof actions>

/** commander hands over the arguments, then the options, then the command; `Args` says what the declaration above it makes of them. */
export function actions(world: World) {
  return <Args extends unknown[]>(run: (invoked: Invoked, args: Args) => Promise<void>) =>
    async (...handed: unknown[]): Promise<void> => {
      const { json = false, dataDir } = handed.at(-2) as { json?: boolean; dataDir?: string }
      const named = dataDir ?? world.env.AGENTWORKS_DATA_DIR
      const folder = named ? resolve(world.cwd, named) : join(world.home, '.agentworks')
      const spell = spelling(folder === join(world.home, '.agentworks') ? undefined : folder)
      await run({ world, out: output(world, json, spell), dataDir: folder, dataDirNamed: named !== undefined }, handed.slice(0, -1) as Args)
    }
}

export function port(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535) throw new InvalidArgumentError('a port is a whole number from 0 to 65535.')
  return value
}

/** The platform says what it may be. */
export function number(text: string): number {
  if (!/^[0-9]{1,7}(\.[0-9]+)?$/.test(text)) throw new InvalidArgumentError('It must be a number.')
  return Number(text)
}

export function count(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('a whole number, 0 or more.')
  return value
}

export function collect(value: string, earlier: string[]): string[] {
  return [...earlier, value]
}
