// One line of the results: what was measured, against what, and whether that is enough.

export interface Figure {
  measure: string
  ours: string
  baseline: string
  /** Ours by the baseline's. */
  ratio?: number
  /** Absent: told, not held to anything. */
  reach?: Reach
}

export interface Reach {
  text: string
  isMet: boolean
}

export const atMost = (value: number, limit: number, unit = 'x'): Reach => ({ text: `<= ${limit}${unit}`, isMet: value <= limit })
export const atLeast = (value: number, limit: number, unit = 'x'): Reach => ({ text: `>= ${limit}${unit}`, isMet: value >= limit })

export const ms = (value: number) => `${value.toFixed(value < 0.1 ? 3 : value < 10 ? 2 : 1)} ms`
export const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')}/s`
export const mb = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`

export function table(figures: readonly Figure[]): string {
  const rows = [
    ['measure', 'agentworks', 'baseline', 'ratio', 'reach', ''],
    ...figures.map(({ measure, ours, baseline, ratio, reach }) => [
      measure,
      ours,
      baseline,
      ratio === undefined ? '' : `${ratio.toFixed(2)}x`,
      reach?.text ?? 'told',
      reach === undefined ? '' : reach.isMet ? 'reached' : 'MISSED',
    ]),
  ]
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const lines = rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`)
  return [lines[0], `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...lines.slice(1)].join('\n')
}
