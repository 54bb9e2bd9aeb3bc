// A plain table with a unique index, not WITHOUT ROWID: documents of a kilobyte and more would spill out of an index page
// (measured with 900-byte documents: loading 3x slower, reading by key no faster).
export const documents = {
  version: 1,
  sql: `
    CREATE TABLE documents (
      collection TEXT NOT NULL,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      id TEXT NOT NULL,
      document TEXT NOT NULL,
      PRIMARY KEY (collection, account, region, id)
    ) STRICT;
  `,
} as const
