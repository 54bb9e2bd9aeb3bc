// What a person would read of payloads and answers: what is kept of a turn.
import type { Turn } from './session-memory.js'

/** The user's turn and the agent's; AWS refuses an empty text, so that what says nothing is left out. */
export function turnsOf(payload: unknown, pieces: readonly unknown[]): Turn[] {
  const turns: Turn[] = [
    { role: 'USER', content: textOf(payload) ?? asJson(payload) },
    { role: 'ASSISTANT', content: answered(pieces) },
  ]
  return turns.filter(({ content }) => content !== '')
}

/** A stream that ends by telling the whole has said it; else its words one after another, without what is no word, such as the name of a tool. */
function answered(pieces: readonly unknown[]): string {
  const last = pieces.at(-1)
  const whole = member(last, ['response', 'result'])
  if (whole !== undefined) return whole
  if (pieces.length === 1) return textOf(last) ?? asJson(last)
  const texts = pieces.map(textOf)
  return texts.some((text) => text !== undefined) ? texts.map((text) => text ?? '').join('') : pieces.map(asJson).join('')
}

const spokenMembers = ['prompt', 'text', 'response', 'result', 'message']

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : member(value, spokenMembers))

function member(value: unknown, names: readonly string[]): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  for (const name of names) {
    const found: unknown = Reflect.get(value, name)
    if (typeof found === 'string') return found
  }
  return undefined
}

const asJson = (value: unknown): string => JSON.stringify(value) ?? ''
