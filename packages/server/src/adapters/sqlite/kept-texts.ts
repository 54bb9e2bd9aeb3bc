// Documents that were read lately, as text. A read of SQLite takes and gives back a lock of the file, which costs more than finding
// the row. Right only because one platform process has the data folder (its lock) and every write goes through its one writer.
import type { Scope } from '#kernel/scope.js'

export interface KeptTexts {
  get(key: string): string | undefined
  keep(key: string, text: string): void
  /** To be called in the same turn as the commit, so that no read falls in between. */
  forget(keys: Iterable<string>): void
}

const maxKept = 1000
/** A few long documents must not make the process large. */
const longestKept = 8_000

export function keptTexts(): KeptTexts {
  const texts = new Map<string, string>()
  return {
    get: (key) => texts.get(key),
    keep(key, text) {
      if (text.length > longestKept) return
      // The oldest goes, used or not: what is asked for often is back with its next read.
      if (texts.size >= maxKept) for (const oldest of texts.keys()) if (texts.delete(oldest)) break
      texts.set(key, text)
    },
    forget(keys) {
      for (const key of keys) texts.delete(key)
    },
  }
}

/** No name holds a zero byte: ids with one are refused at the wire, and a collision would need it in an account or a Region. */
export const keyOf = (collection: string, { account, region }: Scope, id: string) => `${collection}\0${account}\0${region}\0${id}`
