// The folder of sockets and sandboxes: near the root, since a unix socket's path holds about a hundred bytes, and the
// same at each start on one data folder, so that what a killed platform left is found again.
import { createHmac } from 'node:crypto'
import { chmodSync, lstatSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { PortError } from '#kernel/errors.js'

/** The name comes from the root key, so that nobody can be there first. Others may pass through it but not list it. */
export function runtimeDirFor(tmpDir: string, rootKey: Uint8Array): string {
  const path = join(tmpDir, `aw-${createHmac('sha256', rootKey).update('runtime-dir').digest('hex').slice(0, 12)}`)
  mkdirSync(path, { recursive: true, mode: 0o711 })
  const found = lstatSync(path)
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) {
    throw new PortError('runtime-dir', 'not-ours', `${path} belongs to somebody else. Remove it and start again.`)
  }
  chmodSync(path, 0o711)
  return path
}
