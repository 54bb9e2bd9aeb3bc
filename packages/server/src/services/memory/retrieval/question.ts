// What a question asks for.
import { type Period, periodIn } from './periods.js'
import { stopWords } from './stop-words.js'
import { termsOfWord, wordsOf } from './words.js'

export interface Question {
  /** Each once. */
  terms: readonly string[]
  /** The time that it names. */
  period?: Period
}

/** A question of 10,000 characters is a text: its first words say enough. */
const mostTerms = 64

export function readQuestion(text: string, now: number): Question {
  const words = wordsOf(text)
  const telling = words.filter((word) => !stopWords.has(word))
  const period = periodIn(text, now)
  return { terms: [...new Set((telling.length > 0 ? telling : words).flatMap(termsOfWord))].slice(0, mostTerms), ...(period && { period }) }
}
