// The version of the folder as a whole: what lies where. The database has a schema version of its own.
import { cpSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { PortError } from '#kernel/errors.js'
import { writePrivate } from './private-file.js'

export interface FormatStep {
  to: number
  apply(dir: string): void
}

export interface Format {
  version: number
  /** One for each version after the first, in order. */
  steps: readonly FormatStep[]
}

export const currentFormat: Format = { version: 1, steps: [] }

/** What belongs to one run is of no use in a copy; copying the held lock would let go of it. */
const notCopied = new Set(['lock', 'lock.held', 'sessions', 'spool'])

export function bringToFormat(dir: string, { version, steps }: Format): void {
  const path = join(dir, 'format')
  const found = existsSync(path) ? parse(readFileSync(path, 'utf8'), path) : version
  if (found > version) {
    throw new PortError(
      'data-folder',
      'newer-format',
      `${dir} has format ${found}, this release knows up to ${version}; start the newer release that wrote it`,
    )
  }
  if (found < version) keepCopy(dir, found)
  for (const step of steps) {
    if (step.to <= found) continue
    step.apply(dir)
    writePrivate(path, `${step.to}\n`)
  }
  if (!existsSync(path)) writePrivate(path, `${version}\n`)
}

function keepCopy(dir: string, version: number): void {
  const copy = `${dir}.before-format-${version + 1}`
  // A copy from an earlier try is of the same untouched folder; a half-made one never has this name.
  if (existsSync(copy)) return
  const temporary = `${copy}.new`
  rmSync(temporary, { recursive: true, force: true })
  cpSync(dir, temporary, { recursive: true, preserveTimestamps: true, filter: (source) => source === dir || !notCopied.has(basename(source)) })
  renameSync(temporary, copy)
}

function parse(text: string, path: string): number {
  if (/^[1-9]\d{0,5}\n?$/.test(text)) return Number(text)
  throw new PortError('data-folder', 'unreadable', `${path} does not hold a version number; restore it from a backup`)
}
