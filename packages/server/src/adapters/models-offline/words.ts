// Words as the offline model compares them: lower case, without endings, without the ones that say nothing.

const silent = new Set(
  `a an the of to in for on at by with and or is are was were be been do does did can could you i me my mine we our us it its this that these those which who whom
  please what how will would should want wants need needs like from as if your yours use using when any some there here into about so just now also have has had let lets d s m re ll ve t`.split(
    /\s+/,
  ),
)

const endings = [
  'ications',
  'ication',
  'ations',
  'ation',
  'ators',
  'ator',
  'ating',
  'ated',
  'ates',
  'ate',
  'ings',
  'ing',
  'ions',
  'ion',
  'ers',
  'er',
  'ors',
  'or',
  'ies',
  'ied',
  'es',
  'ed',
  's',
  'e',
  'y',
]

/** `calculator`, `calculates` and `calculation` are one; what is left has three letters at least. */
export function stem(word: string): string {
  const ending = endings.find((end) => word.endsWith(end) && word.length - end.length >= 3)
  return ending ? word.slice(0, -ending.length) : word
}

/** Words in lower case; `camelCase` and `snake_case` fall apart. */
export function wordsOf(text: string): string[] {
  return (
    text
      .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

export function stemsOf(text: string): Set<string> {
  return new Set(
    wordsOf(text)
      .filter((word) => !silent.has(word))
      .map(stem),
  )
}

export function isSilent(word: string): boolean {
  return silent.has(word.toLowerCase())
}

// Verbs that ask for one kind of act, whatever the thing is. The only words this model knows to be alike.
const families = [
  'create make build deploy add generate launch register set setup start design',
  'list show display enumerate browse',
  'delete remove destroy drop cancel erase',
  'get show fetch lookup find read retrieve track check view describe',
  'ask invoke call try talk chat tell test greet run prompt',
  'send mail email post notify forward',
  'update edit change modify rename',
  'calculate compute evaluate solve math',
  'convert transform',
  'search query google',
].map((line) => new Set(line.split(' ').map(stem)))

/** Which kinds of act the word may ask for. */
export function actsOf(word: string): number[] {
  const stemmed = stem(word.toLowerCase())
  return families.flatMap((family, index) => (family.has(stemmed) ? [index] : []))
}

/** The verb that a request begins with, or asks for behind `please`, `to` or `and`: `could you please list…` is about listing. */
export function leadingVerb(text: string): string | undefined {
  if (/^\W*(?:what|which)\b.*\b(?:are there|exist|do (?:i|we|you) have)\b/i.test(text)) return 'list'
  if (/^\W*(?:i|we)(?: would|'d)? (?:need|want|like) an? /i.test(text)) return 'create'
  const words = wordsOf(text.replace(/["“`][^"”`]*["”`]/g, ' ')).slice(0, 20)
  const isVerb = (word: string | undefined) => word !== undefined && actsOf(word).length > 0
  const first = words.find((word) => !silent.has(word))
  return isVerb(first) ? first : words.find((word, at) => isVerb(word) && ['please', 'to', 'and', 'you', 'then'].includes(words[at - 1] ?? ''))
}

const signs: [RegExp, string][] = [
  [/(?<=\d\s*)[*×x](?=\s*\d)/g, ' multiply times '],
  [/(?<=\d\s*)\+(?=\s*\d)/g, ' add plus sum '],
  [/(?<=\d\s+)-(?=\s+\d)/g, ' subtract minus '],
  [/(?<=\d\s*)[/÷](?=\s*\d)/g, ' divide '],
]

/** `6 * 7` also speaks of multiplying. */
export function withSpokenSigns(text: string): string {
  return signs.reduce((sofar, [sign, words]) => sofar.replace(sign, words), text)
}
