// The master key in a file that only its owner may read. While entries are being wrapped anew it holds two: the new one first.
import { existsSync, readFileSync } from 'node:fs'
import { writePrivate } from '#adapters/data-folder/private-file.js'
import { PortError } from '#kernel/errors.js'
import type { Ids } from '#kernel/ids.js'
import type { MasterKeySource } from '#ports/master-key.js'
import { parseKey } from './key-text.js'

/** `mayMake`: nothing is sealed yet, so that a missing file is no loss. */
export function fileMasterKey(path: string, { ids, mayMake }: { ids: Ids; mayMake: boolean }): MasterKeySource {
  if (mayMake && !existsSync(path)) writePrivate(path, `${ids.secret(32)}\n`)
  let kept = existsSync(path) ? keysIn(path) : []
  return {
    place: `the file ${path}`,
    keys: () => kept,
    replace(keys) {
      writePrivate(path, keys.map((key) => `${Buffer.from(key).toString('base64url')}\n`).join(''))
      kept = [...keys]
    },
  }
}

function keysIn(path: string): Uint8Array[] {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => {
    const key = parseKey(line)
    if (!key)
      throw new PortError(
        'master-key',
        'unreadable',
        `${path} does not hold 32 bytes in base64 or hexadecimal on each line; restore it from a backup`,
      )
    return key
  })
}
