// Plain statements of a conversation: no questions, no greetings, nothing that only keeps the talk going.
import type { Turn } from '#services/memory/extraction/mind.js'
import { isQuestion, plainWords, sentencesOf } from './sentences.js'

export interface Statement {
  /** As it was said. */
  said: string
  role: Turn['role']
  at: number
}

const smallTalk =
  /^(?:hi|hello|hey|thanks?|thank you|ok(?:ay)?|sure|great|good (?:morning|evening|night|day)|bye|goodbye|please|yes|no|sorry|let me|let's|tell me|show me|give me|help me)\b/i
/** "Please always answer in French." is more than a request. */
const rule = /\b(?:always|never|prefer)\b/i
const ownTalk = /\b(?:I|I'm|I'll|I've|I'd|we|let me)\b/
const fewestWords = 3
/** Of one job: whoever says more at once is not talking, and everybody else waits behind the rules. */
const mostCharacters = 200_000
const mostStatements = 1_000
const fewestLetters = 6

/** What the assistant says counts where it is about the user or about the world, not about itself. */
export function statementsOf(turns: readonly Turn[]): Statement[] {
  return withinReason(turns)
    .filter(({ role }) => role === 'USER' || role === 'ASSISTANT')
    .flatMap(({ role, text, at }) =>
      sentencesOf(text)
        .filter((said) => isStatement(said) && (role === 'USER' || !ownTalk.test(said)))
        .map((said) => ({ said, role, at })),
    )
    .slice(0, mostStatements)
}

export function withinReason(turns: readonly Turn[]): Turn[] {
  let left = mostCharacters
  return turns.flatMap((turn) => {
    const text = turn.text.slice(0, left)
    left -= text.length
    return text === '' ? [] : [{ ...turn, text }]
  })
}

function isStatement(sentence: string): boolean {
  if (isQuestion(sentence) || (smallTalk.test(sentence) && !rule.test(sentence))) return false
  const words = plainWords(sentence)
  // Scripts without spaces have one word a sentence.
  return words.length >= fewestWords || (/[^\p{Script=Latin}\p{P}\p{N}\s]/u.test(sentence) && words.join('').length >= fewestLetters)
}
