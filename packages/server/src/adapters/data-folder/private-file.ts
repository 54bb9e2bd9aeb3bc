// Files that only the owner may read, on disk before anyone hears of them: a key that a power cut takes away would leave
// behind whatever it sealed.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { tighten } from './permissions.js'

/** Whole or not at all, also for those who read at the same moment. */
export function writePrivate(path: string, text: string): void {
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeSync(file, text)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  syncFolder(dirname(path))
}

/** What the file says; made by `first` when there is none. */
export function readOrMake(path: string, first: () => string): string {
  if (!existsSync(path)) writePrivate(path, first())
  tighten(path, statSync(path), 0o600)
  return readFileSync(path, 'utf8')
}

function syncFolder(path: string): void {
  const folder = openSync(path, 'r')
  try {
    fsyncSync(folder)
  } finally {
    closeSync(folder)
  }
}
