// What a model answered, read with distrust: anything that is not in the form that was asked for is the model's failure.
import type { MemoryRecordMetadataValue, MetadataSchemaEntry } from '@agentworks/model'
import { ServiceError } from '#kernel/errors.js'
import type { RecordMetadata } from '#ports/memory-records.js'
import { recordLimits } from './limits.js'

type Fields = Readonly<Record<string, unknown>>

/** The JSON in an answer, with or without a fence or words around it. */
function jsonIn(answer: string): unknown {
  const starts = [answer.indexOf('{'), answer.indexOf('[')].filter((at) => at >= 0)
  const start = Math.min(...starts)
  const end = Math.max(answer.lastIndexOf('}'), answer.lastIndexOf(']'))
  try {
    return JSON.parse(answer.slice(start, end + 1)) as unknown
  } catch (cause) {
    throw nonsense('it is no JSON', cause)
  }
}

export function objectsIn(answer: string): Fields[] {
  const value = jsonIn(answer)
  const all = Array.isArray(value) ? value : [value]
  return all.map((one: unknown) => {
    if (typeof one !== 'object' || one === null || Array.isArray(one)) throw nonsense('it holds something other than objects')
    return one as Fields
  })
}

export function objectIn(answer: string): Fields {
  const [one, ...more] = objectsIn(answer)
  if (!one || more.length > 0) throw nonsense('it is not one object')
  return one
}

export function textOf(fields: Fields, name: string): string {
  const value = fields[name]
  if (typeof value !== 'string' || value.trim() === '') throw nonsense(`"${name}" is no text`)
  return value
}

export function checkedRecordText(text: string): string {
  if (text.length > recordLimits.textLength) throw nonsense(`a memory has ${text.length} characters; at most ${recordLimits.textLength} are kept`)
  return text
}

/** Values that break the customer's rules are left out: a wrong one would be found by the wrong filter. */
export function metadataOf(fields: Fields, entries: readonly MetadataSchemaEntry[]): RecordMetadata {
  const given = fields.metadata
  if (typeof given !== 'object' || given === null) return {}
  return Object.fromEntries(
    entries.flatMap((entry) => {
      const value = metadataValue(entry, (given as Fields)[entry.key])
      return value ? [[entry.key, value]] : []
    }),
  )
}

function metadataValue({ type = 'STRING', extractionConfig }: MetadataSchemaEntry, value: unknown): MemoryRecordMetadataValue | undefined {
  const { stringValidation, stringListValidation, numberValidation } = extractionConfig?.llmExtractionConfig.validation ?? {}
  if (type === 'NUMBER') {
    const { minValue = Number.NEGATIVE_INFINITY, maxValue = Number.POSITIVE_INFINITY } = numberValidation ?? {}
    return typeof value === 'number' && value >= minValue && value <= maxValue ? { numberValue: value } : undefined
  }
  const isText = (one: unknown, allowed: readonly string[] | undefined, most: number): one is string =>
    typeof one === 'string' && one !== '' && one.length <= most && (allowed?.includes(one) ?? true)
  if (type === 'STRINGLIST') {
    const { allowedValues, maxItems } = stringListValidation ?? {}
    const all = Array.isArray(value) ? value.filter((one) => isText(one, allowedValues, recordLimits.listMemberLength)) : []
    return all.length > 0 ? { stringListValue: all.slice(0, maxItems) } : undefined
  }
  return isText(value, stringValidation?.allowedValues, recordLimits.stringLength) ? { stringValue: value } : undefined
}

export function nonsense(why: string, cause?: unknown): ServiceError {
  return new ServiceError('ModelErrorException', `The model's answer cannot be used: ${why}.`, { cause })
}
