// The folder holds keys: it is the owner's alone, or it is not used.
import { chmodSync, mkdirSync, type Stats, statSync } from 'node:fs'
import { PortError } from '#kernel/errors.js'

const othersBits = 0o077

export function privateFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new PortError('data-folder', 'no-folder', `${path} cannot be made a folder (${why}); name another one with --data-dir`, { cause })
  }
  const stats = statSync(path)
  const me = process.getuid?.()
  if (me !== undefined && stats.uid !== me && me !== 0) {
    throw new PortError(
      'data-folder',
      'not-yours',
      `${path} belongs to user ${stats.uid}, and you are user ${me}; name another folder with --data-dir`,
    )
  }
  tighten(path, stats, 0o700)
}

/** Takes from everyone else what they could do with `path`; refuses, with the command, where that is not ours to change. */
export function tighten(path: string, stats: Stats, mode: 0o600 | 0o700): void {
  if (process.platform === 'win32' || (stats.mode & othersBits) === 0) return
  try {
    chmodSync(path, mode)
  } catch (cause) {
    throw new PortError('data-folder', 'too-open', `others can reach ${path}; run: chmod ${mode.toString(8)} '${path}'`, { cause })
  }
}
