// The platform's forwarder stands beside the agent in the container's network, with nothing of it in the container: a process
// of the host that joins that network, and leaves with the platform because its standard input ends then.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { access, open } from 'node:fs/promises'
import { guestPrograms } from '@agentworks/guest'
import type { Place } from '#adapters/sandbox/places.js'

export const platformPort = 4680

const programs = { nsenter: '/usr/bin/nsenter', setpriv: '/usr/bin/setpriv' } as const

/** Why a container's network cannot be joined here; `undefined` when it can. */
export async function forwarderFailure(): Promise<{ reason: string; fix: string } | undefined> {
  if (process.platform !== 'linux')
    return { reason: 'containers are joined by Linux means', fix: 'run agentworks on Linux, or in a Linux virtual machine' }
  for (const path of Object.values(programs)) {
    const missing = await access(path).then(
      () => false,
      () => true,
    )
    if (missing) return { reason: `${path} is not installed`, fix: 'apt-get install util-linux' }
  }
  if (process.getuid?.() !== 0)
    return { reason: 'joining the network of a container needs root', fix: 'start agentworks as root: sudo npx agentworks start' }
  return undefined
}

export interface ForwarderInput {
  place: Place
  port: number
  /** Of the container's first process. */
  pid: number
  /** Whether that process is still the container's: its id could be somebody else's by now. */
  isStill(): Promise<boolean>
}

/** `undefined` when the container has ended meanwhile. */
export async function startForwarder({ place, port, pid, isStill }: ForwarderInput): Promise<ChildProcess | undefined> {
  const network = await open(`/proc/${pid}/ns/net`).catch(() => undefined)
  if (!network) return undefined
  try {
    // Opened first and asked afterwards: what is open cannot be exchanged any more.
    if (!(await isStill())) return undefined
    const args = [
      ...['--net=/proc/self/fd/3', '--', programs.setpriv, '--no-new-privs', '--bounding-set=-all,+dac_read_search', '--inh-caps=-all', '--'],
      ...[
        process.execPath,
        guestPrograms.forwarder,
        String(port),
        `${place.agentDir}/forward.sock`,
        String(platformPort),
        place.platformSocketPath,
        'end-with-input',
      ],
    ]
    const child = spawn(programs.nsenter, args, { env: {}, cwd: '/', detached: true, stdio: ['pipe', 'ignore', 'pipe', network.fd] })
    child.stdin?.on('error', () => {})
    await once(child, 'spawn')
    return child
  } finally {
    await network.close()
  }
}
