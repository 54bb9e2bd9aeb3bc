// Who says a record, where its text begins with a name, as turns of talks are written: `Ada: I moved to Turin.`
import { termsOf } from './words.js'

const prefix = /^\s*(\p{L}[^:\n]{0,39}):\s/u

/** Tells the terms of the name; `undefined` where nobody is named. A talk has few names: each is read once. */
export function speakers(): (text: string) => readonly string[] | undefined {
  const known = new Map<string, readonly string[]>()
  return (text) => {
    const name = prefix.exec(text)?.[1]
    if (name === undefined) return undefined
    const terms = known.get(name) ?? termsOf(name)
    known.set(name, terms)
    return terms
  }
}

/** A question rather than a statement: what is asked is answered by the next. */
export const asks = (text: string) => /[?？؟]\s*$/.test(text)
