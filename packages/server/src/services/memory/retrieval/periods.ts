// Times that a question names: a day, a month, a year, or one that is counted from now.
export interface Period {
  from: number
  /** Exclusive. */
  until: number
}

const dayMs = 86_400_000
const months = 'january february march april may june july august september october november december'.split(' ')
const month = `(${months.map((name) => `${name}|${name.slice(0, 3)}`).join('|')}|sept)\\.?`
const day = '(\\d{1,2})(?:st|nd|rd|th)?'
const year = '(\\d{4})'

const monthOf = (name = '') => months.findIndex((full) => full.startsWith(name.slice(0, 3)))

function dayPeriod(y: number, m: number, d: number): Period | undefined {
  const from = Date.UTC(y, m, d)
  // The 31st of a short month would be a day of the next.
  return new Date(from).getUTCMonth() === m && new Date(from).getUTCDate() === d ? { from, until: from + dayMs } : undefined
}
const monthPeriod = (y: number, m: number): Period => ({ from: Date.UTC(y, m), until: Date.UTC(y, m + 1) })

type Reading = readonly [form: RegExp, read: (found: RegExpExecArray, now: Date) => Period | undefined]

/** The most exact first: the first that fits is what the question means. */
const readings: readonly Reading[] = [
  [new RegExp(`\\b${year}-(\\d{2})-(\\d{2})\\b`), ([, y, m, d]) => dayPeriod(Number(y), Number(m) - 1, Number(d))],
  [new RegExp(`\\b${month} ${day},? ${year}\\b`), ([, m, d, y]) => dayPeriod(Number(y), monthOf(m), Number(d))],
  [new RegExp(`\\b${day}(?: of)? ${month},? ${year}\\b`), ([, d, m, y]) => dayPeriod(Number(y), monthOf(m), Number(d))],
  [new RegExp(`\\b${month},? ${year}\\b`), ([, m, y]) => monthPeriod(Number(y), monthOf(m))],
  [new RegExp(`\\b${month} ${day}\\b`), ([, m, d], now) => lastOne(now, (y) => dayPeriod(y, monthOf(m), Number(d)))],
  [new RegExp(`\\b${day}(?: of)? ${month}(?![a-z])`), ([, d, m], now) => lastOne(now, (y) => dayPeriod(y, monthOf(m), Number(d)))],
  [new RegExp(`\\b(?:in|during|since|last|of) (${months.join('|')})\\b`), ([, m], now) => lastOne(now, (y) => monthPeriod(y, monthOf(m)))],
  [/\b(?:in|during|of) (\d{4})\b/, ([, y]) => ({ from: Date.UTC(Number(y), 0), until: Date.UTC(Number(y) + 1, 0) })],
  [/\btoday\b/, (_, now) => before(now, 0, 1)],
  [/\byesterday\b/, (_, now) => before(now, 1, 1)],
  [/\blast week\b/, (_, now) => before(now, 13, 14)],
  [/\bthis week\b/, (_, now) => before(now, 6, 7)],
  [/\blast month\b/, (_, now) => monthPeriod(now.getUTCFullYear(), now.getUTCMonth() - 1)],
  [/\bthis month\b/, (_, now) => monthPeriod(now.getUTCFullYear(), now.getUTCMonth())],
  [/\blast year\b/, (_, now) => ({ from: Date.UTC(now.getUTCFullYear() - 1, 0), until: Date.UTC(now.getUTCFullYear(), 0) })],
]

export function periodIn(question: string, now: number): Period | undefined {
  const text = question.toLowerCase()
  for (const [form, read] of readings) {
    const found = form.exec(text)
    const period = found && read(found, new Date(now))
    if (period) return period
  }
  return undefined
}

/** Without a year, the last one that has begun is meant. */
function lastOne(now: Date, period: (year: number) => Period | undefined): Period | undefined {
  const thisYear = period(now.getUTCFullYear())
  return thisYear && thisYear.from <= now.getTime() ? thisYear : period(now.getUTCFullYear() - 1)
}

function before(now: Date, days: number, long: number): Period {
  const today = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate())
  return { from: today - days * dayMs, until: today + (long - days) * dayMs }
}

const afterwardsMs = 7 * dayMs

/** 1 for a record of the time, less for one soon after it, when it is still talked about, 0 for any other. */
export function isOf({ from, until }: Period, at: number): number {
  if (at >= from && at < until) return 1
  return at >= until && at < until + afterwardsMs ? 0.5 : 0
}
