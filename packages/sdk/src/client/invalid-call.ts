/** A call that could not succeed, refused before anything is sent. The message says field, cause and fix. */
export class InvalidCall extends Error {
  override readonly name = 'InvalidCall'
  /** The argument that is wrong. */
  readonly field: string

  constructor(field: string, what: string, fix: string) {
    super(`${field}: ${what}. ${fix}.`)
    this.field = field
  }
}
