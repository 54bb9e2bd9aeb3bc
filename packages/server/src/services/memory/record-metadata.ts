// Metadata of records: which keys may be asked for, of which kind each is, and what is kept of what a caller sends.
import type { MemoryMetadataFilterExpression, MemoryRecordMetadataValue } from '@agentworks/model'
import { invalid } from '#kernel/errors.js'
import type { RecordMetadata, RecordTest } from '#ports/memory-records.js'
import type { MemoryDocument, StrategyDocument } from './documents.js'
import { isOutdatedKey } from './extraction/outdated.js'
import { systemKeyPrefix } from './metadata-schema.js'

type Kind = keyof typeof operatorsOf

/** AWS's own keys, which every record has, or may have. */
export const systemKeys = {
  recordType: `${systemKeyPrefix}recordType`,
  createdAt: `${systemKeyPrefix}createdAt`,
  updatedAt: `${systemKeyPrefix}updatedAt`,
} as const

const kindOfSystemKey: Readonly<Record<string, Kind>> = {
  [systemKeys.recordType]: 'STRING',
  [systemKeys.createdAt]: 'DATETIME',
  [systemKeys.updatedAt]: 'DATETIME',
}

const memberOf = { STRING: 'stringValue', STRINGLIST: 'stringListValue', NUMBER: 'numberValue', DATETIME: 'dateTimeValue' } as const
const comparisons = ['GREATER_THAN', 'GREATER_THAN_OR_EQUALS', 'LESS_THAN', 'LESS_THAN_OR_EQUALS'] as const
const operatorsOf = {
  STRING: ['EQUALS_TO', 'CONTAINS'],
  STRINGLIST: ['EQUALS_TO', 'CONTAINS'],
  NUMBER: ['EQUALS_TO', ...comparisons],
  DATETIME: ['EQUALS_TO', 'BEFORE', 'AFTER', ...comparisons],
} as const

/** Filters of a call as conditions. A key that nobody indexes is refused, as AWS does: it could only ever find nothing. */
export function recordTests(memory: MemoryDocument, filters: readonly MemoryMetadataFilterExpression[] = [], field: string): RecordTest[] {
  return filters.map(({ left, operator, right }, at) => {
    const key = left.metadataKey
    const kind = kindOfSystemKey[key] ?? memory.indexedKeys.find((indexed) => indexed.key === key)?.type
    const name = `${field}[${at}]`
    if (!kind) {
      const known = memory.indexedKeys.map((indexed) => indexed.key).join(', ') || 'none'
      throw invalid(
        `${name}.left.metadataKey`,
        `"${key}" is not an indexed key of this memory (it has: ${known}); add it with UpdateMemory addIndexedKeys`,
      )
    }
    if (operator === 'EXISTS' || operator === 'NOT_EXISTS') {
      if (right) throw invalid(`${name}.right`, `means nothing with ${operator}; leave it out`)
      return { key, operator }
    }
    const allowed: readonly string[] = operatorsOf[kind]
    if (!allowed.includes(operator))
      throw invalid(`${name}.operator`, `${operator} is not for "${key}", which is of type ${kind}; use ${allowed.join(', ')}, EXISTS or NOT_EXISTS`)
    if (!right) throw invalid(`${name}.right`, `is required with ${operator}: the value to compare with`)
    const value = right.metadataValue
    const member = operator === 'CONTAINS' ? 'stringValue' : memberOf[kind]
    if (value[member] === undefined)
      throw invalid(`${name}.right.metadataValue`, `must be a ${member} for ${operator} on "${key}", which is of type ${kind}`)
    return { key, operator, value }
  })
}

/** What is kept of the metadata that a caller sends with a record; throws on `metadata` for a value of another kind than its key's. */
export function keptMetadata(memory: MemoryDocument, strategy: StrategyDocument | undefined, given: RecordMetadata = {}): RecordMetadata {
  const kept: Record<string, MemoryRecordMetadataValue> = {}
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith(systemKeyPrefix)) throw invalid(`metadata.${key}`, `begins with ${systemKeyPrefix}, which is kept for the service's own keys`)
    const schema = schemaOf(strategy).find((entry) => entry.key === key)
    const indexed = memory.indexedKeys.find((entry) => entry.key === key)
    // AWS: with a strategy, what its schema does not know is dropped without a word.
    if (strategy && !schema && !indexed && !isOutdatedKey(key)) continue
    const kind = indexed?.type ?? schema?.type
    if (kind && value[memberOf[kind]] === undefined) throw invalid(`metadata.${key}`, `must be a ${memberOf[kind]}: the key is of type ${kind}`)
    kept[key] = value
  }
  return kept
}

function schemaOf(strategy: StrategyDocument | undefined) {
  const reflection = strategy?.configuration?.reflection
  const reflected = reflection?.episodicReflectionConfiguration ?? reflection?.customReflectionConfiguration?.episodicReflectionOverride
  return [...(strategy?.memoryRecordSchema?.metadataSchema ?? []), ...(reflected?.memoryRecordSchema?.metadataSchema ?? [])]
}
