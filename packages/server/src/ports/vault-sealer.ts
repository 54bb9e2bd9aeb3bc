// Envelope encryption for the token vault: every entry has a data key of its own, and one master key seals the data keys. A new
// master key then means new wrappings, not new secrets.
import type { Sealer } from './sealer.js'

/** `seal` and `open` throw PortError('sealer', 'no-master-key') besides, when the master key that the entry needs is not here. */
export interface VaultSealer extends Sealer {
  /** Which master key seals now: a fingerprint, no secret. `undefined`: none may. */
  masterKeyId(): string | undefined
  /** The same entry with its data key under the master key that seals now; the secret itself is not opened. */
  reseal(sealed: string, purpose: string): string
  /** Whether the entry is wrapped by the master key that seals now. */
  isCurrent(sealed: string): boolean
  /** From now on this one seals. Earlier ones go on to open. Returns its fingerprint. */
  use(masterKey: Uint8Array): string
}
