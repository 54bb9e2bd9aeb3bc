// What is promised of a memory's long-term part: records, and finding them.
import type { Requirement } from './requirements.ts'

export const memoryRecords = {
  'memory.records': {
    promise:
      'A record comes back letter for letter, in any language, is listed by namespace, path, strategy and metadata, changed, and gone when deleted',
    source: 'DG long-term memory records; API BatchCreateMemoryRecords, BatchUpdateMemoryRecords, ListMemoryRecords',
    operations: [
      'BatchCreateMemoryRecords',
      'BatchUpdateMemoryRecords',
      'BatchDeleteMemoryRecords',
      'GetMemoryRecord',
      'ListMemoryRecords',
      'DeleteMemoryRecord',
    ],
  },
  'memory.records.partly': {
    promise: 'Of a batch, what can be done is done, and each of the rest is told with its name and its cause',
    source: 'API MemoryRecordOutput',
    operations: ['BatchCreateMemoryRecords', 'BatchUpdateMemoryRecords', 'BatchDeleteMemoryRecords'],
  },
  'memory.retrieve': {
    promise:
      'A question finds what was acknowledged a moment ago, by its words in other forms, by who and when it names, and by what was said beside it, without a model',
    source: 'DG retrieve memory records; API RetrieveMemoryRecords; mission: memory',
    operations: ['RetrieveMemoryRecords'],
  },
  'memory.records.refused': {
    promise: 'Whatever breaks a rule of a record or a search is refused with the field’s name, and nothing of it is kept',
    source: 'API constraints of each member; DG memory metadata',
    operations: [
      'BatchCreateMemoryRecords',
      'BatchUpdateMemoryRecords',
      'BatchDeleteMemoryRecords',
      'GetMemoryRecord',
      'ListMemoryRecords',
      'DeleteMemoryRecord',
      'RetrieveMemoryRecords',
    ],
  },
  'memory.records.own': {
    promise: 'A caller whose policy names a namespace lists, finds and reads the records of that namespace alone',
    source: 'DG memory; service authorization reference: bedrock-agentcore:namespace, bedrock-agentcore:namespacePath',
    operations: ['ListMemoryRecords', 'RetrieveMemoryRecords', 'GetMemoryRecord'],
  },
} as const satisfies Record<string, Requirement>
