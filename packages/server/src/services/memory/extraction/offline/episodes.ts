// An episode without a model: what a user set out for, up to where they say that it is done.
import type { Turn } from '#services/memory/extraction/mind.js'
import { xmlText } from '#services/memory/extraction/xml.js'
import { sentencesOf } from './sentences.js'

const closing = /\b(?:thanks|thank you|that worked|that works|works now|solved|perfect|that's all|all done|bye|goodbye|got it)\b/i
const failing = /\b(?:didn't work|doesn't work|not working|failed|error|wrong|unfortunately|give up)\b/i

const isClosing = ({ role, text }: Turn) => role === 'USER' && closing.test(text)

/** The turns of the episode that ends with these ones; `undefined` where none ends. */
export function endedEpisode(history: readonly Turn[], turns: readonly Turn[]): readonly Turn[] | undefined {
  if (!turns.some(isClosing)) return undefined
  const all = [...history, ...turns]
  const end = all.findLastIndex(isClosing)
  const start = all.slice(0, end).findLastIndex(isClosing) + 1
  const episode = all.slice(start, end + 1)
  return episode.some(({ role }) => role !== 'USER') ? episode : undefined
}

export function episodeText(turns: readonly Turn[]): string {
  const intent = goalOf(turns)
  const steps = turns.map(({ role, text }) => `<turn><action>${role}: ${xmlText(firstOf(text))}</action></turn>`)
  return [
    '<episode>',
    `<situation>${xmlText(firstOf(turns[0]?.text ?? ''))}</situation>`,
    `<intent>${xmlText(intent)}</intent>`,
    `<assessment>${hadTrouble(turns) ? 'Partially' : 'Yes'}</assessment>`,
    `<justification>${xmlText(`The user closed with: ${firstOf(turns.at(-1)?.text ?? '')}`)}</justification>`,
    `<reflection>${hadTrouble(turns) ? 'Something failed on the way; see the turns.' : 'Nothing failed on the way.'}</reflection>`,
    `<turns>${steps.join('')}</turns>`,
    '</episode>',
  ].join('\n')
}

const goalOf = (turns: readonly Turn[]) => firstOf(turns.find(({ role }) => role === 'USER')?.text ?? '')
const hadTrouble = (turns: readonly Turn[]) => turns.some(({ text }) => failing.test(text))

const longestStep = 500
const firstOf = (text: string) => (sentencesOf(text)[0] ?? text).slice(0, longestStep)
