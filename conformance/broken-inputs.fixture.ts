// From the model and one whole valid input: inputs that break one rule each, with the member that each of them breaks it by.
import { bedrockAgentCore, type Operation, type Shape } from '@agentworks/model'
import type { Raw } from './signed-request.fixture.ts'

export interface BrokenInput {
  what: string
  /** The member that the refusal must name. */
  field: string
  input: Record<string, unknown>
}

/** Every rule of every member that `valid` has, at any depth. */
export function brokenInputs(operationName: string, valid: Record<string, unknown>): BrokenInput[] {
  const { input } = operationOf(operationName)
  return breaks(shapeOf(input), valid, '').map(({ what, field, value }) => ({ what, field, input: value as Record<string, unknown> }))
}

/** The request that a client would send with this input, labels, query and body where they belong. */
export function requestOf(operationName: string, input: Record<string, unknown>): Raw {
  const { method, uri, input: shapeName } = operationOf(operationName)
  const shape = shapeOf(shapeName)
  const members = shape.kind === 'structure' ? shape.members : {}
  const placed = (at: string | undefined) => Object.entries(input).filter(([name]) => members[name]?.at === at)
  const path = placed('label').reduce((text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(String(value))), uri)
  const query = new URLSearchParams(
    Object.fromEntries(placed('query').map(([name, value]) => [members[name]?.wire ?? name, String(value)])),
  ).toString()
  const body = Object.fromEntries(placed(undefined))
  return { method, path: `${path}${query && `?${query}`}`, ...(method !== 'GET' && method !== 'DELETE' && { body: JSON.stringify(body) }) }
}

function operationOf(name: string): Operation {
  const operation = Object.values(bedrockAgentCore.operations).find((one) => one.name === name)
  if (!operation) throw new Error(`the model has no operation ${name}`)
  return operation
}

function shapeOf(name: string): Shape {
  const shape = bedrockAgentCore.shapes[name]
  if (!shape) throw new Error(`the model has no shape ${name}`)
  return shape
}

interface Break {
  what: string
  field: string
  value: unknown
}

function breaks(shape: Shape, value: unknown, field: string): Break[] {
  const broken = (what: string, other: unknown): Break => ({ what: `${field || 'input'} ${what}`, field, value: other })
  switch (shape.kind) {
    case 'string':
      return brokenTexts(shape, String(value)).map(([what, text]) => broken(what, text))
    case 'integer':
    case 'long':
    case 'float':
      return [
        broken('as text', 'many'),
        ...(shape.min === undefined ? [] : [broken('below its least', shape.min - 1)]),
        ...(shape.max === undefined ? [] : [broken('above its most', shape.max + 1)]),
      ]
    case 'boolean':
      return [broken('as text', 'perhaps')]
    case 'timestamp':
      return [broken('as text', 'yesterday'), broken('as a list', [1])]
    case 'list':
      return brokenList(shape, value as unknown[], field, broken)
    case 'map':
      return brokenMap(shape, value as Record<string, unknown>, field, broken)
    case 'structure':
    case 'union':
      return brokenMembers(shape, value as Record<string, unknown>, field, broken)
    default:
      return []
  }
}

function brokenTexts({ min = 0, max, pattern, enum: values }: Extract<Shape, { kind: 'string' }>, valid: string): [string, unknown][] {
  const found: [string, unknown][] = [['as a number', 5]]
  if (min > 0) found.push(['empty', ''])
  if (max !== undefined) found.push(['too long', valid.padEnd(max + 1, valid.at(-1) ?? 'a')])
  if (values) found.push(['outside of its values', 'SOMETHING_ELSE'])
  if (pattern !== undefined) {
    const strange = ['\u0001', `${valid}\u{1f980}`, '%', ' ', `${valid}!`].find((text) => !new RegExp(`^(?:${pattern})$`, 'u').test(text))
    if (strange !== undefined) found.push(['against its pattern', strange])
  }
  return found
}

type Broken = (what: string, other: unknown) => Break

function brokenList({ element, min = 0, max }: Extract<Shape, { kind: 'list' }>, valid: unknown[], field: string, broken: Broken): Break[] {
  const [first] = valid
  return [
    broken('as an object', {}),
    broken('with a hole', [null]),
    ...(min > 0 ? [broken('too short', valid.slice(0, min - 1))] : []),
    ...(max === undefined
      ? []
      : [
          broken(
            'too long',
            Array.from({ length: max + 1 }, () => first),
          ),
        ]),
    ...breaks(shapeOf(element), first, `${field}[0]`).map((one) => ({ ...one, value: [one.value, ...valid.slice(1)] })),
  ].map((one) => (one.what.endsWith('with a hole') ? { ...one, field: `${field}[0]` } : one))
}

function brokenMap(shape: Extract<Shape, { kind: 'map' }>, valid: Record<string, unknown>, field: string, broken: Broken): Break[] {
  const { key, value: element, max } = shape
  const [[name, first] = ['', undefined]] = Object.entries(valid)
  const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}${n}`, first]))
  const keys = brokenTexts(shapeOf(key) as Extract<Shape, { kind: 'string' }>, name).filter(([, text]) => typeof text === 'string')
  return [
    broken('as a list', []),
    ...(max === undefined ? [] : [broken('too large', many(max + 1))]),
    ...keys.map(([what, text]) => broken(`with a key ${what}`, { [String(text)]: first })),
    ...breaks(shapeOf(element), first, `${field}.${name}`).map((one) => ({ ...one, value: { ...valid, [name]: one.value } })),
  ]
}

function brokenMembers(
  shape: Extract<Shape, { kind: 'structure' | 'union' }>,
  valid: Record<string, unknown>,
  field: string,
  broken: Broken,
): Break[] {
  const found = field === '' ? [] : [broken('as text', 'x')]
  for (const [name, value] of Object.entries(valid)) {
    const member = shape.members[name]
    if (!member) throw new Error(`the valid input has ${name}, which the model does not know`)
    const path = field === '' ? name : `${field}.${name}`
    const { [name]: _, ...rest } = valid
    const isInPath = member.at === 'label'
    if (shape.kind === 'structure' && member.required && !isInPath) found.push({ what: `${path} missing`, field: path, value: rest })
    for (const one of breaks(shapeOf(member.shape), value, path)) {
      // A label and a query are text: what is no text has no place there, and an empty label is another path.
      if (member.at !== undefined && (typeof one.value !== 'string' || one.value === '')) continue
      found.push({ ...one, value: { ...valid, [name]: one.value } })
    }
  }
  if (shape.kind === 'union') found.push(broken('without a member', {}), broken('with an unknown member', { unknown: 1 }))
  return found
}
