// Who says a record, where its text begins with a name, as turns of talks are written: `Ada: I moved to Turin.`
import { termsOf } from './words.js'

const prefix = /^\s*(\p{L}[^:\n]{0,39}):\s/u

/** The terms of the name; `undefined` where nobody is named. */
export function speakerOf(text: string): string[] | undefined {
  const name = prefix.exec(text)?.[1]
  return name === undefined ? undefined : termsOf(name)
}

/** A question rather than a statement: what is asked is answered by the next. */
export const asks = (text: string) => /[?？؟]\s*$/.test(text)
