// A running summary without a model: what was stated, under the word that most of it is about. Questions are told as questions.
import type { Turn } from '#services/memory/extraction/mind.js'
import { plainText, xmlAttribute, xmlText } from '#services/memory/extraction/xml.js'
import { plainWords, sentencesOf } from './sentences.js'
import { statementsOf, withinReason } from './statements.js'

interface Topic {
  name: string
  lines: string[]
}

const usual = new Set(
  'about after again also been before being could does doing done from have having here into just like make many more most much need only other over really should some such than that their them then there these they this those very want well were what when where which while will with would your yours user assistant asked please thanks think know going'.split(
    ' ',
  ),
)
const shortestName = 4
/** Of one job. A record holds no more. */
const mostLines = 300

export function summaryWith(before: string, turns: readonly Turn[]): string {
  const topics = topicsIn(before)
  for (const { role, line } of linesOf(withinReason(turns)).slice(0, mostLines)) {
    const said = `${role === 'USER' ? 'The user' : 'The assistant'}: ${line}`
    if (topics.some(({ lines }) => lines.includes(said))) continue
    const words = contentWords(line)
    const known = topics.find(({ name }) => words.includes(name))
    if (known) known.lines.push(said)
    else topics.push({ name: words[0] ?? 'conversation', lines: [said] })
  }
  return topics.map(({ name, lines }) => `<topic name="${xmlAttribute(name)}">\n${lines.map(xmlText).join('\n')}\n</topic>`).join('\n')
}

function linesOf(turns: readonly Turn[]): { role: Turn['role']; line: string }[] {
  return turns.flatMap((turn) => {
    const statements = statementsOf([turn]).map(({ said }) => said)
    const first = sentencesOf(turn.text)[0]
    // A turn that states nothing still happened: its first sentence stands for it, where the user said it.
    const lines = statements.length > 0 ? statements : turn.role === 'USER' && first !== undefined ? [first] : []
    return lines.map((line) => ({ role: turn.role, line }))
  })
}

function topicsIn(summary: string): Topic[] {
  return [...summary.matchAll(/<topic name="([^"]*)">\n([\s\S]*?)\n<\/topic>/g)].map(([, name = '', lines = '']) => ({
    name: plainText(name),
    lines: lines.split('\n').map(plainText),
  }))
}

/** The longest first: a name says more than a verb. */
function contentWords(line: string): string[] {
  const words = [...new Set(plainWords(line))].filter((word) => word.length >= shortestName && !usual.has(word))
  return words.toSorted((a, b) => b.length - a.length)
}
