/** The agent answered with an error, or its stream ended with one. */
export class InvocationFailed extends Error {
  override readonly name = 'InvocationFailed'
  readonly status: number
  /** The parsed body; its text when it is not JSON. */
  readonly body: unknown

  constructor(status: number, body: unknown) {
    const said = typeof body === 'object' && body !== null && 'error' in body ? body.error : body
    super(`the agent answered ${status}: ${typeof said === 'string' ? said : JSON.stringify(said)}`)
    this.status = status
    this.body = body
  }
}
