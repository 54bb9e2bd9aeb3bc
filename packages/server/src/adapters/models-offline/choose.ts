// Which tool a request asks for: shared words count by how telling they are, then the kind of act, then whether the arguments are there.
import { canonicalJson } from '#kernel/canonical-json.js'
import { type Filled, fillArguments } from './arguments.js'
import { emails, expression, givenName, identifiers, properNames, urls } from './findings.js'
import { roleOf } from './readers.js'
import type { Schema } from './schema.js'
import { actsOf, leadingVerb, stemsOf, withSpokenSigns, wordsOf } from './words.js'

export interface OfferedTool {
  name: string
  description: string
  schema: Schema
}

export interface Choice extends Filled {
  tool: OfferedTool
  /** How much speaks for the tool. */
  fit: number
}

/** Below this the shared words are chance. */
const enough = 2.5

/** The fitting tool, or the one that would fit if the request said more, or nothing. */
export function chooseTool(text: string, tools: readonly OfferedTool[]): Choice | undefined {
  return ranked(text, tools, false).find(({ fit }) => fit >= enough)
}

/** The best of them, fitting or not. */
export function chooseAny(text: string, tools: readonly OfferedTool[]): Choice | undefined {
  return ranked(text, tools, true)[0]
}

function ranked(text: string, tools: readonly OfferedTool[], forced: boolean): Choice[] {
  const wanted = stemsOf(withSpokenSigns(text))
  const weights = tools.map((tool) => wordWeights(tool))
  const choices = tools.map((tool, index) => {
    const filled = fillArguments(tool.schema, text, forced)
    const overlap = [...wanted].reduce(
      (sum, word) => sum + (weights[index]?.get(word) ?? 0) / Math.sqrt(weights.filter((one) => one.has(word)).length || 1),
      0,
    )
    const fit = overlap + actScore(text, tool) + evidence(text, tool)
    return { tool, ...filled, fit }
  })
  // A tool whose arguments are all there wins over one that fits a little better and lacks some.
  const rank = ({ fit, missing }: Choice) => (missing.length > 0 ? fit * 0.6 : fit)
  return choices.sort((a, b) => rank(b) - rank(a))
}

function wordWeights(tool: OfferedTool): Map<string, number> {
  const weights = new Map<string, number>()
  const add = (text: string, weight: number) => {
    for (const word of stemsOf(text)) weights.set(word, Math.max(weights.get(word) ?? 0, weight))
  }
  add(tool.name, 3)
  add(tool.description, 1.5)
  for (const [name, property] of Object.entries(tool.schema.properties)) {
    add(name, 1)
    add(property.description, 0.5)
    for (const choice of [...(property.enum ?? []), ...(property.items?.enum ?? [])]) add(String(choice), 1)
  }
  return weights
}

/** Tools are named for an act (`list_agents`), requests begin with one (`show my agents`). */
function actScore(text: string, tool: OfferedTool): number {
  const asked = actsOf(leadingVerb(text) ?? '')
  const offered = actsOf(wordsOf(tool.name)[0] ?? '')
  if (asked.length === 0 || offered.length === 0) return 0
  return asked.some((act) => offered.includes(act)) ? 2.5 : -1.5
}

/** Things that hardly any other tool would want. */
function evidence(text: string, { schema }: OfferedTool): number {
  const asked = new Set(schema.required.map((name) => roleOf(name, schema.properties[name]?.description ?? '')))
  const numeric = schema.required.filter((name) => ['number', 'integer'].includes(schema.properties[name]?.type ?? '')).length
  const found = expression(text)
  let score = 0
  if (found !== undefined && asked.has('expression')) score += 4
  if (found !== undefined && numeric >= 2) score += 2
  if (asked.has('url') && urls(text).length > 0) score += 2
  if (asked.has('email') && emails(text).length > 0) score += 1
  if (asked.has('name') && (givenName(text) ?? properNames(text)[0])) score += 1.5
  if (asked.has('identifier') && identifiers(text).length > 0) score += 1
  return score
}

/** Whether two calls ask for the same. */
export function sameCall(a: { name: string; input: unknown }, b: { name: string; input: unknown }): boolean {
  return a.name === b.name && canonicalJson(a.input) === canonicalJson(b.input)
}
