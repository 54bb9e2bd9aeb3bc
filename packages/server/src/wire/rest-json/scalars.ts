// Readers of single values: type first, then the bounds that the model gives.
import type { Shape } from '@agentworks/model'
import { type Faults, fault } from './faults.js'
import { parseDateTime, parseEpochSeconds, parseHttpDate } from './timestamps.js'

/** Turns a parsed JSON value into what operations work with, or records why not. Never called with null or undefined. */
export type Reader = (value: unknown, faults: Faults) => unknown

type ShapeOf<Kind> = Extract<Shape, { kind: Kind }>

/** A pattern runs on no more text than this where the model sets no maximum: some patterns are slow on long input. */
const longestForPattern = 2048

export function stringReader(name: string, { min = 0, max = Number.POSITIVE_INFINITY, pattern, enum: values }: ShapeOf<'string'>): Reader {
  const allowed = values && new Set(values)
  const matches = pattern === undefined ? undefined : new RegExp(`^(?:${pattern})$`, 'u')
  return (value, faults) => {
    if (typeof value !== 'string') return fault(faults, 'must be a string')
    if (allowed && !allowed.has(value)) return fault(faults, `must be one of: ${[...allowed].join(', ')}${calledNow(name, value)}`)
    if ((value.length > max || value.length < min * 2) && !withinCodePoints(value, min, max))
      return fault(faults, `${lengthRule(min, max, codePoints(value), 'characters')}${longerId(name, value, min)}`)
    if (matches && !(value.length <= Math.max(longestForPattern, max === Number.POSITIVE_INFINITY ? 0 : max) && matches.test(value))) {
      return fault(faults, `must match the pattern ${pattern}${suggestion(name, value, matches)}`)
    }
    return value
  }
}

/** A name is no secret, and a corrected one says more than the pattern. */
function suggestion(name: string, value: string, matches: RegExp): string {
  if (!name.endsWith('Name') || value.length > 100) return ''
  const corrected = value.replaceAll(/[^A-Za-z0-9_]/g, '_')
  return matches.test(corrected) ? `; ${corrected} would do` : ''
}

/** Values that documents show and the API never had. */
const otherWords: Readonly<Record<string, Readonly<Record<string, string>>>> = { NetworkMode: { PRIVATE: 'VPC' } }

function calledNow(name: string, value: string): string {
  const now = Object.hasOwn(otherWords, name) ? otherWords[name]?.[value] : undefined
  return now ? `; ${value} is called ${now} in AWS's API` : ''
}

/** Documents show session ids such as session-123; AWS asks for 33 characters and says no more than that. */
function longerId(name: string, value: string, min: number): string {
  if (name !== 'SessionType' || value.length >= min || !/^[A-Za-z0-9_-]+$/.test(value)) return ''
  return `; ${`${value}-`.padEnd(min, '0')} would do`
}

function withinCodePoints(value: string, min: number, max: number): boolean {
  // Twice the maximum in UTF-16 is too long whatever it holds: no need to count.
  if (value.length < min || value.length > max * 2) return false
  const length = codePoints(value)
  return length >= min && length <= max
}

function codePoints(value: string): number {
  let length = 0
  for (const _ of value) length += 1
  return length
}

export function lengthRule(min: number, max: number, found: number, unit: string): string {
  const bound = max === Number.POSITIVE_INFINITY ? `at least ${min}` : min === 0 ? `at most ${max}` : `between ${min} and ${max}`
  return `must have ${bound} ${unit}, has ${found}`
}

const whole: Record<'integer' | 'long', { lowest: number; highest: number }> = {
  integer: { lowest: -(2 ** 31), highest: 2 ** 31 - 1 },
  long: { lowest: Number.MIN_SAFE_INTEGER, highest: Number.MAX_SAFE_INTEGER },
}

export function wholeNumberReader({ kind, min, max }: ShapeOf<'integer' | 'long'>): Reader {
  const lowest = min ?? whole[kind].lowest
  const highest = max ?? whole[kind].highest
  return (value, faults) => {
    if (typeof value !== 'number' || !Number.isInteger(value)) return fault(faults, 'must be a whole number')
    return value < lowest || value > highest ? fault(faults, `must be between ${lowest} and ${highest}`) : value
  }
}

export function floatReader({ min, max }: ShapeOf<'float'>): Reader {
  return (value, faults) => {
    if (typeof value !== 'number' || !Number.isFinite(value)) return fault(faults, 'must be a finite number')
    if (min !== undefined && value < min) return fault(faults, `must be at least ${min}`)
    if (max !== undefined && value > max) return fault(faults, `must be at most ${max}`)
    return value
  }
}

export const booleanReader: Reader = (value, faults) => (typeof value === 'boolean' ? value : fault(faults, 'must be true or false'))

/** base64 in JSON. Node decodes anything, so the alphabet and the padding are checked first. */
export function blobReader({ min = 0, max = Number.POSITIVE_INFINITY }: ShapeOf<'blob'>): Reader {
  return (value, faults) => {
    if (typeof value !== 'string' || value.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(value)) return fault(faults, 'must be a base64 string')
    const bytes = Buffer.from(value, 'base64')
    return bytes.length < min || bytes.length > max ? fault(faults, lengthRule(min, max, bytes.length, 'bytes')) : bytes
  }
}

const timestampParsers = {
  default: parseEpochSeconds,
  'epoch-seconds': parseEpochSeconds,
  'date-time': parseDateTime,
  'http-date': parseHttpDate,
} as const

export function timestampReader({ format }: ShapeOf<'timestamp'>): Reader {
  const { parse, rule } = timestampParsers[format]
  return (value, faults) => parse(value) ?? fault(faults, rule)
}
