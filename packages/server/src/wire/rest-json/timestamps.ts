// AWS's three ways to write a moment. Inside, a moment is epoch milliseconds.
import type { Shape } from '@agentworks/model'

type Format = Extract<Shape, { kind: 'timestamp' }>['format']

interface MomentParser {
  parse(value: unknown): number | undefined
  rule: string
}

/** The span that a Date can hold. */
const farthestMs = 8.64e15

export const parseEpochSeconds: MomentParser = {
  parse: (value) => (typeof value === 'number' && Math.abs(value) * 1000 <= farthestMs ? Math.round(value * 1000) : undefined),
  rule: 'must be a number of seconds since 1970-01-01T00:00:00Z',
}

const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/i

export const parseDateTime: MomentParser = {
  parse: (value) => (typeof value === 'string' && dateTime.test(value) ? moment(value.toUpperCase()) : undefined),
  rule: 'must be a date and time such as 2026-01-31T09:30:00Z',
}

const httpDate = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d{2}:\d{2}:\d{2}(\.\d{1,3})? GMT$/

export const parseHttpDate: MomentParser = {
  parse: (value) => (typeof value === 'string' && httpDate.test(value) ? moment(value) : undefined),
  rule: 'must be a date such as Sat, 31 Jan 2026 09:30:00 GMT',
}

function moment(text: string): number | undefined {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}

export const formatTimestamp: Record<Exclude<Format, 'default'>, (ms: number) => number | string> = {
  'epoch-seconds': (ms) => ms / 1000,
  'date-time': (ms) => new Date(ms).toISOString(),
  'http-date': (ms) => new Date(ms).toUTCString(),
}
