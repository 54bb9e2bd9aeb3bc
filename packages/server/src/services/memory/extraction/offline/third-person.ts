// "I live in Rome" as others say it. English only; a sentence of another language keeps its words, with the speaker before it.
import { plainWords } from './sentences.js'

const unchanging = new Set(
  'and or but who to with can could will would shall should may might must never always also just really usually often sometimes still only was had did went got said came saw took made found gave told left felt kept began brought bought thought taught caught met read put let cut hit set cost hurt quit slept drove wrote spoke rode ate drank sang swam ran won lost sold sent spent built heard held paid grew knew threw flew drew broke chose forgot became'.split(
    ' ',
  ),
)
const ofOwn: Readonly<Record<string, string>> = { am: 'is', have: 'has', do: 'does', go: 'goes', "don't": "doesn't", "haven't": "hasn't", "'m": 'is' }

export function inThirdPerson(sentence: string): string {
  const text = sentence.replaceAll('’', "'")
  if (!plainWords(text).some((word) => firstPerson.has(word))) return `User: ${sentence}`
  const said = text
    .replace(/\bI'm\b/g, 'the user is')
    .replace(/\bI've\b/g, 'the user has')
    .replace(/\bI'd\b/g, 'the user would')
    .replace(/\bI'll\b/g, 'the user will')
    .replace(/\bI ((?:never|always|also|just|really|usually|often|sometimes|still|only) )?([a-z']+)/g, (_, adverb = '', verb: string) => {
      return `the user ${adverb}${ofThird(verb)}`
    })
    .replace(/\bmy\b/gi, "the user's")
    .replace(/\bmine\b/gi, "the user's")
    .replace(/\bmyself\b/gi, 'themselves')
    .replace(/\bme\b/gi, 'the user')
    .replace(/\bI\b/g, 'the user')
  return said.charAt(0).toUpperCase() + said.slice(1)
}

const firstPerson = new Set(['i', 'my', 'me', 'mine', 'myself'])

function ofThird(verb: string): string {
  const known = ofOwn[verb]
  if (known !== undefined) return known
  if (unchanging.has(verb) || verb.endsWith('ed') || verb.includes("'")) return verb
  if (/(?:s|sh|ch|x|z|o)$/.test(verb)) return `${verb}es`
  return /[^aeiou]y$/.test(verb) ? `${verb.slice(0, -1)}ies` : `${verb}s`
}
