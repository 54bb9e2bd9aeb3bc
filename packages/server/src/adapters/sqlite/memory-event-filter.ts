// Which events of a session a page is of, as a condition. Names and values are bound, never part of the text.
import type { BranchPart, EventPage, MetadataTest } from '#ports/memory-events.js'

interface Filter {
  /** Empty, or begins with AND. */
  condition: string
  values: (string | number)[]
}

export function eventFilter({ branches, metadata = [] }: Pick<EventPage, 'branches' | 'metadata'>): Filter {
  const all = [...(branches ? [anyOf(branches.map(branchTest))] : []), ...metadata.map(metadataTest)]
  return { condition: all.map(({ condition }) => ` AND ${condition}`).join(''), values: all.flatMap(({ values }) => values) }
}

function anyOf(tests: Filter[]): Filter {
  return { condition: `(${tests.map(({ condition }) => condition).join(' OR ') || '0'})`, values: tests.flatMap(({ values }) => values) }
}

function branchTest({ name = '', upTo }: BranchPart): Filter {
  if (!upTo) return { condition: 'branch = ?', values: [name] }
  return { condition: '(branch = ? AND (at, arrival) <= (?, ?))', values: [name, upTo.at, upTo.arrival] }
}

function metadataTest(test: MetadataTest): Filter {
  const some = (more: string) => `EXISTS (SELECT 1 FROM json_each(metadata) AS m WHERE m.key = ?${more})`
  if (test.operator === 'EQUALS_TO') return { condition: some(' AND m.value = ?'), values: [test.key, test.value] }
  return { condition: `${test.operator === 'EXISTS' ? '' : 'NOT '}${some('')}`, values: [test.key] }
}
