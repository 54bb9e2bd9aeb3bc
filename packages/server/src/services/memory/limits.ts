// Numbers that AWS documents for memory (developer guide: bedrock-agentcore-limits; API reference).

export const memoriesPerAccount = 150
export const strategiesPerAccount = 900
export const strategiesPerMemory = 6
/** API CreateMemory, as the specification of this project fixes it; the newest published model allows more. */
export const eventExpiryDays = { least: 3, most: 365 } as const
export const indexedKeysPerMemory = 10
/** Of strictly consistent keys in a strategy's metadata schema. */
export const strictKeysPerStrategy = 3

/** Of one event, as the JSON of its payload. */
export const eventBytes = 10_000_000
/** Of one json item of a payload, and of the text of a message. */
export const itemBytes = 100_000

/** Rows that one transaction of the background drops: the writes of others wait behind it. */
export const rowsPerDrop = 500
export const sweepMs = 60 * 60_000
/** As long as services/idempotency keeps its tokens. */
export const tokenKeptMs = 24 * 60 * 60_000
/** A customer's pattern is matched with this much time: some patterns would take for ever. */
export const patternMs = 50

/** API: maxResults of the data operations, where none is given. */
export const usualPage = 20
/** API SearchCriteria: topK, where none is given. */
export const usualTopK = 10
/** A page of events ends when it has so much payload, so that a hundred large events do not fill the memory of a client. AWS names no figure. */
export const pageBytes = 10_000_000

/** Calls a second of an account (developer guide: bedrock-agentcore-limits). Those of a session are in `callsOfSession`. */
export const callsPerSecond = {
  CreateMemory: 3,
  UpdateMemory: 3,
  DeleteMemory: 3,
  GetMemory: 50,
  ListMemories: 5,
  CreateEvent: 200,
  GetEvent: 20,
  ListEvents: 200,
  DeleteEvent: 20,
  ListActors: 20,
  ListSessions: 20,
  RetrieveMemoryRecords: 30,
  ListMemoryRecords: 30,
  GetMemoryRecord: 20,
  DeleteMemoryRecord: 20,
  BatchCreateMemoryRecords: 20,
  BatchUpdateMemoryRecords: 20,
  BatchDeleteMemoryRecords: 20,
  IngestData: 10,
  ListMemoryExtractionJobs: 20,
  StartMemoryExtractionJob: 20,
} as const

/** Of one actor's session, a second. A talk has fewer than other data. */
export const callsOfSession = { CreateEvent: { conversational: 5, other: 10 }, ListEvents: 20 } as const
/** Sessions whose calls are counted: more than call within the second that matters. */
export const countedSessions = 10_000
