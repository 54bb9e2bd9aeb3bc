// A lane is looked up among the jobs at work only, of which there are a handful.
export const extractionJobs = {
  version: 3,
  sql: `
    CREATE TABLE extraction_jobs (
      job INTEGER PRIMARY KEY AUTOINCREMENT,
      job_id TEXT NOT NULL UNIQUE,
      account TEXT NOT NULL,
      region TEXT NOT NULL,
      memory_id TEXT NOT NULL,
      actor_id TEXT NOT NULL,
      session_id TEXT NOT NULL,
      strategy_id TEXT NOT NULL,
      lane TEXT NOT NULL,
      state TEXT NOT NULL CHECK (state IN ('WAITING', 'RUNNING', 'FAILED')),
      due INTEGER NOT NULL,
      lease INTEGER NOT NULL,
      attempts INTEGER NOT NULL,
      reason TEXT NOT NULL,
      work TEXT NOT NULL
    ) STRICT;
    CREATE INDEX extraction_jobs_due ON extraction_jobs (state, due, job);
    CREATE INDEX extraction_jobs_at_work ON extraction_jobs (lane) WHERE state = 'RUNNING';
    CREATE INDEX extraction_jobs_of_session ON extraction_jobs (account, region, memory_id, state, actor_id, session_id, strategy_id);
  `,
} as const
