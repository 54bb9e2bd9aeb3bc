// A job behind another of its lane is QUEUED: who looks for work reads the first of each lane, however many wait behind it.
export const extractionQueues = {
  version: 5,
  sql: `
    CREATE TABLE queued_jobs (
      job INTEGER PRIMARY KEY AUTOINCREMENT,
      job_id TEXT NOT NULL UNIQUE,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      memory_id TEXT NOT NULL,
      actor_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      strategy_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('QUEUED', 'WAITING', 'RUNNING', 'FAILED')),
      due INTEGER NOT NULL,
      lease INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      reason TEXT NOT NULL,
      work TEXT NOT NULL
    ) STRICT;
    INSERT INTO queued_jobs SELECT * FROM extraction_jobs;
    DROP TABLE extraction_jobs;
    ALTER TABLE queued_jobs RENAME TO extraction_jobs;
    CREATE INDEX extraction_jobs_due ON extraction_jobs (state, due, job);
    CREATE INDEX extraction_jobs_of_lane ON extraction_jobs (lane, state, job);
    CREATE INDEX extraction_jobs_of_session ON extraction_jobs (account, region, memory_id, state, actor_id, session_id, strategy_id);
  `,
} as const
