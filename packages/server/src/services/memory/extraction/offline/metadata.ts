// Metadata without a model: a value that is allowed and stands in the text, or a number where one stands beside the key's name.
import type { MemoryRecordMetadataValue, MetadataSchemaEntry } from '@agentworks/model'
import type { RecordMetadata } from '#ports/memory-records.js'
import { plainWords } from './sentences.js'

export function metadataIn(text: string, entries: readonly MetadataSchemaEntry[]): RecordMetadata {
  const padded = ` ${plainWords(text).join(' ')} `
  const stands = (value: string) => padded.includes(` ${plainWords(value).join(' ')} `)
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const value = valueIn(entry, text, stands)
      return value ? [[entry.key, value]] : []
    }),
  )
}

function valueIn(
  { key, type = 'STRING', extractionConfig }: MetadataSchemaEntry,
  text: string,
  stands: (value: string) => boolean,
): MemoryRecordMetadataValue | undefined {
  const validation = extractionConfig?.llmExtractionConfig.validation
  if (type === 'NUMBER') {
    const name = key.replace(/[^\p{L}\p{N}]+/gu, '.?')
    const found = new RegExp(`${name}\\D{0,12}(-?\\d+(?:\\.\\d+)?)`, 'iu').exec(text)?.[1]
    return found === undefined ? undefined : { numberValue: Number(found) }
  }
  if (type === 'STRINGLIST') {
    const all = validation?.stringListValidation?.allowedValues?.filter(stands) ?? []
    return all.length > 0 ? { stringListValue: all.slice(0, validation?.stringListValidation?.maxItems) } : undefined
  }
  const found = validation?.stringValidation?.allowedValues.find(stands)
  return found === undefined ? undefined : { stringValue: found }
}
