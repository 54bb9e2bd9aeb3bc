// Where a command speaks: results on stdout, everything else on stderr. With --json, stdout is one JSON document.
import type { Failure } from './failure.js'
import { type Spelling, spelling } from './spelling.js'

export interface Output {
  readonly json: boolean
  /** A line of the result for people; silent with --json. */
  line(text: string): void
  /** A piece of the result without a newline; silent with --json. */
  piece(text: string): void
  /** The one document of --json; silent without. */
  document(value: unknown): void
  /** Progress, hints, warnings. */
  note(text: string): void
  /** Our commands in a text as this person types them. */
  spell: Spelling
  fail(failure: Failure): void
}

export interface Streams {
  stdout: { write(text: string): unknown }
  stderr: { write(text: string): unknown }
}

export function output({ stdout, stderr }: Streams, json: boolean, spell: Spelling = spelling()): Output {
  return {
    json,
    spell,
    line(text) {
      if (!json) stdout.write(`${text}\n`)
    },
    piece(text) {
      if (!json) stdout.write(text)
    },
    document(value) {
      if (json) stdout.write(`${JSON.stringify(value, undefined, 2)}\n`)
    },
    note(text) {
      stderr.write(`${text}\n`)
    },
    fail({ message: said, why, request, fix: mended }) {
      const [message, fix] = [spell(said), mended && spell(mended)]
      if (json) stdout.write(`${JSON.stringify({ error: { message, why, request, fix } }, undefined, 2)}\n`)
      stderr.write(`error: ${message}\n`)
      if (why) stderr.write(`why: ${why}\n`)
      if (request) stderr.write(`request: ${request}\n`)
      if (fix) stderr.write(`fix: ${fix}\n`)
    },
  }
}

/** Columns as wide as their widest cell. */
export function table(header: string[], rows: string[][]): string[] {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => (row[column] ?? '').length)))
  return [header, ...rows].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
