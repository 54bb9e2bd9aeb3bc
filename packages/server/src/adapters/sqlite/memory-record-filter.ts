// Conditions on a record's row `r`. Names and values are bound, never part of the text.
import type { RecordScope, RecordTest } from '#ports/memory-records.js'

interface Filter {
  /** Empty, or begins with AND. */
  condition: string
  values: (string | number)[]
}

export function recordFilter({ strategyId, tests = [] }: RecordScope): Filter {
  const all = [...(strategyId === undefined ? [] : [{ condition: 'r.strategy_id = ?', values: [strategyId] }]), ...tests.map(asFilter)]
  return { condition: all.map(({ condition }) => ` AND ${condition}`).join(''), values: all.flatMap(({ values }) => values) }
}

const comparisons = {
  GREATER_THAN: '>',
  GREATER_THAN_OR_EQUALS: '>=',
  LESS_THAN: '<',
  LESS_THAN_OR_EQUALS: '<=',
  BEFORE: '<',
  AFTER: '>',
} as const

function asFilter({ key, operator, value }: RecordTest): Filter {
  if (operator === 'EXISTS') return some(key, '1')
  if (operator === 'NOT_EXISTS') {
    const { condition, values } = some(key, '1')
    return { condition: `NOT ${condition}`, values }
  }
  if (operator === 'CONTAINS') {
    const wanted = value?.stringValue ?? ''
    return some(
      key,
      `(EXISTS (SELECT 1 FROM json_each(m.value, '$.stringListValue') v WHERE v.value = ?) OR instr(m.value ->> '$.stringValue', ?) > 0)`,
      wanted,
      wanted,
    )
  }
  const sign = operator === 'EQUALS_TO' ? '=' : comparisons[operator]
  if (value?.numberValue !== undefined) return some(key, `m.value ->> '$.numberValue' ${sign} ?`, value.numberValue)
  if (value?.dateTimeValue !== undefined) return some(key, `m.value ->> '$.dateTimeValue' ${sign} ?`, value.dateTimeValue)
  if (value?.stringListValue !== undefined) return some(key, `m.value -> '$.stringListValue' ${sign} json(?)`, JSON.stringify(value.stringListValue))
  return some(key, `m.value ->> '$.stringValue' ${sign} ?`, value?.stringValue ?? '')
}

function some(key: string, test: string, ...values: (string | number)[]): Filter {
  return { condition: `EXISTS (SELECT 1 FROM json_each(r.metadata) m WHERE m.key = ? AND ${test})`, values: [key, ...values] }
}
