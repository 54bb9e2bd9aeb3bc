// Fills a tool's arguments from the words of a request, within what the schema allows. What the request does not say stays missing.
import { jsonValues } from './findings.js'
import { readString, roleOf } from './readers.js'
import { fits, type Schema } from './schema.js'
import { booleanOf, enumsOf, numberOf, type Request } from './values.js'
import { actsOf, leadingVerb } from './words.js'

export interface Filled {
  input: Record<string, unknown>
  /** Required properties that the request says nothing about. */
  missing: string[]
}

/** `forced`: the tool must be called whatever the request says, so that gaps are filled with the plainest value of the type. */
export function fillArguments(schema: Schema, text: string, forced = false): Filled {
  const request: Request = { text, taken: new Set(), isCreation: actsOf(leadingVerb(text) ?? '').includes(0) }
  const input = { ...given(schema, text) }
  const missing: string[] = []
  // Required ones first: they have the first claim on what the text holds.
  const names = Object.keys(schema.properties).sort((a, b) => Number(schema.required.includes(b)) - Number(schema.required.includes(a)))
  for (const name of [...names, ...schema.required.filter((one) => !(one in schema.properties))]) {
    if (name in input) continue
    const property = schema.properties[name] ?? { description: '', properties: {}, required: [] }
    const isRequired = schema.required.includes(name)
    const value = argumentOf(name, property, request, schema, isRequired)
    if (value !== undefined) input[name] = value
    else if (isRequired && property.default !== undefined) input[name] = property.default
    else if (isRequired && forced) input[name] = plainest(property, text)
    else if (isRequired) missing.push(name)
  }
  return { input, missing }
}

/** A JSON object in the request whose members are the tool's own. */
function given(schema: Schema, text: string): Record<string, unknown> {
  for (const value of jsonValues(text)) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) continue
    const own = Object.entries(value).filter(([name, member]) => schema.properties[name] && fits(member, schema.properties[name]))
    if (own.length > 0) return Object.fromEntries(own)
  }
  return {}
}

function argumentOf(name: string, property: Schema, request: Request, parent: Schema, isRequired: boolean): unknown {
  if (property.const !== undefined) return isRequired ? property.const : undefined
  if (property.enum) return enumsOf(name, property, property.enum, request)[0]
  switch (property.type) {
    case 'integer':
    case 'number':
      return numberOf(name, property, request, isRequired)
    case 'boolean':
      return booleanOf(name, request)
    case 'array':
      return listOf(name, property, request, isRequired)
    case 'object':
      return objectOf(property, request, isRequired)
    default:
      return stringOf(name, property, request, parent, isRequired)
  }
}

function listOf(name: string, property: Schema, request: Request, isRequired: boolean): unknown[] | undefined {
  const found = jsonValues(request.text).find((value): value is unknown[] => Array.isArray(value) && fits(value, property))
  if (found) return found
  const items = property.items
  if (items?.enum) {
    const chosen = enumsOf(name, { ...items, description: `${property.description}\n${items.description}` }, items.enum, request)
    return chosen.length > 0 || isRequired ? chosen : undefined
  }
  if (items?.type !== undefined && items.type !== 'string') return isRequired ? [] : undefined
  const label = name.replace(/s$/, '')
  const listed = new RegExp(
    `\\b${asPattern(label)}s?\\b\\s*(?:are|is|=|:|of)?\\s+([\\p{L}\\p{N}_-]+(?:(?:\\s*,\\s*(?:and\\s+)?|\\s+and\\s+)[\\p{L}\\p{N}_-]+)+)`,
    'iu',
  ).exec(request.text)?.[1]
  return listed?.split(/\s*,\s*(?:and\s+)?|\s+and\s+/) ?? (isRequired ? [] : undefined)
}

function objectOf(property: Schema, request: Request, isRequired: boolean): unknown {
  const whole = jsonValues(request.text).find((value) => typeof value === 'object' && value !== null && !Array.isArray(value))
  if (Object.keys(property.properties).length === 0) return whole ?? (isRequired ? {} : undefined)
  const { input, missing } = fillArguments(property, request.text)
  return missing.length === 0 && Object.keys(input).length > 0 ? input : undefined
}

function stringOf(name: string, property: Schema, request: Request, parent: Schema, isRequired: boolean): string | undefined {
  const texts = Object.entries(parent.properties).filter(([, one]) => (one.type ?? 'string') === 'string' && !one.enum).length
  const value = readString(roleOf(name, property.description), name, request, { isRequired, isOnly: texts === 1 })
  if (value === undefined || fits(value, property)) return value
  // Names are often asked for without blanks and signs.
  const plain = value.replace(/[^A-Za-z0-9_]+/g, '')
  return plain !== '' && fits(plain, property) ? plain : undefined
}

function plainest(property: Schema, text: string): unknown {
  if (property.enum) return property.enum[0]
  switch (property.type) {
    case 'integer':
    case 'number':
      return Math.max(0, property.minimum ?? 0)
    case 'boolean':
      return false
    case 'array':
      return []
    case 'object':
      return fillArguments(property, text, true).input
    case 'null':
      return null
    default:
      return text
  }
}

function asPattern(text: string): string {
  return text.replace(/[^\p{L}\p{N}]+/gu, '\\W+')
}
