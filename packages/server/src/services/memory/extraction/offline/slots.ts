// What a statement is about, where a later one about the same takes its place: a home, a name, a taste.
import { plainWords } from './sentences.js'

interface Slot {
  about: string
  says: string
}

const forms: readonly (readonly [RegExp, (found: readonly string[]) => Slot])[] = [
  [
    /\bthe user's (?:favou?rite|preferred) (.{1,60}?) (?:is|are|was) (.+)/i,
    ([, what = '', is = '']) => ({ about: `favourite ${key(what)}`, says: is }),
  ],
  [/\bthe user (?:is called|goes by) (.+)/i, ([, name = '']) => ({ about: 'name', says: name })],
  [/\bthe user's (.{1,60}?) (?:is|are) (?:now )?(.+)/i, ([, what = '', is = '']) => ({ about: key(what), says: is })],
  [/\bthe user (?:now )?(?:lives|is living|moved|has moved|relocated) (?:in|at|to) (.+)/i, ([, place = '']) => ({ about: 'home', says: place })],
  [/\bthe user (?:now )?(?:works|is working) (?:as|at|for|in) (.+)/i, ([, work = '']) => ({ about: 'work', says: work })],
  [/\bthe user is (\d+)(?: years old)?\b/i, ([, age = '']) => ({ about: 'age', says: age })],
  [/\bthe user (?:really )?(?:likes|loves|enjoys|adores) (.+)/i, ([, what = '']) => ({ about: `taste ${key(what)}`, says: 'yes' })],
  [
    /\bthe user (?:(?:doesn't|does not|no longer) (?:like|likes|love|enjoy|enjoys)|hates|dislikes|can't stand|detests) (.+)/i,
    ([, what = '']) => ({ about: `taste ${key(what)}`, says: 'no' }),
  ],
]

const filler = new Set(['a', 'an', 'the', 'any', 'more', 'anymore', 'now', 'very', 'much', 'really', 'it', 'all', 'at'])
const key = (words: string) =>
  plainWords(words)
    .filter((word) => !filler.has(word))
    .join(' ')

export function slotOf(statement: string): Slot | undefined {
  for (const [form, slot] of forms) {
    const found = form.exec(statement)
    if (found) {
      const { about, says } = slot(found)
      return { about, says: key(says) }
    }
  }
  return undefined
}
