// Which key of a customer's seals the token vault of an account and Region, and which entries are of that vault.
import type { Scope } from '#kernel/scope.js'
import { collection, type Reader } from '#ports/store.js'

interface CustomerKeyDocument {
  /** Absent: the master key. */
  kmsKeyArn?: string
  /** There may be entries under earlier keys yet: a start goes on with them. */
  isUnfinished: boolean
}

export const customerKeyRecords = collection<CustomerKeyDocument>('vault-customer-keys')
export const recordId = 'default'

/** `undefined`: the token vault is under the platform's master key. */
export async function customerKeyOf(reader: Reader, scope: Scope): Promise<string | undefined> {
  return (await reader.get(customerKeyRecords, scope, recordId))?.kmsKeyArn
}

/** The key that seals a new entry. */
export async function customerKeyFor(reader: Reader, scope: Scope, id: string): Promise<string | undefined> {
  return isOfTokenVault(id) ? customerKeyOf(reader, scope) : undefined
}

/** Secrets of Secrets Manager have keys of their own on AWS, but for those that a service keeps there: only their names have a "!". */
export function isOfTokenVault(id: string): boolean {
  return !id.startsWith('secret/') || id.includes('!')
}
