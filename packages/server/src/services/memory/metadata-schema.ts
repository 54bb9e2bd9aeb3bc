// The metadata that a strategy gives its records: keys, kinds, and how each value is found.
import type { MemoryRecordSchema, MemoryStrategyType, MetadataSchemaEntry } from '@agentworks/model'
import { invalid } from '#kernel/errors.js'
import { strictKeysPerStrategy } from './limits.js'

/** AWS's own keys of a record's metadata begin so. */
export const systemKeyPrefix = 'x-amz-agentcore-memory-'

export function checkSchema(schema: MemoryRecordSchema | undefined, kind: MemoryStrategyType, field: string): void {
  const entries = schema?.metadataSchema ?? []
  for (const [at, entry] of entries.entries()) checkEntry(entry, kind, `${field}.metadataSchema[${at}]`)
  const keys = entries.map(({ key }) => key)
  const twice = keys.find((key, at) => keys.indexOf(key) !== at)
  if (twice !== undefined) throw invalid(`${field}.metadataSchema`, `has the key "${twice}" twice`)
  const strict = entries.filter(({ extractionType }) => extractionType === 'STRICTLY_CONSISTENT').length
  if (strict > strictKeysPerStrategy)
    throw invalid(`${field}.metadataSchema`, `has ${strict} STRICTLY_CONSISTENT keys; at most ${strictKeysPerStrategy} are allowed`)
}

function checkEntry({ key, type = 'STRING', extractionType, extractionConfig }: MetadataSchemaEntry, kind: MemoryStrategyType, field: string): void {
  refuseSystemKey(key, `${field}.key`)
  const isStrict = extractionType === 'STRICTLY_CONSISTENT'
  if (isStrict && kind === 'SUMMARIZATION') throw invalid(`${field}.extractionType`, 'STRICTLY_CONSISTENT is not for summaries; use LLM_INFERRED')
  if (isStrict && type !== 'STRING') throw invalid(`${field}.type`, 'must be STRING where extractionType is STRICTLY_CONSISTENT')
  if (isStrict && extractionConfig)
    throw invalid(`${field}.extractionConfig`, 'is for LLM_INFERRED keys; the value of a STRICTLY_CONSISTENT one comes with the event')
  const validation = extractionConfig?.llmExtractionConfig.validation
  if (!validation) return
  const wanted = { STRING: 'stringValidation', STRINGLIST: 'stringListValidation', NUMBER: 'numberValidation' }[type]
  const at = `${field}.extractionConfig.llmExtractionConfig.validation`
  if (!(wanted in validation)) throw invalid(at, `must be ${wanted}, as the key's type is ${type}`)
  const { minValue = Number.NEGATIVE_INFINITY, maxValue = Number.POSITIVE_INFINITY } = validation.numberValidation ?? {}
  if (minValue > maxValue) throw invalid(`${at}.numberValidation`, 'has a minValue above its maxValue, so that no number passes')
}

export function refuseSystemKey(key: string, field: string): void {
  if (key.startsWith(systemKeyPrefix))
    throw invalid(field, `begins with ${systemKeyPrefix}, which is kept for the service's own keys; choose another`)
}
