/** The platform answered the request for a WebSocket with an error of its own. */
export class UpgradeRefused extends Error {
  override readonly name = 'UpgradeRefused'
  /** HTTP status, as 403 or 424. */
  readonly status: number
  /** AWS's name of the error, as `AccessDeniedException`. */
  readonly type: string
  readonly requestId: string | undefined

  constructor({ status, type, message, requestId }: { status: number; type: string; message: string; requestId?: string }) {
    super(`${type} (${status}): ${message}`)
    this.status = status
    this.type = type
    this.requestId = requestId
  }
}
