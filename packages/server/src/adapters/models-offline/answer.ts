// The offline model's words. It repeats what tools found and what it was told to be, and never pretends to have thought.
import type { BedrockRuntime } from '@agentworks/model'
import type { OfferedTool } from './choose.js'
import { properNames } from './findings.js'
import { actsOf, leadingVerb, stemsOf } from './words.js'

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
    const summary = content.map(summaryOf).find((one) => one !== undefined)
    if (summary !== undefined) return summary.slice(0, longest)
    return words === '' ? `The tool ${name} is done; it returned nothing.` : `The tool ${name} answered: ${words}`
  })
  return `${label} ${lines.join('\n')}`
}

export function askForMissing(tool: string, missing: readonly string[]): string {
  return `${label} For this I would call the tool ${tool}, but the request does not tell me ${missing.join(', ')}. Say it, and I will call it.`
}

/** Its instructions say what it cannot do: better the instruction than the nearest tool. */
export function refuseByInstructions(system: string, text: string): string | undefined {
  const asked = actsOf(leadingVerb(text) ?? '')
  if (asked.length === 0) return undefined
  for (const line of system.split('\n')) {
    const [, rest = '', verb = ''] = /^you (?:cannot|can't|must not|may not) ((\w+)\b.*)$/i.exec(line.trim()) ?? []
    if (!actsOf(verb).some((act) => asked.includes(act))) continue
    const named = properNames(text).find(({ value }) => value.toLowerCase() !== leadingVerb(text))?.value
    return `${label} I cannot ${named === undefined ? rest : rest.replaceAll('NAME', named)}`
  }
  return undefined
}

export function answerFromPurpose(system: string, text: string, tools: readonly OfferedTool[]): string {
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
    said.push(`I am only the offline rehearsal model, and ${tools.length > 0 ? 'none of my tools fits that' : 'I have no tools'}.`)
    if (tools.length > 0) said.push(`Try: ${tools.slice(0, mostShown).map(shortly).join('; ')}.`)
    said.push('A configured model provider gives real answers.')
  }
  return `${label} ${said.join(' ')}`
}

/** A tool that tells its result in a sentence is quoted, and the members beside it are left to real models. */
function summaryOf(block: BedrockRuntime.ToolResultContentBlock): string | undefined {
  const value = block.json ?? (block.text === undefined ? undefined : jsonIn(block.text))
  if (typeof value !== 'object' || value === null || !('summary' in value)) return undefined
  return typeof value.summary === 'string' && value.summary.trim() !== '' ? value.summary.trim() : undefined
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const mostShown = 6

/** What a tool does, in the first words of its description. */
function shortly({ name, description }: OfferedTool): string {
  const first = description.split(/[.:;,(\n]/, 1)[0]?.trim() ?? ''
  return first === '' ? name : `${first.charAt(0).toLowerCase()}${first.slice(1, 100)} (${name})`
}

function plain(block: BedrockRuntime.ToolResultContentBlock): string {
  if (block.text !== undefined) return parsed(block.text)
  return block.json === undefined ? '' : inWords(block.json)
}

function parsed(text: string): string {
  const value = jsonIn(text)
  return value === undefined ? text.trim() : inWords(value)
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
