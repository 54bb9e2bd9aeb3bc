// A record as it is kept: what is searched is made of its text here, so that everybody who writes one writes it alike.
import type { NewRecord } from '#ports/memory-records.js'
import { systemKeys } from './record-metadata.js'
import { termsOf } from './retrieval/words.js'

export interface RecordFacts extends Omit<NewRecord, 'terms'> {
  /** AWS's word for what it is, where a strategy makes more than one kind. */
  recordType?: string
}

/** In AWS's form: 40 characters. */
export const newRecordId = (uuid: string) => `mem-${uuid}`

export function asRecord({ recordType, ...facts }: RecordFacts): NewRecord {
  return {
    ...facts,
    terms: termsOf(facts.text),
    metadata: {
      ...facts.metadata,
      ...(recordType !== undefined && { [systemKeys.recordType]: { stringValue: recordType } }),
      [systemKeys.createdAt]: { dateTimeValue: facts.at },
      [systemKeys.updatedAt]: { dateTimeValue: facts.updatedAt },
    },
  }
}
