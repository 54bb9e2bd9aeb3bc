// On Linux without bubblewrap: offers to install it. A person is asked; CI as root just gets it; everyone else is told.
import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Environment, Invoked } from '#core/invoked.js'

const installers = [
  { command: 'apt-get', args: ['install', '-y', '--no-install-recommends', 'bubblewrap'] },
  { command: 'dnf', args: ['install', '-y', 'bubblewrap'] },
  { command: 'apk', args: ['add', 'bubblewrap'] },
  { command: 'pacman', args: ['-S', '--noconfirm', 'bubblewrap'] },
]

export async function offerBubblewrap({ world, out }: Invoked): Promise<void> {
  if (process.platform !== 'linux' || (await onPath('bwrap', world.env))) return
  const installer = await firstOnPath(world.env)
  const isRoot = process.getuid?.() === 0
  const command = installer ? [...(isRoot ? [] : ['sudo']), installer.command, ...installer.args] : undefined
  const shown = command?.join(' ') ?? 'install the package "bubblewrap"'
  const wanted = command && ((isRoot && world.env.CI) || (world.stdin.isTTY && (await agreed(question(shown), world))))
  if (command && wanted && (await succeeds(command, world.env))) return
  out.note('bubblewrap is not installed: agents run at level "process", without isolation from this machine')
  out.note(`fix: ${shown}`)
}

function question(shown: string): string {
  return `Sessions are isolated by bubblewrap, which is not installed. Install it now with "${shown}"? [y/N] `
}

async function agreed(text: string, world: Invoked['world']): Promise<boolean> {
  const reader = createInterface({ input: world.stdin, output: world.stderr })
  try {
    return /^y(es)?$/i.test((await reader.question(text, { signal: world.stopped })).trim())
  } catch (error) {
    if (world.stopped.aborted) return false
    throw error
  } finally {
    reader.close()
  }
}

/** Its output goes to stderr: stdout belongs to the ready line. */
function succeeds([command = '', ...args]: string[], env: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { env, stdio: ['inherit', process.stderr, process.stderr] })
    child.on('error', () => resolve(false))
    child.on('exit', (code) => resolve(code === 0))
  })
}

async function firstOnPath(env: Environment) {
  for (const installer of installers) if (await onPath(installer.command, env)) return installer
  return undefined
}

async function onPath(command: string, env: Environment): Promise<boolean> {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    const found = await access(join(folder, command), constants.X_OK).then(
      () => true,
      () => false,
    )
    if (folder && found) return true
  }
  return false
}
