// A page of ids as one range of keys, so that the index answers it and no pattern is ever interpreted.
import type { Page } from '#ports/store.js'

/** A BLOB: SQLite orders every text before it, so it is the bound that nothing reaches. */
const beyondAllText = new Uint8Array(0)

const lastCodePoint = 0x10ffff

export interface KeyRange {
  /** Inclusive. */
  from: string
  /** Exclusive. */
  to: string | Uint8Array
}

export function keyRange({ prefix = '', after }: Page): KeyRange {
  const to = firstBeyond(prefix)
  if (after === undefined) return { from: prefix, to }
  // The smallest text greater than another is that text and one NUL.
  const next = `${after}\0`
  return { from: comesBefore(prefix, next) ? next : prefix, to }
}

/** Byte order of UTF-8 is the order of code points; JavaScript's own `<` compares UTF-16 units and differs above U+FFFF. */
function comesBefore(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0
}

function firstBeyond(prefix: string): string | Uint8Array {
  const points = Array.from(prefix, (character) => character.codePointAt(0) ?? 0)
  while (points.length > 0) {
    const last = points.pop() ?? 0
    if (last < lastCodePoint) return String.fromCodePoint(...points, last === 0xd7ff ? 0xe000 : last + 1)
  }
  return beyondAllText
}
