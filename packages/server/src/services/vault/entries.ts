// The entries of the token vault: every secret that the platform keeps for somebody. All of them lie in one collection, so that
// a new master key reaches each one.
import { PortError, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection, type Reader, type Transaction } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'

export interface VaultEntry {
  sealed: string
}

export const vaultEntries = collection<VaultEntry>('vault-entries')

/** The seal is bound to its place: an entry that was moved to another id, account or Region does not open. */
export const purposeOf = ({ account, region }: Scope, id: string) => `vault ${account}/${region}/${id}`

/** Throws an EncryptionFailure when the vault has no master key. */
export async function putEntry(tx: Transaction, sealer: VaultSealer, scope: Scope, id: string, secret: string): Promise<void> {
  await tx.put(vaultEntries, scope, id, { sealed: sealed(sealer, secret, purposeOf(scope, id)) })
}

/** `undefined` when there is none. Throws a DecryptionFailure, which says which master key is missing. */
export async function readEntry(reader: Reader, sealer: VaultSealer, scope: Scope, id: string): Promise<string | undefined> {
  try {
    const entry = await reader.get(vaultEntries, scope, id)
    return entry && sealer.open(entry.sealed, purposeOf(scope, id))
  } catch (fault) {
    throw translated('DecryptionFailure', fault)
  }
}

export async function dropEntry(tx: Transaction, scope: Scope, id: string): Promise<boolean> {
  return tx.delete(vaultEntries, scope, id)
}

function sealed(sealer: VaultSealer, secret: string, purpose: string): string {
  try {
    return sealer.seal(secret, purpose)
  } catch (fault) {
    throw translated('EncryptionFailure', fault)
  }
}

/** Of the vault's own faults alone: a store that is closed is no damaged entry. */
function translated(code: 'EncryptionFailure' | 'DecryptionFailure', fault: unknown): unknown {
  if (!(fault instanceof PortError) || (fault.port !== 'sealer' && fault.code !== 'damaged')) return fault
  const why =
    fault.code === 'no-master-key'
      ? `${fault.message}. Restore the master key (the file master-key in the data folder, or AGENTWORKS_MASTER_KEY) and restart`
      : `${fault.message}. Store the secret again`
  return new ServiceError(code, `The token vault cannot be used: ${why}.`, { cause: fault })
}

/** What may be told of an entry. */
export interface VaultedEntry extends Scope {
  id: string
  /** Fingerprint of the master key that it is sealed under. */
  masterKeyId: string
}

export async function vaultedEntries(reader: Reader): Promise<VaultedEntry[]> {
  const rows = await reader.all(vaultEntries)
  return rows.map(({ account, region, id, document: { sealed } }) => ({ account, region, id, masterKeyId: String(sealed).split('.')[1] ?? '' }))
}
