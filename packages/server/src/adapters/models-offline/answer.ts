// The offline model's words. It repeats what tools found and what it was told to be, and never pretends to have thought.
import type { BedrockRuntime } from '@agentworks/model'
import { stemsOf } from './words.js'

/** First, so that no limit on the answer's length can cut it off. */
const label = '[offline model]'

export interface ToolOutcome {
  name: string
  input: unknown
  failed: boolean
  content: readonly BedrockRuntime.ToolResultContentBlock[]
}

const longest = 4_000

export function answerFromResults(outcomes: readonly ToolOutcome[]): string {
  const lines = outcomes.map(({ name, failed, content }) => {
    const words = content
      .map(plain)
      .filter((part) => part !== '')
      .join('\n')
      .slice(0, longest)
    if (failed) return `The tool ${name} failed: ${words || 'it did not say why'}`
    return words === '' ? `The tool ${name} is done; it returned nothing.` : `The tool ${name} answered: ${words}`
  })
  return `${label} ${lines.join('\n')}`
}

export function askForMissing(tool: string, missing: readonly string[]): string {
  return `${label} For this I would call the tool ${tool}, but the request does not tell me ${missing.join(', ')}. Say it, and I will call it.`
}

export function answerFromPurpose(system: string, text: string, tools: readonly string[]): string {
  const name = /\byou(?: are|'re)\s+(?:an?\s+)?([\p{Lu}][\p{L}\p{N}_-]*)/iu.exec(system)?.[1]
  const self = /\byou(?: are|'re)\s+([^.!?\n]+)/i.exec(system)?.[1]?.trim()
  const purposes = stemsOf(system)
  const isGreeter = ['welcome', 'greet', 'greeting', 'hello'].some((word) => [...stemsOf(word)].some((stem) => purposes.has(stem)))
  const isGreeted = /^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|greetings|say hello|greet|welcome)\b/i.test(text)
  const said: string[] = []
  if (isGreeter) said.push(`Hello and welcome!${self ? ` I am ${self}.` : ''}`)
  else if (isGreeted) said.push(`Hello!${self ? ` I am ${self}.` : ''}`)
  else if (self) said.push(`I am ${name && self.startsWith(name) ? self : self}.`)
  if (text !== '' && !isGreeted) said.push(`You asked: "${text.length > 300 ? `${text.slice(0, 300)}…` : text}".`)
  if (!isGreeted) {
    const noTool = tools.length > 0 ? `None of my tools (${tools.join(', ')}) fits that` : 'I have no tool for that'
    said.push(`${noTool}, and, being a rehearsal without a language model, no answer of my own. Configure a model provider for real answers.`)
  }
  return `${label} ${said.join(' ')}`
}

function plain(block: BedrockRuntime.ToolResultContentBlock): string {
  if (block.text !== undefined) return parsed(block.text)
  return block.json === undefined ? '' : inWords(block.json)
}

function parsed(text: string): string {
  try {
    return inWords(JSON.parse(text))
  } catch {
    return text.trim()
  }
}

/** `{"a": 1, "b": [2, 3]}` as `a: 1, b: 2; 3`; one lonely member as its value. */
function inWords(value: unknown, depth = 0): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return String(value)
  if (depth > 4) return JSON.stringify(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return 'nothing'
    const isFlat = value.every((item) => typeof item !== 'object' || item === null)
    return isFlat ? value.map(String).join(', ') : `\n${value.map((item) => `- ${inWords(item, depth + 1)}`).join('\n')}`
  }
  const members = Object.entries(value)
  const [only] = members
  if (members.length === 1 && only) return inWords(only[1], depth)
  return members.map(([key, member]) => `${key}: ${inWords(member, depth + 1)}`).join(', ')
}
