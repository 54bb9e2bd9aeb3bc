/**
 * Thrown by an entrypoint to answer with a status of its own, as `{"error": message, ...members}`.
 * Any other error answers 500 `{"error": message}`.
 */
export class HttpError extends Error {
  override readonly name = 'HttpError'
  /** 400 to 599. */
  readonly status: number
  readonly members: Readonly<Record<string, unknown>>

  constructor(status: number, message: string, members: Record<string, unknown> = {}) {
    super(message)
    if (!Number.isInteger(status) || status < 400 || status > 599) throw new RangeError(`status must be 400 to 599, not ${status}`)
    this.status = status
    this.members = members
  }
}
