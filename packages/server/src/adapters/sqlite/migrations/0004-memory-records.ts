// A place is a whole memory, a namespace, or a path above namespaces: each has a number, by which the index of words knows whose a
// record is, and the count of its records. The index keeps no text of its own; it is told again what it had when a record goes.
export const memoryRecords = {
  version: 4,
  sql: `
    CREATE TABLE memory_record_keys (
      memory INTEGER PRIMARY KEY,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      memory_id TEXT NOT NULL,
      UNIQUE (account, region, memory_id)
    ) STRICT;

    CREATE TABLE memory_record_places (
      place INTEGER PRIMARY KEY,
      memory INTEGER NOT NULL,
      kind TEXT NOT NULL,
      name TEXT NOT NULL,
      records INTEGER NOT NULL,
      UNIQUE (memory, kind, name)
    ) STRICT;

    CREATE TABLE memory_records (
      record INTEGER PRIMARY KEY AUTOINCREMENT,
      memory INTEGER NOT NULL,
      record_id TEXT NOT NULL,
      namespace INTEGER NOT NULL,
      strategy_id TEXT NOT NULL,
      at INTEGER NOT NULL,
      updated_at INTEGER NOT NULL,
      metadata TEXT NOT NULL,
      terms TEXT NOT NULL,
      source TEXT,
      text TEXT NOT NULL,
      UNIQUE (memory, record_id)
    ) STRICT;
    CREATE INDEX memory_records_of_namespace ON memory_records (namespace, at);
    CREATE INDEX memory_records_of_memory ON memory_records (memory, at);

    CREATE VIRTUAL TABLE memory_record_terms USING fts5 (
      places, terms, content = '', contentless_delete = 1, tokenize = "ascii tokenchars '_'"
    );
  `,
} as const
