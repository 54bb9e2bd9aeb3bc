// Envelope encryption for the token vault: every entry has a data key of its own, and one master key seals the data keys, or a key that
// a customer named in its place. Another key then means new wrappings, not new secrets.
import type { Sealer } from './sealer.js'

/**
 * `seal` and `open` throw PortError('sealer', 'no-master-key') besides, when the master key that the entry needs is not here.
 * With `kmsKeyArn` they are under that customer's key alone, and throw PortError('kms-keys', 'unknown' | 'unreadable' | 'other-key').
 */
export interface VaultSealer extends Sealer {
  seal(plaintext: string, purpose: string, kmsKeyArn?: string): string
  open(sealed: string, purpose: string, kmsKeyArn?: string): string
  /** Which master key seals now: a fingerprint, no secret. `undefined`: none may. */
  masterKeyId(): string | undefined
  /**
   * The same entry with its data key under the key `to`; the secret itself is not opened. Absent, `from` is whichever master key
   * wrapped it, and `to` the one that seals now.
   */
  reseal(sealed: string, purpose: string, keys?: { from?: string | undefined; to?: string | undefined }): string
  /** Whether the entry is wrapped by the master key that seals now. */
  isCurrent(sealed: string): boolean
  /** From now on this one seals. Earlier ones go on to open. Returns its fingerprint. */
  use(masterKey: Uint8Array): string
}
