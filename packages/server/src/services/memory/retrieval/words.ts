// What the words of a text are, for finding it again: the same for a record and for a question. Of any language.
import { stemOf } from './stem.js'

/** Scripts that write no spaces between words: every two letters that stand together count as one. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const words = /[\p{L}\p{N}\p{M}]+/gu
const runs = new RegExp(`${unspaced.source}[${unspaced.source.slice(1, -1)}\\p{M}]*|(?:(?!${unspaced.source})[\\p{L}\\p{N}\\p{M}])+`, 'gu')
const longestTerm = 64

/** In the order of the text. `isLatin` where English endings may be cut off. */
export function termsOf(text: string): string[] {
  return wordsOf(text).flatMap(termsOfWord)
}

/** As they are written, in lower case, without accents of the Latin alphabet and without the 's of an owner. */
export function wordsOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replace(/[’']s\b/g, '')
    .replace(/(\p{L})[’'](?=\p{L})/gu, '$1')
  return plain.match(words) ?? []
}

/** One for most words, and several for one of a script without spaces. */
export function termsOfWord(word: string): string[] {
  if (/^[a-z]+$/.test(word)) return [stemOf(word).slice(0, longestTerm)]
  if (!unspaced.test(word)) return [word.slice(0, longestTerm)]
  return (word.match(runs) ?? []).flatMap((run) => (unspaced.test(run) ? pairsOf(run) : termsOfWord(run)))
}

function pairsOf(run: string): string[] {
  const letters = Array.from(run)
  if (letters.length === 1) return [run]
  return letters.slice(1).map((letter, at) => `${letters[at]}${letter}`)
}
