// The entries of the token vault: every secret that the platform keeps for somebody. All of them lie in one collection, so that
// a new master key reaches each one, and a customer's key each of its token vault.
import { PortError, ServiceError } from '#kernel/errors.js'
import type { Scope } from '#kernel/scope.js'
import { collection, type Reader, type Transaction } from '#ports/store.js'
import type { VaultSealer } from '#ports/vault-sealer.js'
import { customerKeyFor } from './customer-key-record.js'

export interface VaultEntry {
  sealed: string
  /** The customer's key that it is sealed under; absent, it is the master key. */
  kmsKeyArn?: string
}

export const vaultEntries = collection<VaultEntry>('vault-entries')

/** The seal is bound to its place: an entry that was moved to another id, account or Region does not open. */
export const purposeOf = ({ account, region }: Scope, id: string) => `vault ${account}/${region}/${id}`

export const vaultEntry = (sealed: string, kmsKeyArn: string | undefined): VaultEntry =>
  kmsKeyArn === undefined ? { sealed } : { sealed, kmsKeyArn }

/** Throws an EncryptionFailure when the vault has no master key, or its customer's key is not here. */
export async function putEntry(tx: Transaction, sealer: VaultSealer, scope: Scope, id: string, secret: string): Promise<void> {
  const kmsKeyArn = await customerKeyFor(tx, scope, id)
  await tx.put(vaultEntries, scope, id, vaultEntry(sealed(sealer, secret, purposeOf(scope, id), kmsKeyArn), kmsKeyArn))
}

/** `undefined` when there is none. Throws a DecryptionFailure, which says which key is missing. */
export async function readEntry(reader: Reader, sealer: VaultSealer, scope: Scope, id: string): Promise<string | undefined> {
  try {
    const entry = await reader.get(vaultEntries, scope, id)
    return entry && sealer.open(entry.sealed, purposeOf(scope, id), entry.kmsKeyArn)
  } catch (fault) {
    throw translated('DecryptionFailure', fault)
  }
}

export async function dropEntry(tx: Transaction, scope: Scope, id: string): Promise<boolean> {
  return tx.delete(vaultEntries, scope, id)
}

function sealed(sealer: VaultSealer, secret: string, purpose: string, kmsKeyArn: string | undefined): string {
  try {
    return sealer.seal(secret, purpose, kmsKeyArn)
  } catch (fault) {
    throw translated('EncryptionFailure', fault)
  }
}

/** Of the vault's own faults alone: a store that is closed is no damaged entry. */
export function isVaultFault(fault: unknown): fault is PortError {
  return fault instanceof PortError && (fault.port === 'sealer' || fault.port === 'kms-keys' || fault.code === 'damaged')
}

function translated(code: 'EncryptionFailure' | 'DecryptionFailure', fault: unknown): unknown {
  if (!isVaultFault(fault)) return fault
  return new ServiceError(code, `The token vault cannot be used: ${fault.message}${cureOf(fault)}.`, { cause: fault })
}

function cureOf({ port, code }: PortError): string {
  // What is wrong with a customer's key says itself what to write where.
  if (port === 'kms-keys') return ''
  return code === 'no-master-key'
    ? '. Restore the master key (the file master-key in the data folder, or AGENTWORKS_MASTER_KEY) and restart'
    : '. Store the secret again'
}

/** What may be told of an entry. */
export interface VaultedEntry extends Scope {
  id: string
  /** Fingerprint of the master key that it is sealed under; absent under a customer's. */
  masterKeyId?: string
  kmsKeyArn?: string
}

export async function vaultedEntries(reader: Reader): Promise<VaultedEntry[]> {
  const rows = await reader.all(vaultEntries)
  return rows.map(({ account, region, id, document: { sealed, kmsKeyArn } }) => ({
    account,
    region,
    id,
    ...(kmsKeyArn === undefined ? { masterKeyId: String(sealed).split('.')[1] ?? '' } : { kmsKeyArn }),
  }))
}
