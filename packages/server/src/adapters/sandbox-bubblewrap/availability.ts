// Whether bubblewrap can make its namespaces here. Hosts differ exactly in this, so it is tried, not looked up.
import { execFile } from 'node:child_process'
import { access } from 'node:fs/promises'
import { dropTools } from '#adapters/sandbox/session-user.js'

export type Availability = { ok: true; path: string } | { ok: false; reason: string; fix: string }

const trial = [
  ...['--unshare-all', '--unshare-user', '--disable-userns', '--cap-drop', 'ALL', '--die-with-parent', '--new-session', '--clearenv'],
  ...['--ro-bind', '/', '/', '--proc', '/proc', '--dev', '/dev', '--size', '65536', '--tmpfs', '/tmp', '--remount-ro', '/', 'true'],
]

export async function bubblewrapAvailable(): Promise<Availability> {
  if (process.platform !== 'linux')
    return { ok: false, reason: 'bubblewrap needs Linux', fix: 'run agentworks on Linux, or in a Linux virtual machine' }
  const path = await firstPresent(['/usr/bin/bwrap', '/usr/local/bin/bwrap', '/bin/bwrap'])
  if (!path) return { ok: false, reason: 'bubblewrap is not installed', fix: 'apt-get install bubblewrap' }
  const failure = await failureOf(path, trial)
  return failure === undefined ? { ok: true, path } : { ok: false, reason: failure, fix: fixFor(failure) }
}

/** Whether root may hand sandboxes to another user: `undefined` when it works, else what failed. */
export function dropFailure(bwrapPath: string, user: number): Promise<string | undefined> {
  return failureOf(dropTools.setpriv, [`--reuid=${user}`, `--regid=${user}`, '--clear-groups', bwrapPath, ...trial])
}

function fixFor(failure: string): string {
  if (/unknown option/i.test(failure)) return 'install bubblewrap 0.8 or newer'
  if (/proc/i.test(failure)) return 'start the container that agentworks runs in with --security-opt systempaths=unconfined'
  return 'sysctl -w kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000 kernel.apparmor_restrict_unprivileged_userns=0'
}

/** With an empty environment, as the real start has it. */
function failureOf(program: string, args: string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { env: {}, timeout: 10_000 }, (error, _stdout, stderr) => {
      resolve(error ? stderr.trim() || error.message : undefined)
    })
  })
}

async function firstPresent(paths: string[]): Promise<string | undefined> {
  for (const path of paths) {
    const there = await access(path).then(
      () => true,
      () => false,
    )
    if (there) return path
  }
  return undefined
}
