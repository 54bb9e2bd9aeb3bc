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
