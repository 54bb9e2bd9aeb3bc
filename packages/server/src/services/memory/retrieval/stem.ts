// The stem of an English word, so that `painted`, `painting` and `paints` are one: M. F. Porter, "An algorithm for suffix stripping",
// 1980, step by step, with his later changes (-bli, -logi). Written here and not taken from a library since services import none, and
// since what it answers is kept in the index of every record: it must not change with a version.

const c = '[^aeiou][^aeiouy]*'
const v = '[aeiouy][aeiou]*'
/** The part before the ending has at least one, exactly one, more than one vowel followed by a consonant: Porter's measure m. */
const measured = new RegExp(`^(?:${c})?${v}${c}`)
const measuredOnce = new RegExp(`^(?:${c})?${v}${c}(?:${v})?$`)
const measuredTwice = new RegExp(`^(?:${c})?${v}${c}${v}${c}`)
const withVowel = new RegExp(`^(?:${c})?[aeiouy]`)
const short = new RegExp(`^${c}[aeiouy][^aeiouwxy]$`)
const doubled = /([^aeioulsz])\1$/

type Endings = readonly (readonly [ending: string, other: string])[]

const step2: Endings = [
  ['ational', 'ate'],
  ['tional', 'tion'],
  ['enci', 'ence'],
  ['anci', 'ance'],
  ['izer', 'ize'],
  ['bli', 'ble'],
  ['alli', 'al'],
  ['entli', 'ent'],
  ['eli', 'e'],
  ['ousli', 'ous'],
  ['ization', 'ize'],
  ['ation', 'ate'],
  ['ator', 'ate'],
  ['alism', 'al'],
  ['iveness', 'ive'],
  ['fulness', 'ful'],
  ['ousness', 'ous'],
  ['aliti', 'al'],
  ['iviti', 'ive'],
  ['biliti', 'ble'],
  ['logi', 'log'],
]
const step3: Endings = [
  ['icate', 'ic'],
  ['ative', ''],
  ['alize', 'al'],
  ['iciti', 'ic'],
  ['ical', 'ic'],
  ['ful', ''],
  ['ness', ''],
]
const step4 = 'ement ment ance ence able ible ant ent ion ism ate iti ous ive ize al er ic ou'.split(' ')

/** Of a word of the letters a to z. */
export function stemOf(word: string): string {
  if (word.length < 3) return word
  // A y at the beginning is no vowel.
  const isY = word.startsWith('y')
  const stem = [plural, past, (text: string) => (text.endsWith('y') && withVowel.test(text.slice(0, -1)) ? `${text.slice(0, -1)}i` : text)]
    .concat([(text) => replaced(text, step2), (text) => replaced(text, step3), longEnding, lastE, lastL])
    .reduce((text, step) => step(text), isY ? `Y${word.slice(1)}` : word)
  return isY ? `y${stem.slice(1)}` : stem
}

function plural(word: string): string {
  if (/(?:ss|i)es$/.test(word)) return word.slice(0, -2)
  return /[^s]s$/.test(word) ? word.slice(0, -1) : word
}

function past(word: string): string {
  if (word.endsWith('eed')) return measured.test(word.slice(0, -3)) ? word.slice(0, -1) : word
  const stem = /^(.+?)(?:ed|ing)$/.exec(word)?.[1]
  if (stem === undefined || !withVowel.test(stem)) return word
  if (/(?:at|bl|iz)$/.test(stem)) return `${stem}e`
  if (doubled.test(stem)) return stem.slice(0, -1)
  return short.test(stem) ? `${stem}e` : stem
}

function replaced(word: string, endings: Endings): string {
  // The longest that fits decides, whether or not it is then replaced.
  const [ending = '', other = ''] = endings.filter(([one]) => word.endsWith(one)).toSorted(([a], [b]) => b.length - a.length)[0] ?? []
  const before = word.slice(0, word.length - ending.length)
  return ending !== '' && measured.test(before) ? `${before}${other}` : word
}

function longEnding(word: string): string {
  const ending = step4.find((one) => word.endsWith(one))
  if (ending === undefined) return word
  const before = word.slice(0, -ending.length)
  if (ending === 'ion' && !/[st]$/.test(before)) return word
  return measuredTwice.test(before) ? before : word
}

function lastE(word: string): string {
  const before = word.slice(0, -1)
  return word.endsWith('e') && (measuredTwice.test(before) || (measuredOnce.test(before) && !short.test(before))) ? before : word
}

const lastL = (word: string) => (word.endsWith('ll') && measuredTwice.test(word) ? word.slice(0, -1) : word)
