// What is promised of strategies at work: from what was said to what is remembered.
import type { Requirement } from './requirements.ts'

export const memoryExtraction = {
  'memory.extraction': {
    promise:
      'What a user says becomes facts, preferences, a running summary and episodes in their namespaces, without a model too; what a newer statement makes untrue is marked, not lost',
    source: 'DG memory-strategies; memory-organization',
    operations: ['CreateMemory', 'CreateEvent', 'ListMemoryRecords', 'RetrieveMemoryRecords'],
  },
  'memory.extraction.wait': {
    promise: 'A call with the header x-agentworks-wait-for-extraction is answered when what it sent can be found',
    source: 'agentworks: docs/divergences.md',
    operations: ['CreateEvent', 'ListMemoryExtractionJobs'],
  },
  'memory.extraction.survives': {
    promise: 'No job is lost by kill -9: what was said in an acknowledged event is remembered once by the next platform',
    source: 'agentworks: durability',
    operations: ['CreateEvent', 'IngestData', 'ListMemoryRecords'],
  },
  'memory.ingest': {
    promise: 'IngestData is learned from without an event; a job that cannot be done is listed with its cause and can be started again',
    source: 'API IngestData, ListMemoryExtractionJobs, StartMemoryExtractionJob',
    operations: ['IngestData', 'ListMemoryExtractionJobs', 'StartMemoryExtractionJob'],
  },
  'memory.ingest.refused': {
    promise: 'Each broken rule of IngestData, ListMemoryExtractionJobs and StartMemoryExtractionJob is a ValidationException that names the member',
    source: 'API IngestData, ListMemoryExtractionJobs, StartMemoryExtractionJob',
    operations: ['IngestData', 'ListMemoryExtractionJobs', 'StartMemoryExtractionJob'],
  },
  'memory.self-managed': {
    promise:
      'A self-managed strategy’s trigger puts the talk into the owner’s bucket and tells their topic, whose subscriber writes the records; a subscriber that is away loses nothing',
    source: 'DG memory-self-managed-strategies',
    operations: ['CreateMemory', 'CreateEvent', 'BatchCreateMemoryRecords', 'ListMemoryExtractionJobs'],
  },
  'memory.topics.refused': {
    promise: 'What a topic cannot do, and an endpoint that the platform may not call, is refused by name; nobody is subscribed without confirming',
    source: 'API sns; agentworks: outgoing calls',
    operations: [],
  },
} satisfies Record<string, Requirement>
