// Numbers of the extraction. Those without a source are ours.

/** API: MemoryContent, MemoryRecordMetadataValue. */
export const recordLimits = { textLength: 16_000, stringLength: 256, listMemberLength: 64 } as const

/** Developer guide: IngestData, 100 KB together. */
export const ingestBytes = 100_000

/** Jobs at work together, of all memories. */
export const jobsAtOnce = 8
/** A job whose holder says nothing for so long is taken from it: longer than all its model calls together. */
export const leaseMs = 30 * 60_000
/** One answer of a model. */
export const modelMs = 120_000
/** Attempts, and the waits between them. */
export const retryAfterMs = [1_000, 5_000, 30_000] as const
/** Messages that one job reads together: those that came while nobody was free. */
export const messagesPerJob = 50
/** What was said before, for understanding what is said now. */
export const historyTurns = 20
/** Turns that an episode may reach back. */
export const episodeTurns = 100
/** Known records that a candidate is held against. */
export const similarRecords = 10
/** A job that waits for a trigger alone looks at the clock again after this. */
export const longestNapMs = 60 * 60_000
/** Rough, as for English: what AWS counts by is not told. */
export const charactersPerToken = 4
/** What a self-managed strategy gathers at most before it delivers, where only the idle time triggers. */
export const gatheredEvents = 1_000
/** How long a caller may have CreateEvent wait for the extraction. */
export const longestWaitSeconds = 300
