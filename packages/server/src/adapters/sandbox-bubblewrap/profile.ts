// The hardened profile, as measured in design/measured-isolation.md. Nothing in here is secret: it stands in argv.
import { PortError } from '#kernel/errors.js'

/** Bytes of each writable folder. All are memory of the host and end with the session. */
export interface SandboxSizes {
  workBytes: number
  tmpBytes: number
  sharedMemoryBytes: number
}

export const sandboxSizes: SandboxSizes = { workBytes: 1 << 30, tmpBytes: 512 << 20, sharedMemoryBytes: 64 << 20 }

/** Paths inside. */
export const inside = {
  code: '/var/task',
  home: '/home/agent',
  guest: '/run/agentworks/guest',
  platform: '/run/agentworks/platform',
  agent: '/run/agentworks/agent',
  terminal: '/run/agentworks/terminal/node_modules',
} as const

export const platformPort = 4680
/** Where clients with AWS's hosts fixed in them look for it. */
const servicePort = 443

export interface ReadOnlyBind {
  /** Where it lies for bubblewrap itself. */
  source: string
  target: string
}

/** Without devices and set-user-id programs, as bubblewrap binds by itself. */
export type WritableBind = ReadOnlyBind

export interface ProfileInput {
  system: readonly string[]
  readOnly: readonly ReadOnlyBind[]
  writable: readonly WritableBind[]
  agentDir: string
  sizes: SandboxSizes
  /** Descriptor from which bubblewrap reads further arguments: the environment, which may be secret. */
  argsFd: number
  /** Descriptor on which it reports the process id. */
  statusFd: number
  /** Whether bubblewrap starts in a network namespace that was made for this session, and keeps it. */
  networkIsMade: boolean
  /** Descriptor whose first byte lets the agent start: until then the session is put under its limits. */
  goFd: number
  /** Descriptor that holds the filter of system calls, where the host has such filters. */
  filterFd: number | undefined
}

export function profile({ system, readOnly, writable, agentDir, sizes, argsFd, statusFd, networkIsMade, goFd, filterFd }: ProfileInput): string[] {
  return [
    ...['--unshare-all', '--unshare-user', '--disable-userns', '--uid', '1000', '--gid', '1000', '--hostname', 'agent'],
    ...(networkIsMade ? ['--share-net'] : []),
    ...['--cap-drop', 'ALL', '--die-with-parent', '--new-session'],
    // Without TZ the first Date header searches the zone database: +14 ms.
    ...['--clearenv', '--setenv', 'TZ', 'UTC'],
    ...system,
    ...['--proc', '/proc', '--dev', '/dev'],
    // The /dev that bubblewrap makes is a tmpfs without a limit: only its shared memory stays writable, and that is bounded.
    ...['--size', String(sizes.sharedMemoryBytes), '--tmpfs', '/dev/shm', '--remount-ro', '/dev'],
    ...['--size', String(sizes.tmpBytes), '--perms', '1777', '--tmpfs', '/tmp'],
    ...['--size', String(sizes.workBytes), '--tmpfs', inside.home],
    ...readOnly.flatMap(({ source, target }) => ['--ro-bind', source, target]),
    ...writable.flatMap(({ source, target }) => ['--bind', source, target]),
    ...['--bind', agentDir, inside.agent],
    ...['--chdir', inside.code],
    ...['--json-status-fd', String(statusFd), '--args', String(argsFd), '--block-fd', String(goFd)],
    ...(filterFd === undefined ? [] : ['--seccomp', String(filterFd)]),
    // Last: what is mounted after it would be writable again.
    ...['--remount-ro', '/'],
  ]
}

/** What the platform may ask the sandbox's launcher to start, as words on its standard input. */
export const launcherWords = { forwarder: 'forward', executions: 'exec' } as const

// The launcher stays as a shell beside the agent: it starts what the platform asks for, and when the platform's end of its
// standard input closes, it ends the whole namespace. It is no child of the agent (a program may wait for all its children), and the
// agent has no standard input. Helpers get an environment of their own: NODE_OPTIONS are the agent's.
// A shell ends when it cannot fork, which any agent can bring about: it then becomes itself again without forking. A word is a wish
// that the platform repeats while it waits, so what runs is not started twice: `jobs` takes note of what has ended.
// Signalling everyone is right in a namespace of the session's own, a disaster anywhere else: so process 1 is looked at.
const keep = `trap 'forward=$forward exec=$exec exec /bin/sh -c "$1" keep "$@"' EXIT
while read -r word; do
  jobs
  case $word in
    ${launcherWords.forwarder}) kill -0 "$forward" || { env -i "$2" "$3" "$4" "$5" "$6" "$7" </dev/null & forward=$!; } ;;
    ${launcherWords.executions}) kill -0 "$exec" || { env -i "$2" "$8" "$9" "\${10}" "$6" </dev/null & exec=$!; } ;;
  esac
done
trap - EXIT
read -r first </proc/1/comm; [ "$first" = bwrap ] && kill -9 -1`

const launch = `exec 5<&0 </dev/null
((forward= exec=; eval "$1") <&5 5<&- >/dev/null 2>&1 &)
shift 10; exec "$@" 5<&-`

/** The shells of different hosts name it differently. */
const limited = (processes: number | undefined) =>
  processes === undefined ? '' : `ulimit -p ${processes} 2>/dev/null || ulimit -u ${processes} || exit 126\n`

export interface LaunchInput {
  nodePath: string
  port: number
  /** For hosts without control groups: as many processes and threads in the session's own user namespace. */
  processes: number | undefined
  command: readonly string[]
}

/** What runs inside. */
export function launchCommand({ nodePath, port, processes, command }: LaunchInput): string[] {
  const forwarder = [
    `${inside.guest}/forwarder.cjs`,
    String(port),
    `${inside.agent}/forward.sock`,
    // The second one last: when it is open, both are.
    `${servicePort},${platformPort}`,
    `${inside.platform}/api.sock`,
  ]
  const executions = [`${inside.guest}/exec.cjs`, `${inside.agent}/exec.sock`, `${inside.terminal}/@lydell/node-pty`]
  return ['/bin/sh', '-c', `${limited(processes)}${launch}`, 'launch', keep, nodePath, ...forwarder, ...executions, ...command]
}

/** The environment as arguments, each closed by a zero byte. */
export function environmentArguments(env: Readonly<Record<string, string>>): string {
  for (const [name, value] of Object.entries(env)) {
    // A zero byte would begin an argument of its own, and so let a value choose what is mounted.
    if (name === '' || /[=\0]/.test(name) || value.includes('\0')) {
      throw new PortError(
        'sandbox',
        'cannot-start',
        `environment variable ${JSON.stringify(name)} has an empty name, "=" in its name, or a zero byte: remove it`,
      )
    }
  }
  return Object.entries(env)
    .map(([name, value]) => `--setenv\0${name}\0${value}\0`)
    .join('')
}
