// Where the vault's master key lies.

export interface MasterKeySource {
  /** In words, for the operator. */
  readonly place: string
  /** The first one seals; the others open what is not wrapped anew yet. Empty: the key is gone. */
  keys(): readonly Uint8Array[]
  /** Keeps these instead, on disk before it returns. Absent: only the operator can change the key. */
  replace?(keys: readonly Uint8Array[]): void
}
