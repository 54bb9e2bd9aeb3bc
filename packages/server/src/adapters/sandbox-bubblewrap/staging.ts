// The session's user cannot walk through folders that are the platform's alone. So root binds what it needs below the session's
// own place, in a mount namespace that ends with the sandbox, and only then becomes that user.
import { chmod, lstat, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dropTools } from '#adapters/sandbox/session-user.js'
import { isReadableByOthers } from './host-layout.js'
import type { ReadOnlyBind } from './profile.js'

export interface Staged {
  /** Options, source and target for `mount`, in threes. */
  mounts: string[]
  /** The binds as the session's user can reach them. */
  readOnly: ReadOnlyBind[]
}

export async function stage(binds: readonly ReadOnlyBind[], placeDir: string): Promise<Staged> {
  const staged = await Promise.all(
    binds.map(async (bind, index) => {
      if (await isReadableByOthers(bind.source)) return { mounts: [], bind }
      const point = join(placeDir, `m${index}`)
      await ((await stat(bind.source)).isDirectory() ? mkdir(point) : writeFile(point, ''))
      return { mounts: ['--bind', bind.source, point], bind: { ...bind, source: point } }
    }),
  )
  return { mounts: staged.flatMap(({ mounts }) => mounts), readOnly: staged.map(({ bind }) => bind) }
}

/**
 * Code is unpacked for the platform's user alone, in a folder that nobody else can reach; below that folder the modes may as well
 * be open, so that the session's user can read. The outermost mode is set last, and says that all within is done.
 */
export async function openToOthers(dir: string): Promise<void> {
  const { mode } = await lstat(dir)
  if ((mode & 0o5) === 0o5) return
  const entries = await readdir(dir, { withFileTypes: true, recursive: true })
  for (const entry of entries) {
    if (entry.isSymbolicLink()) continue
    const path = join(entry.parentPath, entry.name)
    const found = await lstat(path)
    await chmod(path, found.mode | (found.mode & 0o100 ? 0o055 : 0o044))
  }
  await chmod(dir, mode | 0o055)
}

// The shell's own variables would become those of process 1.
const become = [
  'while [ "$1" != -- ]; do mount "$1" "$2" "$3" || exit 1; shift 3; done; shift',
  // Each time anew: a platform that was killed between the two halves of it would leave a folder that the session cannot use.
  'while [ "$2" != -- ]; do install -d -m 700 -o "$1" -g "$1" "$2" || exit 1; owner=$1; shift 2; set -- "$owner" "$@"; done; shift 2',
  'unset PWD OLDPWD SHLVL owner; exec "$@"',
].join('; ')

export interface AsUser {
  /** Absent: the platform's own. */
  user: number | undefined
  /** Options, source and target, in threes. */
  mounts: readonly string[]
  /** Made on the mounts, for the user. */
  folders: readonly string[]
}

/** `command` as `user`, seeing the mounts. No process of these steps stays: each becomes the next. */
export function asUser({ user, mounts, folders }: AsUser, command: readonly string[]): string[] {
  const drop = user === undefined ? [] : [dropTools.setpriv, `--reuid=${user}`, `--regid=${user}`, '--clear-groups']
  if (mounts.length === 0) return [...drop, ...command]
  const owner = String(user ?? 0)
  return [dropTools.unshare, '--mount', '--', '/bin/sh', '-c', become, 'become', ...mounts, '--', owner, ...folders, '--', ...drop, ...command]
}
