// What the platform tells about itself. Facts go in fields; never a secret, token, prompt or body.

export type Facts = Readonly<Record<string, string | number | boolean | undefined>>

export interface Log {
  debug(message: string, facts?: Facts): void
  info(message: string, facts?: Facts): void
  warn(message: string, facts?: Facts): void
  error(message: string, facts?: Facts): void
}

export interface Span {
  set(facts: Facts): void
  end(): void
}

/** Span names are static. */
export interface Trace {
  start(name: string, facts?: Facts): Span
}

export interface AuditEvent {
  at: number
  requestId: string
  principalArn: string
  service: string
  action: string
  resource: string | undefined
  /** `allowed`, or the code of the error that was answered. */
  outcome: string
}

export interface Audit {
  record(event: AuditEvent): void
}

/** The trail as those who own the platform read it. */
export interface AuditTrail {
  /** The latest `limit` events that are wanted, oldest first, of all that were recorded before the call. */
  read(wanted: (event: AuditEvent) => boolean, limit: number): Promise<AuditEvent[]>
  /** Calls back for each event that is recorded from now on, until the returned function is called. */
  follow(onEvent: (event: AuditEvent) => void): () => void
}
