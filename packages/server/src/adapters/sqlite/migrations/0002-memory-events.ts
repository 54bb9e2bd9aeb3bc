// The arrival is the row's own number, so a row is found by it at once, and each index holds nothing but small integers.
// Payloads stand last: SQLite reads no page of theirs for a query that does not ask for them.
export const memoryEvents = {
  version: 2,
  sql: `
    CREATE TABLE memory_keys (
      memory INTEGER PRIMARY KEY,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      memory_id TEXT NOT NULL,
      UNIQUE (account, region, memory_id)
    ) STRICT;

    CREATE TABLE memory_sessions (
      session INTEGER PRIMARY KEY,
      memory INTEGER NOT NULL,
      actor_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      created_at INTEGER NOT NULL,
      UNIQUE (memory, actor_id, session_id)
    ) STRICT;

    CREATE TABLE memory_events (
      arrival INTEGER PRIMARY KEY,
      memory INTEGER NOT NULL,
      session INTEGER NOT NULL,
      at INTEGER NOT NULL,
      branch TEXT NOT NULL,
      metadata TEXT NOT NULL,
      payload TEXT NOT NULL
    ) STRICT;
    CREATE INDEX memory_events_of_session ON memory_events (session, at);
    CREATE INDEX memory_events_of_memory ON memory_events (memory);

    CREATE TABLE memory_branches (
      session INTEGER NOT NULL,
      name TEXT NOT NULL,
      root_at INTEGER NOT NULL,
      root_arrival INTEGER NOT NULL,
      root_branch TEXT NOT NULL,
      PRIMARY KEY (session, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE memory_event_tokens (
      arrival INTEGER PRIMARY KEY,
      memory INTEGER NOT NULL,
      token TEXT NOT NULL,
      fingerprint TEXT NOT NULL,
      session_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      UNIQUE (memory, token)
    ) STRICT;
  `,
} as const
