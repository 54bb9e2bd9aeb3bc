// The session's user cannot walk through folders that are the platform's alone. So root binds what it needs below the session's
// own place, in a mount namespace that ends with the sandbox, and only then becomes that user.
import { chmod, lstat, mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isReadableByOthers } from './host-layout.js'
import type { ReadOnlyBind } from './profile.js'
import { dropTools } from './session-user.js'

export interface Staged {
  /** Pairs of source and target for `mount --bind`. */
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
      return { mounts: [bind.source, point], bind: { ...bind, source: point } }
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
const become = 'while [ "$1" != -- ]; do mount --bind "$1" "$2" || exit 1; shift 2; done; shift; unset PWD OLDPWD SHLVL; exec "$@"'

/** `command` as `user`, seeing the mounts. No process of these steps stays: each becomes the next. */
export function asUser(user: number, mounts: readonly string[], command: readonly string[]): string[] {
  const setpriv = [dropTools.setpriv, `--reuid=${user}`, `--regid=${user}`, '--clear-groups', ...command]
  if (mounts.length === 0) return setpriv
  return [dropTools.unshare, '--mount', '--', '/bin/sh', '-c', become, 'become', ...mounts, '--', ...setpriv]
}
