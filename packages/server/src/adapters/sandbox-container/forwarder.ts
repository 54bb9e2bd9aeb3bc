// The platform's forwarder stands beside the agent in the container's network, with nothing of it in the container: a process
// of the host that joins that network, and leaves with the platform because its standard input ends then.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, type FileHandle } from 'node:fs/promises'
import { guestPrograms } from '@agentworks/guest'
import type { Place } from '#adapters/sandbox/places.js'
import { PortError } from '#kernel/errors.js'

export const platformPort = 4680

const programs = { nsenter: '/usr/bin/nsenter', setpriv: '/usr/bin/setpriv' } as const
/** What holds a container's network. */
const sleeper = '/bin/sleep'

/** Why a container's network cannot be joined here; `undefined` when it can. */
export async function forwarderFailure(): Promise<{ reason: string; fix: string } | undefined> {
  if (process.platform !== 'linux')
    return { reason: 'containers are joined by Linux means', fix: 'run agentworks on Linux, or in a Linux virtual machine' }
  for (const path of [...Object.values(programs), sleeper]) {
    const missing = await access(path).then(
      () => false,
      () => true,
    )
    if (missing) return { reason: `${path} is not installed`, fix: `apt-get install ${path === sleeper ? 'coreutils' : 'util-linux'}` }
  }
  if (process.getuid?.() !== 0)
    return { reason: 'joining the network of a container needs root', fix: 'start agentworks as root: sudo npx agentworks start' }
  return undefined
}

export interface ForwarderInput {
  place: Place
  port: number
  /** The network that it joins. */
  namespace: FileHandle
}

const startMs = 15_000

/** Resolves once the platform can be reached through it. */
export async function startForwarder({ place, port, namespace }: ForwarderInput): Promise<ChildProcess> {
  const args = [
    ...['--net=/proc/self/fd/3', '--', programs.setpriv, '--no-new-privs', '--bounding-set=-all,+dac_read_search', '--inh-caps=-all', '--'],
    ...[process.execPath, guestPrograms.forwarder, String(port), `${place.agentDir}/forward.sock`],
    ...[String(platformPort), place.platformSocketPath, 'end-with-input'],
  ]
  const child = spawn(programs.nsenter, args, { env: {}, cwd: '/', detached: true, stdio: ['pipe', 'pipe', 'pipe', namespace.fd] })
  child.stdin?.on('error', () => {})
  const late = setTimeout(() => child.kill('SIGKILL'), startMs)
  try {
    await listens(child)
    return child
  } finally {
    clearTimeout(late)
  }
}

function listens(child: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  let errors = ''
  child.stderr?.on('data', (piece: Buffer) => (errors = (errors + piece.toString('utf8')).slice(-2000)))
  child.stdout?.once('data', () => resolve())
  child.once('error', reject)
  child.once('close', () => reject(new PortError('sandbox', 'cannot-start', `the network of the container could not be joined: ${errors.trim()}`)))
  return promise
}

export async function endForwarder(forwarder: ChildProcess): Promise<void> {
  if (forwarder.exitCode !== null || forwarder.signalCode !== null) return
  forwarder.kill('SIGKILL')
  await once(forwarder, 'exit')
}
