/** An agent that cannot be packed: what is wrong, why when it is known, and what mends it. */
export class PackingFailed extends Error {
  override readonly name = 'PackingFailed'
  readonly why: string | undefined
  readonly fix: string | undefined
  /** The call is wrong, rather than the folder. */
  readonly isUsage: boolean

  constructor(what: string, { why, fix, isUsage = false, cause }: { why?: string; fix?: string; isUsage?: boolean; cause?: unknown } = {}) {
    super(what, { cause })
    this.why = why
    this.fix = fix
    this.isUsage = isUsage
  }
}

export function wrongUsage(what: string, fix?: string): PackingFailed {
  return new PackingFailed(what, { fix, isUsage: true })
}
