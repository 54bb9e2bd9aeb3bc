// Numbers, choices and yes-or-no from the words of a request.
import { numbers } from './findings.js'
import type { Schema } from './schema.js'
import { fits } from './schema.js'
import { stem, stemsOf, withSpokenSigns, wordsOf } from './words.js'

export interface Request {
  text: string
  /** Where in the text a value was taken from, so that two arguments never get the same words. */
  taken: Set<number>
  /** The request asks for something to be made. */
  isCreation: boolean
}

/** The number beside the property's name, else (when it is required) the next one that nobody took. */
export function numberOf(name: string, property: Schema, request: Request, isRequired: boolean): number | undefined {
  const free = numbers(request.text).filter(({ start, number }) => !request.taken.has(start) && fits(number, property))
  const label = wordsOf(name)
  const beside = free.find(({ start, end }) => {
    const before = wordsOf(request.text.slice(Math.max(0, start - 40), start)).slice(-label.length - 1)
    const after = wordsOf(request.text.slice(end, end + 40)).slice(0, label.length)
    return (
      label.every((word) => before.some((one) => stem(one) === stem(word))) || label.every((word) => after.some((one) => stem(one) === stem(word)))
    )
  })
  const found = beside ?? (isRequired ? free[0] : undefined)
  if (found) request.taken.add(found.start)
  return found?.number
}

/** Choices that the text names, or whose part of the description shares a word with it, in the order of the text. */
export function enumsOf(name: string, property: Schema, choices: readonly unknown[], request: Request): unknown[] {
  const named = choices.flatMap((choice) => positionsOf(String(choice), request.text).map((position) => ({ choice, ...position })))
  const free = named.filter(({ start }) => !request.taken.has(start)).sort((a, b) => a.start - b.start)
  const source = isSource(name) ? free.find(({ start }) => /\d\s*$/.test(request.text.slice(0, start))) : undefined
  const first = source ?? free.find(({ start }) => isTarget(name) === isBehindTo(request.text, start)) ?? free[0]
  if (first) {
    if (isTarget(name) || isSource(name)) request.taken.add(first.start)
    return [...new Set([first, ...free].map(({ choice }) => choice))]
  }
  const wanted = stemsOf(withSpokenSigns(request.text))
  return choices.filter((choice) => {
    const about = describing(choice, choices, property.description)
    return [...stemsOf(`${String(choice)} ${about}`)].some((word) => wanted.has(word))
  })
}

/** True when the text names it, false when it names it behind a no. */
export function booleanOf(name: string, request: Request): boolean | undefined {
  const label = wordsOf(name).filter((word) => !['is', 'should', 'include', 'use', 'enable', 'enabled', 'with'].includes(word))
  const words = wordsOf(request.text).map(stem)
  const at = words.findIndex((_, index) => label.length > 0 && label.every((word, offset) => words[index + offset] === stem(word)))
  if (at < 0) return undefined
  const around = [...words.slice(Math.max(0, at - 3), at), ...words.slice(at + label.length, at + label.length + 2)]
  return !around.some((word) => ['no', 'not', 'without', 'never', 'false', 'off', 'don', 'disabl'].includes(word))
}

function positionsOf(choice: string, text: string): { start: number }[] {
  const words = choice.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== '')
  if (words.length === 0) return []
  // Short ones are signs (`C`, `km`) and must stand as they are; longer ones may bend.
  const pattern = words.map((word) => (word.length < 4 ? word : `${stem(word.toLowerCase())}\\p{L}*`)).join('[\\s_-]*')
  return [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'giu'))].map(({ index }) => ({ start: index }))
}

/** What `calculator for arithmetic, current_time: the date and time` says of each choice: the words from its name up to the next name. */
function describing(choice: unknown, choices: readonly unknown[], description: string): string {
  let current: unknown
  const own: string[] = []
  for (const piece of description.split(/[;,:\n.()]|\band\b(?=\s+\w+_\w+)/)) {
    current = choices.find((one) => positionsOf(String(one), piece).length > 0) ?? current
    if (current === choice) own.push(piece)
  }
  return own.join(' ')
}

const isTarget = (name: string) => /^(to|target|into|dest)/i.test(name)
const isSource = (name: string) => /^(from|source|origin)/i.test(name)
const isBehindTo = (text: string, start: number) => /\b(?:to|in|into|as)\s*$/i.test(text.slice(0, start))
