// The vault as its owner sees it: under which key, and what lies in it, never what that is.
import { invalid } from '#kernel/errors.js'
import type { VaultEntryView } from '#services/identity/index.js'
import type { Rotation, VaultKey } from '#services/vault/index.js'

export interface VaultAdmin {
  describe(): Promise<VaultKey>
  entries(limit: number): Promise<{ entries: VaultEntryView[]; total: number }>
  rotate(forgetUnreadable: boolean): Promise<Rotation>
}

const mostEntries = 10_000

export async function vaultPage(vault: VaultAdmin, search: URLSearchParams): Promise<object> {
  const limit = Number(search.get('limit') ?? 200)
  if (!Number.isInteger(limit) || limit < 1 || limit > mostEntries) throw invalid('limit', `must be a whole number from 1 to ${mostEntries}`)
  return { masterKey: await vault.describe(), ...(await vault.entries(limit)) }
}
