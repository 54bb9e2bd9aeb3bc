// The folder of sockets and sandboxes: near the root, since a unix socket's path holds about a hundred bytes, and the
// same at each start on one data folder, so that what a killed platform left is found again.
import { createHmac } from 'node:crypto'
import { accessSync, chmodSync, constants, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PortError } from '#kernel/errors.js'

/**
 * Where such a folder may be made. Root takes /run: on a tmpfs, so that an agent cannot fill the disk with it, and open to pass
 * through, which a TMPDIR of root's own may not be to the users that sessions run as.
 */
export function runtimeBase(env: Readonly<Record<string, string | undefined>>, tmpDir: string): string {
  const isRoot = process.getuid?.() === 0
  return [isRoot ? '/run' : env.XDG_RUNTIME_DIR].find((path) => path !== undefined && isWritable(path)) ?? tmpDir
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK)
    return lstatSync(path).isDirectory()
  } catch {
    return false
  }
}

/** The name comes from the root key, so that nobody can be there first. Others may pass through it but not list it. */
export function runtimeDirFor(base: string, rootKey: Uint8Array): string {
  const path = join(base, `aw-${createHmac('sha256', rootKey).update('runtime-dir').digest('hex').slice(0, 12)}`)
  mkdirSync(path, { recursive: true, mode: 0o711 })
  const found = lstatSync(path)
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new PortError('runtime-dir', 'not-ours', `${path} belongs to somebody else. Remove it and start again.`)
  }
  chmodSync(path, 0o711)
  return path
}
