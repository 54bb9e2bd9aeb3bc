import { wrongUsage } from './failure.js'

const units = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `15m` ago, or a time as ISO 8601 has it, in epoch milliseconds. */
export function sinceTime(text: string, now: number): number {
  const [, count, unit] = /^([0-9]{1,6})([smhd])$/.exec(text) ?? []
  if (count !== undefined) return now - Number(count) * units[unit as keyof typeof units]
  const at = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw wrongUsage(`--since "${text}" is no time`, 'such as 30s, 15m, 2h, 7d, or 2026-01-31T12:00:00Z')
  return at
}
